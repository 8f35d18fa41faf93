using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Addresses;

/// <summary>
/// The tables as peers.dat has them: both lists of addresses, then for each bucket of the new table which of them are in
/// it; all places follow from the secret.
/// <code>
/// u8 format | u8 32 + oldest format that can read it | secret 32 | i32 new | i32 tried | i32 buckets ^ 2^30
/// new × entry | tried × entry | buckets × (i32 count, count × i32 index of a new entry) | checksum of the map 32
/// entry = address (as on disk) | source (BIP155) | i64 last success | i32 failures
/// </code>
/// </summary>
internal static class AddressTableCodec
{
    private const byte Format = 4; // several ports of an address
    private const byte CompatibilityBase = 32;
    private const byte FirstWithBip155 = 3;
    private const byte FirstWithMap = 2;
    private const byte FirstWithKey = 1;
    private const int BucketsMark = 1 << 30;
    private const int MaxNew = BucketHash.NewBuckets * BucketHash.BucketSize;
    private const int MaxTried = BucketHash.TriedBuckets * BucketHash.BucketSize;

    /// <summary>Writes the tables.</summary>
    public static void Write(ByteWriter writer, AddressTable table)
    {
        writer.WriteByte(Format);
        writer.WriteByte(CompatibilityBase + Format);
        writer.WriteUint256(table.Hash.Key);
        writer.WriteInt32(table.NewCount);
        writer.WriteInt32(table.TriedCount);
        writer.WriteInt32(BucketHash.NewBuckets ^ BucketsMark);
        Dictionary<int, int> indices = [];
        foreach (var entry in table.Entries)
        {
            if (entry.References > 0)
            {
                indices.Add(entry.Id, indices.Count);
                WriteEntry(writer, entry);
            }
        }

        foreach (var entry in table.Entries)
        {
            if (entry.IsTried)
            {
                WriteEntry(writer, entry);
            }
        }

        List<int> inBucket = [];
        for (var bucket = 0; bucket < BucketHash.NewBuckets; bucket++)
        {
            inBucket.Clear();
            for (var position = 0; position < BucketHash.BucketSize; position++)
            {
                if (table.At(isNew: true, bucket, position) is not AddressTable.Empty and var id)
                {
                    inBucket.Add(indices[id]);
                }
            }

            writer.WriteInt32(inBucket.Count);
            inBucket.ForEach(writer.WriteInt32);
        }

        writer.WriteUint256(table.Hash.Groups.MapChecksum);
    }

    /// <summary>Reads tables; addresses that have no place any more are dropped.</summary>
    /// <exception cref="EncodingException">It is not what dashd writes.</exception>
    /// <exception cref="AddressFileException">It is of a later format, or contradicts itself.</exception>
    public static AddressTable Read(ref SpanReader reader, NetGroups groups, Random random, ILogger log)
    {
        var format = reader.ReadByte();
        var compatibility = reader.ReadByte();
        if (compatibility < CompatibilityBase)
        {
            throw new EncodingException(
                $"Corrupted addrman database: The compat value ({compatibility}) is lower than the expected minimum value {CompatibilityBase}.");
        }

        if (compatibility - CompatibilityBase > Format)
        {
            throw new AddressFileException(
                AddressFileFault.FromLaterVersion,
                $"Unsupported format of addrman database: {format}. It is compatible with formats >={compatibility - CompatibilityBase}, "
                + $"but the maximum supported by this version of Dash Core is {Format}.");
        }

        var isV2 = format >= FirstWithBip155;
        AddressTable table = new(new BucketHash(reader.ReadUint256(), groups), random);
        var newCount = reader.ReadInt32();
        var triedCount = reader.ReadInt32();
        var buckets = reader.ReadInt32() ^ (format >= FirstWithKey ? BucketsMark : 0);
        CheckCount("nNew", newCount, MaxNew);
        CheckCount("nTried", triedCount, MaxTried);
        var fresh = new AddressEntry?[newCount];
        for (var i = 0; i < newCount; i++)
        {
            fresh[i] = ReadEntry(ref reader, table, isV2);
        }

        var (lostNew, lostTried) = (0, 0);
        for (var i = 0; i < triedCount; i++)
        {
            var entry = ReadEntry(ref reader, table, isV2);
            if (entry is not null && (!entry.Endpoint.Address.IsValid || !table.PlaceTried(entry)))
            {
                table.Remove(entry);
                lostTried++;
            }
        }

        PlaceNew(ref reader, table, fresh, buckets, format, log);
        foreach (var entry in fresh)
        {
            if (entry is { References: 0 })
            {
                table.Remove(entry);
                lostNew++;
            }
        }

        if (lostNew + lostTried > 0)
        {
            Log.AddressesLost(log, lostNew, lostTried);
        }

        return table.FindFault() is { } fault
            ? throw new AddressFileException(AddressFileFault.Inconsistent, $"Corrupt data. Consistency check failed: {fault}")
            : table;
    }

