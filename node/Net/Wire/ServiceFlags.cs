namespace Dash.Node.Net.Wire;

/// <summary>What a node offers, as bits of its version message.</summary>
[Flags]
internal enum ServiceFlags : ulong
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>All blocks.</summary>
    Network = 1,

    /// <summary>Bloom filters.</summary>
    Bloom = 1 << 2,

    /// <summary>Filters of blocks, BIP157.</summary>
    CompactFilters = 1 << 6,

    /// <summary>The last 288 blocks.</summary>
    NetworkLimited = 1 << 10,

    /// <summary>Compressed headers, DIP25.</summary>
    HeadersCompressed = 1 << 11,

    /// <summary>Encrypted connections, BIP324.</summary>
    P2pV2 = 1 << 12,
}
