using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Mempool;

/// <summary>The mempool at one moment. Immutable, for any thread.</summary>
/// <param name="Sequence">Number of the newest event it contains.</param>
/// <param name="Graph">The transactions; not to be changed.</param>
/// <param name="Size">Sum of the transactions' sizes for fees, bytes.</param>
/// <param name="Fees">Sum of their fees.</param>
/// <param name="MemoryUsage">Memory they take, estimated, in bytes.</param>
/// <param name="MinFee">Least fee rate to get in at this moment.</param>
/// <param name="Unbroadcast">Transactions of ours that no peer has asked for yet.</param>
internal sealed record MempoolView(
    ulong Sequence,
    MempoolGraph Graph,
    long Size,
    Amount Fees,
    long MemoryUsage,
    FeeRate MinFee,
    IReadOnlySet<Txid> Unbroadcast)
{
    /// <summary>Transactions.</summary>
    public int Count => Graph.Count;

    /// <summary>Transactions in an order in which each comes after those it spends.</summary>
    public IEnumerable<MempoolEntry> ParentsFirst => Graph.ParentsFirst(Graph.Entries);
}
