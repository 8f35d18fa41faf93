using Dash.Primitives.Units;

namespace Dash.Node.Mempool;

/// <summary>How full the mempool is. Immutable, for any thread; costs nothing to make.</summary>
/// <param name="Count">Transactions.</param>
/// <param name="Size">Sum of their sizes for fees, bytes.</param>
/// <param name="Fees">Sum of their fees.</param>
/// <param name="MemoryUsage">Memory they take, estimated, in bytes.</param>
/// <param name="MinFee">Least fee rate to get in at this moment.</param>
/// <param name="UnbroadcastCount">Transactions of ours that no peer has asked for yet.</param>
internal sealed record MempoolSummary(
    int Count, long Size, Amount Fees, long MemoryUsage, FeeRate MinFee, int UnbroadcastCount);
