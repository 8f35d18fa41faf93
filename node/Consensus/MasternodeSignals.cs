using System.Collections.Immutable;
using Dash.Primitives.Networks;

namespace Dash.Node.Consensus;

/// <summary>
/// Blocks in which masternodes signalled a rule (DIP23), on whatever branch. Safe to use from any thread.
/// </summary>
internal sealed class MasternodeSignals(ChainParams network)
{
    private ImmutableArray<(byte Bit, BlockNode Node)> _signals = [];

    /// <summary>A block holds a signal.</summary>
    public void Add(byte bit, BlockNode node) => ImmutableInterlocked.Update(
        ref _signals, static (known, one) => known.Contains(one) ? known : known.Add(one), (bit, node));

    /// <summary>Height of the block up to <paramref name="previous"/> that holds the signal; null for none that counts.</summary>
    public int? HeightOf(BlockNode? previous, int bit)
    {
        if (previous is null || previous.Height + 1 < network.Heights.V20)
        {
            return null;
        }

        foreach (var (signalled, node) in _signals)
        {
            if (signalled == bit && previous.Ancestor(node.Height) == node && !IsExpired(signalled, node))
            {
                return node.Height;
            }
        }

        return null;
    }

    /// <summary>Whether a signal is for an earlier rule of the same bit.</summary>
    public bool IsExpired(byte bit, BlockNode node)
    {
        foreach (var deployment in network.Deployments)
        {
            if (deployment.Bit == bit && node.MedianTimePast < deployment.StartTime)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a rule of that bit may be signalled at a time (Core: IsValidMNActivation).</summary>
    public bool MaySignal(int bit, long medianTime)
    {
        foreach (var deployment in network.Deployments)
        {
            if (deployment.Bit == bit && medianTime >= deployment.StartTime && medianTime <= deployment.Timeout)
            {
                return deployment.UsesMasternodeSignal;
            }
        }

        return true;
    }
}
