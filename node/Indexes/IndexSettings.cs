namespace Dash.Node.Indexes;

/// <summary>Which indexes are kept.</summary>
internal sealed record IndexSettings
{
    /// <summary>None at all.</summary>
    public static IndexSettings None { get; } = new()
    {
        Transactions = false,
        BlockFilters = false,
        CoinStats = false,
        Addresses = new AddressIndexSettings(false, false, false),
    };

    /// <summary>Where transactions lie.</summary>
    public required bool Transactions { get; init; }

    /// <summary>Filters of blocks.</summary>
    public required bool BlockFilters { get; init; }

    /// <summary>Sums of coins.</summary>
    public required bool CoinStats { get; init; }

    /// <summary>Those in the database of the block index.</summary>
    public required AddressIndexSettings Addresses { get; init; }

    /// <summary>Memory the databases get of what is left of <c>-dbcache</c>, bytes.</summary>
    public long CacheOf(long left) => TransactionCache(left) + FilterCache(left - TransactionCache(left));

    /// <summary>What the index of transactions gets.</summary>
    public long TransactionCache(long left) => Transactions ? Math.Min(left / 8, 1024L << 20) : 0;

    /// <summary>What the index of filters gets.</summary>
    public long FilterCache(long left) => BlockFilters ? Math.Min(left / 8, 1024L << 20) : 0;
}
