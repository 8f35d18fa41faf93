using System.Buffers.Binary;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;

namespace Dash.Primitives.Blocks;

/// <summary>
/// A block whose transactions are named by six bytes each, which only mean something with its header and a nonce; those
/// the receiver can't know are there in full (BIP152). Immutable.
/// </summary>
public sealed class CompactBlock
{
    private const int ShortIdSize = 6;
    private const ulong ShortIdMask = 0xffff_ffff_ffff;

    private readonly ulong _key0;
    private readonly ulong _key1;

    private CompactBlock(
        BlockHeader header, ulong nonce, IReadOnlyList<ulong> shortIds, IReadOnlyList<(int Place, Transaction Transaction)> prefilled)
    {
        Header = header;
        Nonce = nonce;
        ShortIds = shortIds;
        Prefilled = prefilled;
        ByteWriter writer = new(BlockHeader.Size + 8);
        header.Write(writer);
        writer.WriteUInt64(nonce);
        Span<byte> key = stackalloc byte[Uint256.Size];
        Hashes.Sha256(writer.WrittenSpan, key);
        _key0 = BinaryPrimitives.ReadUInt64LittleEndian(key);
        _key1 = BinaryPrimitives.ReadUInt64LittleEndian(key[8..]);
    }

    /// <summary>The block's header.</summary>
    public BlockHeader Header { get; }

    /// <summary>What makes the short ids different for each sender.</summary>
    public ulong Nonce { get; }

    /// <summary>Short ids of the transactions that are not there in full, in order.</summary>
    public IReadOnlyList<ulong> ShortIds { get; }

    /// <summary>Transactions that are there in full and their places, lowest first.</summary>
    public IReadOnlyList<(int Place, Transaction Transaction)> Prefilled { get; }

    /// <summary>Transactions of the block.</summary>
    public int TransactionCount => ShortIds.Count + Prefilled.Count;

    /// <summary>Whether the transactions in full are at places the block has, and there are any transactions at all.</summary>
    public bool IsValid
    {
        get
        {
            for (var i = 0; i < Prefilled.Count; i++)
            {
                if (Prefilled[i].Place > ShortIds.Count + i)
                {
                    return false;
                }
            }

            return TransactionCount > 0;
        }
    }

    /// <summary>The compact form of a block, with its coinbase in full.</summary>
    public static CompactBlock Of(Block block, ulong nonce)
    {
        ArgumentNullException.ThrowIfNull(block);
        var empty = new CompactBlock(block.Header, nonce, [], []);
        var shortIds = block.Transactions.Skip(1).Select(transaction => empty.ShortIdOf(transaction.Txid)).ToArray();
        return new CompactBlock(block.Header, nonce, shortIds, [(0, block.Transactions[0])]);
    }

    /// <summary>Reads one that fills all the bytes; throws <see cref="EncodingException"/>.</summary>
    public static CompactBlock Parse(ReadOnlySpan<byte> bytes)
    {
        SpanReader reader = new(bytes);
        var header = BlockHeader.Read(ref reader);
        var nonce = reader.ReadUInt64();
        var shortIds = new ulong[reader.ReadCount(ShortIdSize)];
        for (var i = 0; i < shortIds.Length; i++)
        {
            shortIds[i] = reader.ReadUInt32() | ((ulong)reader.ReadUInt16() << 32);
        }

        var prefilled = new (int Place, Transaction Transaction)[reader.ReadCount(11)];
        var place = -1L;
        for (var i = 0; i < prefilled.Length; i++)
        {
            place += (long)Math.Min(reader.ReadCompactSizeUnbounded(), ushort.MaxValue + 1UL) + 1;
            if (place > ushort.MaxValue)
            {
                throw new EncodingException("differential value overflow");
            }

            prefilled[i] = ((int)place, Transaction.Read(ref reader));
        }

        if (shortIds.Length + prefilled.Length > ushort.MaxValue)
        {
            throw new EncodingException("indexes overflowed 16 bits");
        }

        reader.ExpectEnd();
        return new CompactBlock(header, nonce, shortIds, prefilled);
    }

    /// <summary>The short id of a transaction in this block.</summary>
    public ulong ShortIdOf(Txid txid)
    {
        Span<byte> bytes = stackalloc byte[Uint256.Size];
        txid.Value.CopyTo(bytes);
        return SipHash.Hash(_key0, _key1, bytes) & ShortIdMask;
    }

    /// <summary>The serialized form.</summary>
    public byte[] ToBytes()
    {
        ByteWriter writer = new();
        Header.Write(writer);
        writer.WriteUInt64(Nonce);
        writer.WriteCompactSize(ShortIds.Count);
        foreach (var shortId in ShortIds)
        {
            writer.WriteUInt32((uint)shortId);
            writer.WriteUInt16((ushort)(shortId >> 32));
        }

        writer.WriteCompactSize(Prefilled.Count);
        var before = -1;
        foreach (var (place, transaction) in Prefilled)
        {
            writer.WriteCompactSize(place - before - 1);
            transaction.Write(writer);
            before = place;
        }

        return writer.ToArray();
    }
}
