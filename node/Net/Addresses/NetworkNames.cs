namespace Dash.Node.Net.Addresses;

/// <summary>How networks are called in options and results.</summary>
internal static class NetworkNames
{
    /// <summary>The networks of peers, in the order in which results list them.</summary>
    public static readonly IReadOnlyList<NetworkKind> Reachable =
        [NetworkKind.Ipv4, NetworkKind.Ipv6, NetworkKind.Onion, NetworkKind.I2p, NetworkKind.Cjdns];

    /// <summary>The name of a network.</summary>
    public static string Of(NetworkKind network) => network switch
    {
        NetworkKind.Ipv4 => "ipv4",
        NetworkKind.Ipv6 => "ipv6",
        NetworkKind.Onion => "onion",
        NetworkKind.I2p => "i2p",
        NetworkKind.Cjdns => "cjdns",
        NetworkKind.Internal => "internal",
        _ => "not_publicly_routable",
    };

    /// <summary>The network of a name, in any case; <see cref="NetworkKind.Unroutable"/> for anything else.</summary>
    public static NetworkKind Parse(string name)
    {
        foreach (var network in Reachable)
        {
            if (string.Equals(Of(network), name, StringComparison.OrdinalIgnoreCase))
            {
                return network;
            }
        }

        return string.Equals(name, "tor", StringComparison.OrdinalIgnoreCase) ? NetworkKind.Onion : NetworkKind.Unroutable;
    }
}
