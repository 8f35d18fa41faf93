namespace Dash.Primitives.Evo;

/// <summary>Networks addresses are of; the numbers are BIP155's.</summary>
public enum ServiceNetwork : byte
{
    /// <summary>4 bytes.</summary>
    IPv4 = 1,

    /// <summary>16 bytes.</summary>
    IPv6 = 2,

    /// <summary>32 bytes, a public key.</summary>
    TorV3 = 4,

    /// <summary>32 bytes, a hash.</summary>
    I2p = 5,

    /// <summary>16 bytes, beginning with fc.</summary>
    Cjdns = 6,
}
