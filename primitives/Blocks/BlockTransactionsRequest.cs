using Dash.Primitives.Encoding;

namespace Dash.Primitives.Blocks;

/// <summary>Asks for transactions of a block by their places, lowest first (BIP152, <c>getblocktxn</c>). Immutable.</summary>
/// <param name="Block">The block.</param>
/// <param name="Places">Places of the transactions.</param>
public sealed record BlockTransactionsRequest(BlockHash Block, IReadOnlyList<int> Places)
{
    /// <summary>Reads one that fills all the bytes; throws <see cref="EncodingException"/>.</summary>
    public static BlockTransactionsRequest Parse(ReadOnlySpan<byte> bytes)
    {
        SpanReader reader = new(bytes);
        BlockHash block = new(reader.ReadUint256());
        var places = new int[reader.ReadCount(1)];
        var place = -1L;
        for (var i = 0; i < places.Length; i++)
        {
            place += (long)Math.Min(reader.ReadCompactSizeUnbounded(), ushort.MaxValue + 1UL) + 1;
            places[i] = place <= ushort.MaxValue ? (int)place : throw new EncodingException("differential value overflow");
        }

        reader.ExpectEnd();
        return new BlockTransactionsRequest(block, places);
    }

    /// <summary>The serialized form.</summary>
    public byte[] ToBytes()
    {
        ByteWriter writer = new();
        writer.WriteUint256(Block.Value);
        writer.WriteCompactSize(Places.Count);
        var before = -1;
        foreach (var place in Places)
        {
            writer.WriteCompactSize(place - before - 1);
            before = place;
        }

        return writer.ToArray();
    }
}