    private static void PlaceNew(ref SpanReader reader, AddressTable table, AddressEntry?[] fresh, int buckets, byte format, ILogger log)
    {
        List<(int Bucket, int Index)> places = [];
        for (var bucket = 0; bucket < buckets; bucket++)
        {
            var count = reader.ReadInt32();
            for (var i = 0; i < count; i++)
            {
                var index = reader.ReadInt32();
                if (index >= 0 && index < fresh.Length)
                {
                    places.Add((bucket, index));
                }
            }
        }

        var map = format >= FirstWithMap ? reader.ReadUint256() : Uint256.Zero;
        var isSameBuckets = buckets == BucketHash.NewBuckets && map == table.Hash.Groups.MapChecksum;
        if (!isSameBuckets)
        {
            Log.AddressesMoved(log);
        }

        foreach (var (written, index) in places)
        {
            if (fresh[index] is not { } entry || !entry.Endpoint.Address.IsValid || entry.References >= AddressTable.MostReferences)
            {
                continue;
            }

            if (isSameBuckets)
            {
                var position = table.Hash.Position(entry.Endpoint, isNew: true, written);
                if (table.At(isNew: true, written, position) == AddressTable.Empty)
                {
                    table.PlaceNew(entry, written, position);
                    continue;
                }
            }

            var (bucket, place) = table.NewPlace(entry.Endpoint, entry.Source);
            if (table.At(isNew: true, bucket, place) == AddressTable.Empty)
            {
                table.PlaceNew(entry, bucket, place);
            }
        }
    }

    private static void WriteEntry(ByteWriter writer, AddressEntry entry)
    {
        AddressCodec.WriteToDisk(writer, entry.Peer);
        AddressCodec.WriteV2(writer, entry.Source);
        writer.WriteInt64(entry.LastSuccess);
        writer.WriteInt32(entry.Attempts);
    }

    // Null for an address that was there already: it keeps its first place.
    private static AddressEntry? ReadEntry(ref SpanReader reader, AddressTable table, bool isV2)
    {
        var peer = AddressCodec.ReadFromDisk(ref reader);
        var source = isV2 ? AddressCodec.ReadV2(ref reader) : NetAddress.FromLegacy(reader.ReadBytes(NetAddress.LegacySize));
        var lastSuccess = reader.ReadInt64();
        var attempts = reader.ReadInt32();
        if (table.TryFind(peer.Endpoint, out _))
        {
            return null;
        }

        var entry = table.Create(peer.Endpoint, source);
        entry.Services = peer.Services;
        entry.Time = peer.Time;
        entry.LastSuccess = lastSuccess;
        entry.Attempts = attempts;
        return entry;
    }

    private static void CheckCount(string name, int count, int most)
    {
        if (count < 0 || count > most)
        {
            throw new EncodingException($"Corrupt AddrMan serialization: {name}={count}, should be in [0, {most}]");
        }
    }
}
