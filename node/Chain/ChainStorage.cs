using System.Diagnostics;
using System.Security.Cryptography;
using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Networks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Chain;

/// <summary>
/// What of the chain is on disk: block files, the index of blocks, the coins; opened in the order in which they rely on
/// each other. Belongs to the validation loop, but for reading blocks.
/// </summary>
internal sealed class ChainStorage : IDisposable
{
    private const string PrunedFlag = "prunedblockfiles";

    private readonly ChainstateOptions _options;
    private readonly BlockIndex _index;
    private readonly BlockHash _genesis;
    private readonly ILogger _log;
    private CoinStore? _coins;
    private EvoStore? _evo;
    private bool _hasPruned;

    /// <summary>Opens files and index, and loads the index; the coins follow with <see cref="OpenCoins"/>.</summary>
    /// <exception cref="StorageException">They are broken, open elsewhere, or don't fit each other.</exception>
    public ChainStorage(ChainstateOptions options, ChainParams network, BlockIndex index, ILogger log)
    {
        _options = options;
        _index = index;
        _genesis = network.Genesis.Header.Hash;
        Wipe(options);
        _log = log;
        IndexStore = Open(() => new BlockIndexStore(options.IndexDirectory, options.IndexCacheBytes), "Error opening block database");
        try
        {
            if (options.Reindex)
            {
                IndexStore.IsReindexing = true;
            }

            Open(
                () =>
                {
                    index.Load(IndexStore.ReadBlocks());
                    return true;
                },
                "Error loading block database",
                isAnyFailure: true);
            Files = new BlockFiles(
                options.BlocksDirectory, network.Magic.Span, IndexStore.ReadFiles(), options.FileLimits);
            _hasPruned = IndexStore.GetFlag(PrunedFlag) ?? false;
            PrepareFiles(log);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The index of blocks.</summary>
    public BlockIndexStore IndexStore { get; }

    /// <summary>Block and undo files.</summary>
    public BlockFiles Files { get; }

    /// <summary>The coins.</summary>
    public CoinStore Coins => _coins ?? throw new InvalidOperationException("The coins are not open yet.");

    /// <summary>Whether block files were ever deleted to save space.</summary>
    public bool HasPruned
    {
        get => _hasPruned;
        set
        {
            if (value != _hasPruned)
            {
                IndexStore.SetFlag(PrunedFlag, value);
                _hasPruned = value;
            }
        }
    }

    /// <summary>Opens the coins.</summary>
    /// <exception cref="StorageException">They are broken or open elsewhere.</exception>
    public void OpenCoins() => _coins = Open(
        () => new CoinStore(Path.Combine(_options.Directory, "chainstate"), _options.CoinStoreCacheBytes, _options.CoinBatchBytes)
        {
            AfterPartialWrite = CrashForTests(_options.CrashRatio),
        },
        "Error opening block database");

    /// <summary>Opens what is kept about masternodes and quorums.</summary>
    /// <exception cref="StorageException">It is broken or open elsewhere.</exception>
    public EvoStore OpenEvo()
    {
        // dashd's directory for what quorums make; who clears a chain by hand expects it beside the others.
        System.IO.Directory.CreateDirectory(Path.Combine(_options.Directory, "llmq"));
        return _evo = EvoStore.Open(
            Path.Combine(_options.Directory, "evodb", "states"), _options.Reindex || _options.ReindexChainstate);
    }

    /// <summary>Stores what changed in the index: a block's bytes first, then the entry that points at them.</summary>
    /// <param name="isDurable">Return only when it would survive a power cut.</param>
    public void StoreIndex(bool isDurable)
    {
        if (isDurable)
        {
            Files.Sync();
        }

        var nodes = _index.TakeChanges();
        var files = Files.TakeChanges();
        if (isDurable || nodes.Count > 0 || files.Count > 0)
        {
            IndexStore.Write(nodes, files, Files.LastFile, isDurable ? Files.End : null);
        }
    }

    /// <summary>Closes everything without writing anything more.</summary>
    public void Dispose()
    {
        _coins?.Dispose();
        _evo?.Dispose();
        Files?.Dispose();
        IndexStore.Dispose();
    }

    private static void Wipe(ChainstateOptions options)
    {
        if (options.Reindex)
        {
            KeyValueStore.Destroy(options.IndexDirectory);
        }

        if (options.Reindex || options.ReindexChainstate)
        {
            KeyValueStore.Destroy(Path.Combine(options.Directory, "chainstate"));
        }
    }

    /// <summary>Reads what the start needs of the databases.</summary>
    /// <exception cref="StorageException">They are broken.</exception>
    public T Read<T>(Func<T> read) => Open(read, "Error opening block database");

    // What the database says is for the log; dashd tells its user which part it was.
    private T Open<T>(Func<T> open, string failure, bool isAnyFailure = false)
    {
        try
        {
            return open();
        }
        catch (StorageException e) when (e.IsDatabase || isAnyFailure)
        {
            Log.StorageFailed(_log, e.Message);
            throw new StorageException(failure, e);
        }
    }

    /// <summary>Takes blocks that a power cut took from the files for what they are. After the coins are open, before anybody reads a block.</summary>
    /// <exception cref="StorageException">A file is missing that the coins rely on.</exception>
    public void ForgetLost(BlockArchive archive)
    {
        List<BlockHash> tips = [Coins.BestBlock.IsNull ? _genesis : Coins.BestBlock];
        if (Coins.Heads is var (to, from))
        {
            tips.AddRange([to, from]);
        }

        new LostBlocks(_index, Files, archive, _log).Forget(
            IndexStore.ReadDurable(), [.. tips.Select(_index.Find).OfType<BlockNode>()]);
        RequireFiles(_index.Nodes.Where(node => node.HasData && node.File >= Files.LastFile));
    }

    private void RequireFiles(IEnumerable<BlockNode> nodes)
    {
        foreach (var file in nodes.Select(static node => node.File).Distinct())
        {
            if (!Files.HasFile(file))
            {
                Log.StorageFailed(_log, $"Block file {Files.PathOf(file)} is missing");
                throw new StorageException("Error loading block database");
            }
        }
    }

    private static Action? CrashForTests(int ratio) => ratio <= 0 ? null : () =>
    {
        if (RandomNumberGenerator.GetInt32(ratio) == 0)
        {
            Process.GetCurrentProcess().Kill();
        }
    };

    private void PrepareFiles(ILogger log)
    {
        if (_options.Reindex && _options.PruneTarget is not null)
        {
            Log.RemovingUnusable(log);
            Files.DeleteUnusable();
        }

        if (_hasPruned && _options.PruneTarget is null)
        {
            throw new StorageException(
                "You need to rebuild the database using -reindex to go back to unpruned mode.  "
                + "This will redownload the entire blockchain");
        }

        Log.CheckingFiles(log);

        // The last one may be missing after a power cut: see LostBlocks.
        RequireFiles(_index.Nodes.Where(node => node.HasData && node.File < Files.LastFile));

        // Files that were to be deleted when the node was killed.
        for (var file = 0; _hasPruned && file < Files.LastFile; file++)
        {
            if (Files.InfoOf(file).Size == 0)
            {
                Files.Delete(file);
            }
        }
    }
}
