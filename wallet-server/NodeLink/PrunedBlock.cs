using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.NodeLink;

/// <summary>A block of the node's chain that the node does not store any more.</summary>
/// <param name="Point">Which block.</param>
/// <param name="MaxTime">The latest time in a header up to it, seconds since 1970. Core: nTimeMax.</param>
internal sealed record PrunedBlock(BlockPoint Point, long MaxTime);

/// <summary>Asks the node for blocks that it does not store any more.</summary>
internal static class PrunedBlocks
{
    extension(IChainFeed feed)
    {
        /// <summary>The highest one between two heights, both inclusive; null if the node has all, or is an older one that does not say.</summary>
        public async Task<PrunedBlock?> FindPrunedAsync(int first, int last, CancellationToken ct)
        {
            try
            {
                var (block, maxTime) = await feed.PrunedBlockAsync(first, last, ct).ConfigureAwait(false);
                return block is { } found ? new PrunedBlock(new BlockPoint(found.Hash, found.Height), maxTime) : null;
            }
            catch (IpcException older) when (older.Kind == IpcErrorKind.Unimplemented)
            {
                return null;
            }
        }
    }
}
