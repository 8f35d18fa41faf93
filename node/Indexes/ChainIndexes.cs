using Dash.Node.Chain;
using Dash.Node.Storage;
using Dash.Primitives.Evo;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Indexes;

/// <summary>The indexes a node keeps; null for those it doesn't.</summary>
internal sealed class ChainIndexes : IDisposable
{
    private const int SmallCache = 2 << 20;

    /// <summary>Opens what is wanted, anew when the chain is built anew.</summary>
    /// <param name="settings">What is wanted.</param>
    /// <param name="addresses">Those in the database of the block index.</param>
    /// <param name="directory">The network's data directory.</param>
    /// <param name="options">How the chain was opened.</param>
    /// <param name="chainstate">The chain. Its loop does not run yet.</param>
    /// <param name="log">Where progress is told.</param>
    /// <exception cref="StorageException">One cannot be opened, or does not fit the chain.</exception>
    public ChainIndexes(
        IndexSettings settings,
        AddressIndexes addresses,
        string directory,
        ChainstateOptions options,
        Chainstate chainstate,
        ILogger log)
    {
        Addresses = addresses;
        if (!settings.Addresses.IsNone)
        {
            chainstate.AddFollower(Addresses);
        }

        var root = Path.Combine(directory, "indexes");
        try
        {
            var cache = options.CoinsCacheBytes;
            if (settings.Transactions)
            {
                var path = Prepare(Path.Combine(root, "txindex"), options);
                var store = KeyValueStore.Open(path, CacheSize(settings.TransactionCache(cache)));
                Transactions = new TransactionIndex(store, chainstate, log);
            }

            if (settings.BlockFilters)
            {
                var path = Path.Combine(root, "blockfilter", BlockFilter.BasicName);
                Directory.CreateDirectory(path);
                var store = BlockFilterIndex.OpenStore(
                    Prepare(Path.Combine(path, "db"), options), CacheSize(settings.FilterCache(cache)));
                BlockFilters = new BlockFilterIndex(store, new FilterFiles(path), chainstate, log);
            }

            if (settings.CoinStats)
            {
                var path = Prepare(Path.Combine(root, "coinstats", "db"), options);
                CoinStats = new CoinStatsIndex(KeyValueStore.Open(path, SmallCache), chainstate, log);
            }

            Transactions?.Open();
            BlockFilters?.Open();
            CoinStats?.Open();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where transactions lie.</summary>
    public TransactionIndex? Transactions { get; }

    /// <summary>Filters of blocks.</summary>
    public BlockFilterIndex? BlockFilters { get; }

    /// <summary>Sums of coins.</summary>
    public CoinStatsIndex? CoinStats { get; }

    /// <summary>Those in the database of the block index; its settings say which are kept.</summary>
    public AddressIndexes Addresses { get; }

    /// <summary>Those that run beside the node, in the order <c>getindexinfo</c> tells them.</summary>
    public IEnumerable<ChainIndex> Running => new ChainIndex?[] { Transactions, CoinStats, BlockFilters }.OfType<ChainIndex>();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var index in Running)
        {
            index.Dispose();
        }
    }

    private static int CacheSize(long bytes) => (int)Math.Clamp(bytes, SmallCache, int.MaxValue);

    private static string Prepare(string path, ChainstateOptions options)
    {
        Directory.CreateDirectory(path);
        if (options.Reindex)
        {
            KeyValueStore.Destroy(path);
        }

        return path;
    }
}
