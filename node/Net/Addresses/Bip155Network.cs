using System.Diagnostics;

namespace Dash.Node.Net.Addresses;

/// <summary>The numbers of networks in BIP155.</summary>
/// <param name="Family">The network.</param>
/// <param name="Name">How errors call it.</param>
/// <param name="Size">Bytes of an address.</param>
internal readonly record struct Bip155Network(NetworkKind Family, string Name, int Size)
{
    /// <summary>The number of IPv6.</summary>
    public const byte Ipv6 = 2;

    private const byte Ipv4 = 1;
    private const byte OnionV3 = 4;
    private const byte I2p = 5;
    private const byte Cjdns = 6;

    /// <summary>The number of a network.</summary>
    public static byte Of(NetworkKind family) => family switch
    {
        NetworkKind.Ipv4 => Ipv4,
        NetworkKind.Ipv6 => Ipv6,
        NetworkKind.Onion => OnionV3,
        NetworkKind.I2p => I2p,
        NetworkKind.Cjdns => Cjdns,
        _ => throw new UnreachableException(),
    };

    /// <summary>The network of a number; null if it is not known.</summary>
    public static Bip155Network? Find(byte id) => id switch
    {
        Ipv4 => new(NetworkKind.Ipv4, "IPv4", 4),
        Ipv6 => new(NetworkKind.Ipv6, "IPv6", 16),
        OnionV3 => new(NetworkKind.Onion, "TORv3", 32),
        I2p => new(NetworkKind.I2p, "I2P", 32),
        Cjdns => new(NetworkKind.Cjdns, "CJDNS", 16),
        _ => null,
    };
}
