using Dash.Ipc.Interfaces;

namespace Dash.WalletServer.NodeLink;

/// <summary>Finds blocks by their times, asking the node for a few headers.</summary>
internal static class BlockTimes
{
    // Core: nMedianTimeSpan.
    private const int MedianSpan = 11;

    extension(IChainFeed feed)
    {
        /// <summary>
        /// A height at most one median's span below the first block that is as old as <paramref name="time"/>, seconds since
        /// 1970: all below it are older.
        /// </summary>
        public async Task<int> HeightBeforeAsync(long time, int tipHeight, CancellationToken ct)
        {
            // The median time never falls from block to block, and a block's own time is above the median of those before
            // it. So whatever is that old lies at most the eleven blocks of a median before the first median that old.
            var (low, high) = (0, tipHeight + 1);
            while (low < high)
            {
                var middle = low + ((high - low) / 2);
                var header = await feed.HeaderAtAsync(middle, ct).ConfigureAwait(false);
                if (header is null || header.MedianTime >= time)
                {
                    high = middle;
                }
                else
                {
                    low = middle + 1;
                }
            }

            return Math.Max(low - MedianSpan - 1, 0);
        }

        /// <summary>Height of the first block whose time is at least <paramref name="time"/>; null if none is.</summary>
        public async Task<int?> FirstHeightAsync(long time, int tipHeight, CancellationToken ct)
        {
            for (var height = await feed.HeightBeforeAsync(time, tipHeight, ct).ConfigureAwait(false); height <= tipHeight; height++)
            {
                if (await feed.HeaderAtAsync(height, ct).ConfigureAwait(false) is not { } header)
                {
                    return null;
                }

                if (header.Time >= time)
                {
                    return height;
                }
            }

            return null;
        }

        private async ValueTask<HeaderInfo?> HeaderAtAsync(int height, CancellationToken ct) =>
            await feed.GetBlockHashAsync(height, ct).ConfigureAwait(false) is { } hash
                ? await feed.GetBlockHeaderInfoAsync(hash, ct).ConfigureAwait(false)
                : null;
    }
}
