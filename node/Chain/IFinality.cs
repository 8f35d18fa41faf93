using Dash.Node.Consensus;
using Dash.Primitives.Transactions;

namespace Dash.Node.Chain;

/// <summary>What quorums have promised: asked by those who tell others. Any thread.</summary>
internal interface IFinality
{
    /// <summary>The highest block with a ChainLock; null if there is none.</summary>
    public BlockNode? ChainLocked { get; }

    /// <summary>InstantSend has locked the transaction.</summary>
    public bool IsLocked(Txid txid);
}
