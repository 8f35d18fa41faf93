using Dash.Primitives.Encoding;

namespace Dash.Node.Net.Addresses;

/// <summary>
/// Addresses in messages and files: the old form (an IPv6 address that may stand for another) and the one of BIP155.
/// What a reader does not know, or nobody can reach, becomes <see cref="NetAddress.None"/>, so that the rest is read.
/// </summary>
internal static class AddressCodec
{
    // The greatest length of an address of a network that is not known.
    private const int MaxUnknownSize = 512;

    // Files begin each address with a version; the low bits mean nothing, one high bit is BIP155.
    private const uint DiskVersion = 220_000;
    private const uint DiskVersionMask = 0x7ffff;
    private const uint DiskBip155 = 1u << 29;

    /// <summary>Writes an address in the old form.</summary>
    public static void WriteLegacy(ByteWriter writer, NetAddress address)
    {
        Span<byte> bytes = stackalloc byte[NetAddress.LegacySize];
        address.WriteLegacy(bytes);
        writer.WriteBytes(bytes);
    }

    /// <summary>Writes an address and its port in the old form.</summary>
    public static void WriteLegacy(ByteWriter writer, NetEndpoint endpoint)
    {
        WriteLegacy(writer, endpoint.Address);
        writer.WriteUInt16BigEndian(endpoint.Port);
    }

    /// <summary>Reads an address and its port in the old form.</summary>
    public static NetEndpoint ReadLegacy(ref SpanReader reader)
    {
        var address = NetAddress.FromLegacy(reader.ReadBytes(NetAddress.LegacySize));
        return new NetEndpoint(address, reader.ReadUInt16BigEndian());
    }

    /// <summary>Writes an address as BIP155 does. Names go as the IPv6 address that stands for them.</summary>
    public static void WriteV2(ByteWriter writer, NetAddress address)
    {
        if (address.Family == NetworkKind.Internal)
        {
            writer.WriteByte(Bip155Network.Ipv6);
            writer.WriteCompactSize(NetAddress.LegacySize);
            WriteLegacy(writer, address);
            return;
        }

        writer.WriteByte(Bip155Network.Of(address.Family));
        writer.WriteVarBytes(address.Bytes);
    }

    /// <summary>Writes an address and its port as BIP155 does.</summary>
    public static void WriteV2(ByteWriter writer, NetEndpoint endpoint)
    {
        WriteV2(writer, endpoint.Address);
        writer.WriteUInt16BigEndian(endpoint.Port);
    }

    /// <summary>Reads an address as BIP155 has it.</summary>
    /// <exception cref="EncodingException">A known network with an address of the wrong length, or one of more than 512 bytes.</exception>
    public static NetAddress ReadV2(ref SpanReader reader)
    {
        var id = reader.ReadByte();
        var size = reader.ReadCompactSize();
        if (size > MaxUnknownSize)
        {
            throw new EncodingException($"Address too long: {size} > {MaxUnknownSize}");
        }

        var known = Bip155Network.Find(id);
        if (known is { } network && network.Size != size)
        {
            throw new EncodingException($"BIP155 {network.Name} address with length {size} (should be {network.Size})");
        }

        var bytes = reader.ReadBytes(size);
        if (known is null)
        {
            return NetAddress.None;
        }

        if (known.Value.Family != NetworkKind.Ipv6)
        {
            return NetAddress.Of(known.Value.Family, bytes);
        }

        // Only a name may be told so: IPv4 and onion addresses have their own forms here.
        var isSmuggled = bytes.StartsWith(AddressPrefix.Ipv4) || bytes.StartsWith(AddressPrefix.OnionV2);
        return isSmuggled ? NetAddress.None : NetAddress.FromLegacy(bytes);
    }

    /// <summary>Writes an entry of an <c>addr</c> or <c>addrv2</c> message.</summary>
    public static void Write(ByteWriter writer, in PeerAddress peer, bool isV2)
    {
        writer.WriteUInt32(peer.Time);
        if (isV2)
        {
            writer.WriteCompactSize(peer.Services);
            WriteV2(writer, peer.Endpoint);
        }
        else
        {
            writer.WriteUInt64(peer.Services);
            WriteLegacy(writer, peer.Endpoint);
        }
    }

    /// <summary>Reads an entry of an <c>addr</c> or <c>addrv2</c> message.</summary>
    /// <exception cref="EncodingException">It ends early or has no such form.</exception>
    public static PeerAddress Read(ref SpanReader reader, bool isV2)
    {
        var time = reader.ReadUInt32();
        if (isV2)
        {
            var services = reader.ReadCompactSizeUnbounded();
            var address = ReadV2(ref reader);
            return new PeerAddress(new NetEndpoint(address, reader.ReadUInt16BigEndian()), services, time);
        }

        var flags = reader.ReadUInt64();
        return new PeerAddress(ReadLegacy(ref reader), flags, time);
    }

    /// <summary>Writes an entry of a file.</summary>
    public static void WriteToDisk(ByteWriter writer, in PeerAddress peer)
    {
        writer.WriteUInt32(DiskVersion | DiskBip155);
        Write(writer, peer, isV2: true);
    }

    /// <summary>Reads an entry of a file.</summary>
    /// <exception cref="EncodingException">It is of no known version.</exception>
    public static PeerAddress ReadFromDisk(ref SpanReader reader) => (reader.ReadUInt32() & ~DiskVersionMask) switch
    {
        0 => Read(ref reader, isV2: false),
        DiskBip155 => Read(ref reader, isV2: true),
        _ => throw new EncodingException("Unsupported CAddress disk format version"),
    };
}
