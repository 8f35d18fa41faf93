using Dash.Node.Storage;

namespace Dash.Node.Chain;

/// <summary>Where the chain is stored, how it is opened and how much memory it may take.</summary>
/// <param name="Directory">The network's data directory: holds <c>blocks</c> and <c>chainstate</c>.</param>
internal sealed record ChainstateOptions(string Directory)
{
    /// <summary>Where block and undo files are.</summary>
    public string BlocksDirectory { get; init; } = Path.Combine(Directory, "blocks");

    /// <summary>Where the index of blocks is, wherever the files are.</summary>
    public string IndexDirectory => Path.Combine(Directory, "blocks", "index");

    /// <summary>Memory for the database of the block index, bytes.</summary>
    public int IndexCacheBytes { get; init; } = 2 << 20;

    /// <summary>Memory for the database of coins, bytes.</summary>
    public int CoinStoreCacheBytes { get; init; } = 8 << 20;

    /// <summary>Memory for coins before they are written, bytes.</summary>
    public long CoinsCacheBytes { get; init; } = 290L << 20;

    /// <summary>Size from which a batch of coins is written, bytes.</summary>
    public int CoinBatchBytes { get; init; } = 16 << 20;

    /// <summary>Seconds after which changed coins are written even if memory is left.</summary>
    public int FlushIntervalSeconds { get; init; } = 60 * 60;

    /// <summary>
    /// Threads that check scripts of a block (<c>-par</c>); 1 checks them one by one and names the one that failed.
    /// </summary>
    public int ScriptThreads { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 15);

    /// <summary>Memory for signatures and scripts that passed, bytes.</summary>
    public long SignatureCacheBytes { get; init; } = 32L << 20;

    /// <summary>How old the tip may be before the node says it is still downloading, seconds.</summary>
    public int MaxTipAge { get; init; } = 6 * 60 * 60;

    /// <summary>Build the index of blocks anew from the files, and with it everything else.</summary>
    public bool Reindex { get; init; }

    /// <summary>Build the coins anew from the blocks of the index.</summary>
    public bool ReindexChainstate { get; init; }

    /// <summary>
    /// Connect what is stored and better than the tip while opening; otherwise <see cref="BlockImporter"/> does it later.
    /// </summary>
    public bool ConnectAtOpen { get; init; } = true;

    /// <summary>Sizes of block files.</summary>
    public BlockFileLimits FileLimits { get; init; } = BlockFileLimits.Normal;

    /// <summary>
    /// Bytes to which block and undo files are held; <see cref="ChainPruning.Manual"/> to delete only when asked to;
    /// null to keep everything.
    /// </summary>
    public long? PruneTarget { get; init; }

    /// <summary>Blocks that are checked again when the chain is opened; 0 for all.</summary>
    public int CheckBlocks { get; init; } = 6;

    /// <summary>How thoroughly: 0 to 4, see <see cref="ChainVerification"/>.</summary>
    public int CheckLevel { get; init; } = 3;

    /// <summary>Check the whole index of blocks after each block.</summary>
    public bool CheckBlockIndex { get; init; }

    /// <summary>Height at which the node ends; 0 for none.</summary>
    public int StopAtHeight { get; init; }

    /// <summary>One in so many partial writes of coins ends the process, to test that it survives; 0 for never.</summary>
    public int CrashRatio { get; init; }
}
