using Dash.Primitives.Encoding;

namespace Dash.Primitives.Blocks;

/// <summary>
/// DIP25: a chain of headers, each written as what differs from the one before. A bit field tells which parts follow:
/// <code>
/// bits 0-2   0: the version follows; k: the k-th most recent of the last seven different versions
/// bit 3      the previous hash follows, else it is the hash of the header before
/// bit 4      the time follows, else the difference to the time before as 16 bits with sign
/// bit 5      the target follows, else it is that of the header before
/// </code>
/// </summary>
public static class CompressedHeaders
{
    private const int RememberedVersions = 7;
    private const byte VersionMask = 0x07;
    private const byte HasPrevious = 0x08;
    private const byte HasTime = 0x10;
    private const byte HasBits = 0x20;

    // A bit field, the merkle root, a time difference and the nonce.
    private const int SmallestSize = 1 + 32 + 2 + 4;

    /// <summary>Writes headers, each of which follows the one before; their number first.</summary>
    public static void Write(ByteWriter writer, IReadOnlyList<BlockHeader> headers)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(headers);
        writer.WriteCompactSize(headers.Count);
        var versions = new List<int>(RememberedVersions + 1);
        BlockHeader? before = null;
        foreach (var header in headers)
        {
            WriteOne(writer, header, before, versions);
            before = header;
        }
    }

    /// <summary>
    /// Reads headers and their number; throws <see cref="EncodingException"/>. That each follows the one before is
    /// checked where its previous hash is written out.
    /// </summary>
    /// <param name="reader">The source.</param>
    /// <param name="max">More are refused.</param>
    public static IReadOnlyList<BlockHeader> Read(ref SpanReader reader, int max)
    {
        var count = reader.ReadCount(SmallestSize);
        if (count > max)
        {
            throw new EncodingException("too many headers");
        }

        var headers = new List<BlockHeader>(count);
        var versions = new List<int>(RememberedVersions + 1);
        while (headers.Count < count)
        {
            headers.Add(ReadOne(ref reader, headers.Count == 0 ? null : headers[^1], versions));
        }

        return headers;
    }

    private static void WriteOne(ByteWriter writer, BlockHeader header, BlockHeader? before, List<int> versions)
    {
        var place = before is null ? -1 : versions.IndexOf(header.Version);
        Remember(versions, header.Version, place);

        // As dashd writes it: only a time that is not before the last one is written as a difference.
        var difference = unchecked(header.Time - (before?.Time ?? 0));
        var field = (byte)(place + 1);
        field |= before is null ? HasPrevious : (byte)0;
        field |= before is null || difference > short.MaxValue ? HasTime : (byte)0;
        field |= before?.Bits == header.Bits ? (byte)0 : HasBits;

        writer.WriteByte(field);
        if ((field & VersionMask) == 0)
        {
            writer.WriteInt32(header.Version);
        }

        if ((field & HasPrevious) != 0)
        {
            writer.WriteUint256(header.Previous.Value);
        }

        writer.WriteUint256(header.MerkleRoot);
        if ((field & HasTime) != 0)
        {
            writer.WriteUInt32(header.Time);
        }
        else
        {
            writer.WriteInt16((short)difference);
        }

        if ((field & HasBits) != 0)
        {
            writer.WriteUInt32(header.Bits);
        }

        writer.WriteUInt32(header.Nonce);
    }

    private static BlockHeader ReadOne(ref SpanReader reader, BlockHeader? before, List<int> versions)
    {
        var field = reader.ReadByte();
        if (before is null && (field & (VersionMask | HasPrevious | HasTime | HasBits)) != (HasPrevious | HasTime | HasBits))
        {
            throw new EncodingException("The first header is not complete");
        }

        var version = ReadVersion(ref reader, field & VersionMask, versions);
        var previous = (field & HasPrevious) != 0 ? new BlockHash(reader.ReadUint256()) : before!.Hash; // only the first has none before
        var root = reader.ReadUint256();
        var time = (field & HasTime) != 0 ? reader.ReadUInt32() : unchecked(before!.Time + (uint)reader.ReadInt16());
        var bits = (field & HasBits) != 0 ? reader.ReadUInt32() : before!.Bits;
        return new BlockHeader(version, previous, root, time, bits, reader.ReadUInt32());
    }

    private static int ReadVersion(ref SpanReader reader, int place, List<int> versions)
    {
        if (place > versions.Count)
        {
            throw new EncodingException("A version that was not sent");
        }

        var version = place == 0 ? reader.ReadInt32() : versions[place - 1];
        Remember(versions, version, place - 1);
        return version;
    }

    // The most recent first. One that is sent again although it is known stands there twice, as in Core.
    private static void Remember(List<int> versions, int version, int place)
    {
        if (place >= 0)
        {
            versions.RemoveAt(place);
        }

        versions.Insert(0, version);
        if (versions.Count > RememberedVersions)
        {
            versions.RemoveAt(RememberedVersions);
        }
    }
}
