namespace Dash.Node.Net.Addresses;

/// <summary>First bytes by which an IPv6 address stands for one of another kind.</summary>
internal static class AddressPrefix
{
    /// <summary>::ffff:0:0/96, an IPv4 address.</summary>
    public static ReadOnlySpan<byte> Ipv4 => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

    /// <summary>fd87:d87e:eb43::/48, an onion service of version 2; there are none any more.</summary>
    public static ReadOnlySpan<byte> OnionV2 => [0xfd, 0x87, 0xd8, 0x7e, 0xeb, 0x43];

    /// <summary>fd6b:88c0:8724::/48, a name.</summary>
    public static ReadOnlySpan<byte> Internal => [0xfd, 0x6b, 0x88, 0xc0, 0x87, 0x24];
}
