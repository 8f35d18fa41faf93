namespace Dash.Node.Net.Addresses;

/// <summary>The network an address belongs to. The numbers enter the buckets of peers.dat and the groups of peers.</summary>
internal enum NetworkKind : byte
{
    /// <summary>Nothing that can be reached from everywhere.</summary>
    Unroutable = 0,

    /// <summary>IPv4.</summary>
    Ipv4 = 1,

    /// <summary>IPv6.</summary>
    Ipv6 = 2,

    /// <summary>An onion service, version 3.</summary>
    Onion = 3,

    /// <summary>A destination of I2P.</summary>
    I2p = 4,

    /// <summary>CJDNS, an encrypted mesh with IPv6 addresses in fc00::/8.</summary>
    Cjdns = 5,

    /// <summary>Not an address: the name of a seed, so that it can be a source of addresses.</summary>
    Internal = 6,
}
