using Dash.Primitives.Encoding;
using Dash.Primitives.Transactions;

namespace Dash.Primitives.Blocks;

/// <summary>Some transactions of a block, as they were asked for (BIP152, <c>blocktxn</c>). Immutable.</summary>
/// <param name="Block">The block.</param>
/// <param name="Transactions">The transactions.</param>
public sealed record BlockTransactions(BlockHash Block, IReadOnlyList<Transaction> Transactions)
{
    /// <summary>Reads one that fills all the bytes; throws <see cref="EncodingException"/>.</summary>
    public static BlockTransactions Parse(ReadOnlySpan<byte> bytes)
    {
        SpanReader reader = new(bytes);
        BlockHash block = new(reader.ReadUint256());
        var transactions = new Transaction[reader.ReadCount(10)];
        for (var i = 0; i < transactions.Length; i++)
        {
            transactions[i] = Transaction.Read(ref reader);
        }

        reader.ExpectEnd();
        return new BlockTransactions(block, transactions);
    }

    /// <summary>The serialized form.</summary>
    public byte[] ToBytes()
    {
        ByteWriter writer = new();
        writer.WriteUint256(Block.Value);
        writer.WriteCompactSize(Transactions.Count);
        foreach (var transaction in Transactions)
        {
            transaction.Write(writer);
        }

        return writer.ToArray();
    }
}
