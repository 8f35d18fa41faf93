namespace Dash.Node.Net.Peers;

/// <summary>Connection types as results and logs have them.</summary>
internal static class ConnectionTypeNames
{
    /// <summary>The name.</summary>
    public static string Of(ConnectionType type) => type switch
    {
        ConnectionType.Inbound => "inbound",
        ConnectionType.Manual => "manual",
        ConnectionType.Feeler => "feeler",
        ConnectionType.OutboundFullRelay => "outbound-full-relay",
        ConnectionType.BlockRelay => "block-relay-only",
        _ => "addr-fetch",
    };
}
