using Dash.Primitives.Transactions;

namespace Dash.Node.Mempool;

/// <summary>The mempool at one moment. Immutable, for any thread.</summary>
/// <param name="Sequence">Number of the newest event of chain and mempool it contains.</param>
/// <param name="NextChange">Number that the next change of the mempool alone will get.</param>
/// <param name="Graph">The transactions; not to be changed.</param>
/// <param name="Summary">Their sums.</param>
/// <param name="Unbroadcast">Transactions of ours that no peer has asked for yet.</param>
internal sealed record MempoolView(
    ulong Sequence, ulong NextChange, MempoolGraph Graph, MempoolSummary Summary, IReadOnlySet<Txid> Unbroadcast)
{
    /// <summary>Transactions.</summary>
    public int Count => Graph.Count;

    /// <summary>
    /// Transactions in an order in which each comes after those it spends, the better paying first among equals.
    /// </summary>
    public IEnumerable<MempoolEntry> ParentsFirst => Graph.ParentsFirst(Graph.Entries);
}
