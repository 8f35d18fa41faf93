using System.Buffers.Binary;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;

namespace Dash.Node.Net.Addresses;

/// <summary>
/// Puts addresses into groups that are likely to have one owner: the autonomous system if there is a map of them, else
/// the /16 of IPv4 and the like. Outgoing connections and buckets of addresses are spread over groups.
/// </summary>
internal sealed class NetGroups(Asmap? map)
{
    /// <summary>Identifies the map, so that buckets made with another are made anew; zero without a map.</summary>
    public Uint256 MapChecksum { get; } = Checksum(map);

    /// <summary>The autonomous system of an address; 0 if it is not known.</summary>
    public uint MappedAs(NetAddress address)
    {
        if (map is null || address.Class is not (NetworkKind.Ipv4 or NetworkKind.Ipv6))
        {
            return 0;
        }

        if (address.LinkedIpv4 is not { } linked)
        {
            return map.Find(address.Bytes);
        }

        Span<byte> bytes = stackalloc byte[NetAddress.LegacySize];
        AddressPrefix.Ipv4.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[12..], linked);
        return map.Find(bytes);
    }

    /// <summary>The group as bytes that two addresses of one group share.</summary>
    public byte[] Of(NetAddress address)
    {
        if (MappedAs(address) is > 0 and var system)
        {
            var group = new byte[5];
            group[0] = (byte)NetworkKind.Ipv6; // one group for both versions of IP
            BinaryPrimitives.WriteUInt32LittleEndian(group.AsSpan(1), system);
            return group;
        }

        var kind = (byte)address.Class;
        if (address.Family == NetworkKind.Internal)
        {
            return [kind, .. address.Bytes];
        }

        if (address.IsLocal || !address.IsRoutable)
        {
            return [kind];
        }

        if (address.LinkedIpv4 is { } ipv4)
        {
            return [kind, (byte)(ipv4 >> 24), (byte)(ipv4 >> 16)];
        }

        return address.Family switch
        {
            NetworkKind.Onion or NetworkKind.I2p => FirstBits(kind, address, 4),
            NetworkKind.Cjdns => FirstBits(kind, address, 12), // the first eight are always the same
            _ => FirstBits(kind, address, address.IsHurricane ? 36 : 32),
        };
    }

    private static byte[] FirstBits(byte kind, NetAddress address, int bits)
    {
        var whole = bits / 8;
        var rest = bits % 8;
        return rest == 0
            ? [kind, .. address.Bytes[..whole]]
            : [kind, .. address.Bytes[..whole], (byte)(address.Bytes[whole] | ((1 << (8 - rest)) - 1))];
    }

    // Over a count of bits, then a byte for each.
    private static Uint256 Checksum(Asmap? map)
    {
        if (map is null)
        {
            return Uint256.Zero;
        }

        ByteWriter writer = new(map.Bits.Length + 8);
        writer.WriteCompactSize((ulong)map.Bits.Length);
        foreach (var bit in map.Bits)
        {
            writer.WriteBool(bit);
        }

        return Hashes.Sha256d(writer.WrittenSpan);
    }
}
