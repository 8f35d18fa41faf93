using System.Numerics;
using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Primitives.Networks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Chain;

/// <summary>
/// Which blocks need no script checks, because a later block that the user trusts is on top of them
/// (<c>-assumevalid</c>). Belongs to the validation loop.
/// </summary>
internal sealed class AssumedValid(ChainParams network, BlockIndex index)
{
    // A chain with less than two weeks of work on top of a block might be made to be trusted.
    private const long MinSecondsOfWork = 14 * 24 * 60 * 60;

    private readonly BigInteger _minimumWork = CompactTarget.ToNumber(network.MinimumChainWork);

    /// <summary>Says in the log whether there are such blocks.</summary>
    public static void Tell(ChainParams network, ILogger log)
    {
        if (network.AssumeValid.IsNull)
        {
            Log.ValidatingAll(log);
        }
        else
        {
            Log.AssumingValid(log, network.AssumeValid);
        }
    }

    /// <summary>Whether scripts of this block are taken as valid.</summary>
    public bool Covers(BlockNode node) =>
        !network.AssumeValid.IsNull
        && index.Find(network.AssumeValid) is { } trusted
        && trusted.Ancestor(node.Height) == node
        && index.BestHeader is { } best
        && best.Ancestor(node.Height) == node
        && best.ChainWork >= _minimumWork
        && SecondsOfWork(node, best) > MinSecondsOfWork;

    // How long the best chain would take, at its present pace, to do the work above the block.
    private BigInteger SecondsOfWork(BlockNode node, BlockNode best) =>
        (best.ChainWork - node.ChainWork) * network.TargetSpacing / CompactTarget.Work(best.Header.Bits);
}
