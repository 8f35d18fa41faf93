using Dash.Node.Consensus;
using Dash.Primitives.Encoding;

namespace Dash.Node.Storage;

/// <summary>The coins a block spent, so that it can be disconnected.</summary>
/// <param name="Spent">For each transaction but the coinbase, the coins its inputs spent, in their order.</param>
internal sealed record BlockUndo(IReadOnlyList<IReadOnlyList<Coin>> Spent)
{
    /// <summary>Reads the bytes of an undo record.</summary>
    /// <exception cref="EncodingException">Not undo data.</exception>
    public static BlockUndo Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new SpanReader(bytes);
        var transactions = new IReadOnlyList<Coin>[reader.ReadCount(1)];
        for (var i = 0; i < transactions.Length; i++)
        {
            var coins = new Coin[reader.ReadCount(1)];
            for (var j = 0; j < coins.Length; j++)
            {
                coins[j] = CoinCodec.ReadSpent(ref reader);
            }

            transactions[i] = coins;
        }

        reader.ExpectEnd();
        return new BlockUndo(transactions);
    }

    /// <summary>The bytes of an undo record.</summary>
    public byte[] ToBytes()
    {
        var writer = new ByteWriter();
        writer.WriteCompactSize(Spent.Count);
        foreach (var coins in Spent)
        {
            writer.WriteCompactSize(coins.Count);
            foreach (var coin in coins)
            {
                CoinCodec.WriteSpent(writer, coin);
            }
        }

        return writer.ToArray();
    }
}
