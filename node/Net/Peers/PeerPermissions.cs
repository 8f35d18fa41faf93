namespace Dash.Node.Net.Peers;

/// <summary>What a peer may do that others may not.</summary>
[Flags]
internal enum PeerPermissions
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>It may use bloom filters.</summary>
    BloomFilter = 1 << 1,

    /// <summary>Its transactions are taken with -blocksonly.</summary>
    Relay = 1 << 3,

    /// <summary>Its transactions are relayed even when they are known. Implies <see cref="Relay"/>.</summary>
    ForceRelay = (1 << 2) | Relay,

    /// <summary>It is not punished, and gets announcements at once. Implies <see cref="Download"/>.</summary>
    NoBan = (1 << 4) | Download,

    /// <summary>It may ask for the mempool.</summary>
    Mempool = 1 << 5,

    /// <summary>It is served while blocks are still being downloaded, and beyond the upload target.</summary>
    Download = 1 << 6,

    /// <summary>It gets as many addresses as it asks for.</summary>
    Addr = 1 << 7,

    /// <summary>What a permission without a list stands for is still to be filled in.</summary>
    Implicit = 1 << 31,
}
