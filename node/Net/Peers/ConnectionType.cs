namespace Dash.Node.Net.Peers;

/// <summary>Why a connection exists.</summary>
internal enum ConnectionType
{
    /// <summary>The peer connected.</summary>
    Inbound,

    /// <summary>The user asked for it.</summary>
    Manual,

    /// <summary>Short: is the address of a node?</summary>
    Feeler,

    /// <summary>Automatic, for everything.</summary>
    OutboundFullRelay,

    /// <summary>Automatic, for blocks only.</summary>
    BlockRelay,

    /// <summary>Short: asks for addresses.</summary>
    AddrFetch,
}
