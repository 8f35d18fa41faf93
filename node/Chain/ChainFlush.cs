using Dash.Common.Concurrency;
using Dash.Common.Time;
using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Transactions;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Chain;

/// <summary>Writes what a chain's memory holds to disk, in time, and lets the coins be read as they lie there. Loop only.</summary>
/// <param name="options">How much memory may hold, and for how long.</param>
/// <param name="storage">What is written to.</param>
/// <param name="coins">The coins in memory.</param>
/// <param name="clock">For intervals.</param>
/// <param name="log">General lines.</param>
internal sealed class ChainFlush(ChainstateOptions options, ChainStorage storage, CoinsCache coins, Clock clock, ILogger log)
{
    private long _last = clock.GetTimestamp();

    /// <summary>Writes blocks, index and coins to disk, each before what relies on it.</summary>
    /// <exception cref="StorageException">The disk is full, or fails.</exception>
    public void Run() => SpareTime.Hurry(RunNow);

    /// <summary>Does so when memory runs short or it has not been done for long.</summary>
    /// <exception cref="StorageException">The disk is full, or fails.</exception>
    public void RunIfDue()
    {
        var isDue = coins.IsChanged && clock.GetElapsedTime(_last).TotalSeconds > options.FlushIntervalSeconds;
        if (isDue || coins.MemoryUsage > options.CoinsCacheBytes)
        {
            Run();
        }
    }

    /// <summary>Counts and hashes all coins at the tip, after writing them.</summary>
    public CoinStatistics CountCoins(BlockNode tip, CoinHash kind, CancellationToken ct)
    {
        Run();
        return CoinStatistics.Count(storage.Coins, tip, kind, ct);
    }

    /// <summary>
    /// All coins, after writing them, ordered by txid and index: as they are now, whatever happens later. To be read once, by any
    /// thread, before the store is closed.
    /// </summary>
    public IEnumerable<KeyValuePair<OutPoint, Coin>> OpenCoins()
    {
        Run();

        // The store's cursor holds the state of the moment in which it is first moved.
        var all = storage.Coins.ReadAll().GetEnumerator();
        return all.MoveNext() ? Rest(all) : [];

        static IEnumerable<KeyValuePair<OutPoint, Coin>> Rest(IEnumerator<KeyValuePair<OutPoint, Coin>> open)
        {
            using (open)
            {
                do
                {
                    yield return open.Current;
                }
                while (open.MoveNext());
            }
        }
    }

    private void RunNow()
    {
        // About 48 bytes a coin, twice: the database writes it to its log first and to a table later. And as much again.
        const long BytesPerCoin = 48 * 2 * 2;
        DiskSpace.Require(options.BlocksDirectory, 0);
        DiskSpace.Require(options.Directory, BytesPerCoin * coins.ChangedCount);
        storage.StoreIndex(isDurable: true);
        var count = coins.ChangedCount;
        var start = clock.GetTimestamp();
        coins.Flush(options.CoinsCacheBytes);
        _last = clock.GetTimestamp();
        var ms = (long)clock.GetElapsedTime(start).TotalMilliseconds;
        Log.Flushed(log, count, ms);
    }
}
