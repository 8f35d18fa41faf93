namespace Dash.Node.Chain;

/// <summary>Where the chain is stored and how much memory it may take.</summary>
/// <param name="Directory">The network's data directory: holds <c>blocks</c> and <c>chainstate</c>.</param>
internal sealed record ChainstateOptions(string Directory)
{
    /// <summary>Where block and undo files are; the index too.</summary>
    public string BlocksDirectory { get; init; } = Path.Combine(Directory, "blocks");

    /// <summary>Memory for the database of the block index, bytes.</summary>
    public int IndexCacheBytes { get; init; } = 2 << 20;

    /// <summary>Memory for the database of coins, bytes.</summary>
    public int CoinStoreCacheBytes { get; init; } = 8 << 20;

    /// <summary>Memory for coins before they are written, bytes.</summary>
    public long CoinsCacheBytes { get; init; } = 290L << 20;

    /// <summary>Seconds after which changed coins are written even if memory is left.</summary>
    public int FlushIntervalSeconds { get; init; } = 60 * 60;

    /// <summary>
    /// Threads that check scripts of a block (<c>-par</c>); 1 checks them one by one and names the one that failed.
    /// </summary>
    public int ScriptThreads { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 15);

    /// <summary>How old the tip may be before the node says it is still downloading, seconds.</summary>
    public int MaxTipAge { get; init; } = 6 * 60 * 60;
}
