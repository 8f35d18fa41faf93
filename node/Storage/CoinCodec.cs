using Dash.Node.Consensus;
using Dash.Primitives.Encoding;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Storage;

/// <summary>Coins as dashd's chainstate and undo files hold them.</summary>
internal static class CoinCodec
{
    /// <summary>A coin of the chainstate: height and origin in one number, then the compressed output.</summary>
    public static void WriteCoin(ByteWriter writer, Coin coin)
    {
        writer.WriteVarInt(Origin(coin));
        WriteOutput(writer, coin.Output);
    }

    /// <summary>Reads what <see cref="WriteCoin"/> wrote.</summary>
    public static Coin ReadCoin(ref SpanReader reader)
    {
        var origin = checked((uint)reader.ReadVarInt());
        return new Coin(ReadOutput(ref reader), (int)(origin >> 1), (origin & 1) != 0);
    }

    /// <summary>A coin and its name as an element of the set that is hashed by <c>muhash</c>.</summary>
    public static void WriteElement(ByteWriter writer, OutPoint outPoint, Coin coin)
    {
        writer.WriteUint256(outPoint.Txid.Value);
        writer.WriteUInt32(outPoint.Index);
        writer.WriteUInt32((uint)Origin(coin));
        coin.Output.Write(writer);
    }

    /// <summary>A spent coin of undo data: as in the chainstate, with a zero where a version once was.</summary>
    public static void WriteSpent(ByteWriter writer, Coin coin)
    {
        writer.WriteVarInt(Origin(coin));
        if (coin.Height > 0)
        {
            writer.WriteByte(0);
        }

        WriteOutput(writer, coin.Output);
    }

    /// <summary>Reads what <see cref="WriteSpent"/> wrote.</summary>
    public static Coin ReadSpent(ref SpanReader reader)
    {
        var origin = checked((uint)reader.ReadVarInt());
        if (origin >> 1 > 0)
        {
            reader.ReadVarInt();
        }

        return new Coin(ReadOutput(ref reader), (int)(origin >> 1), (origin & 1) != 0);
    }

    /// <summary>
    /// Amounts mostly end in zeros: their count (up to nine) and the last other digit are folded into a number that
    /// is small then.
    /// </summary>
    public static ulong CompressAmount(ulong duffs)
    {
        if (duffs == 0)
        {
            return 0;
        }

        var zeros = 0u;
        while (duffs % 10 == 0 && zeros < 9)
        {
            duffs /= 10;
            zeros++;
        }

        if (zeros == 9)
        {
            return 1 + ((duffs - 1) * 10) + 9;
        }

        var lastDigit = duffs % 10;
        return 1 + (((duffs / 10 * 9) + lastDigit - 1) * 10) + zeros;
    }

    /// <summary>The inverse of <see cref="CompressAmount"/>.</summary>
    public static ulong DecompressAmount(ulong compressed)
    {
        if (compressed == 0)
        {
            return 0;
        }

        compressed--;
        var zeros = compressed % 10;
        compressed /= 10;
        ulong duffs;
        if (zeros < 9)
        {
            var lastDigit = (compressed % 9) + 1;
            duffs = (compressed / 9 * 10) + lastDigit;
        }
        else
        {
            duffs = compressed + 1;
        }

        for (; zeros > 0; zeros--)
        {
            duffs *= 10;
        }

        return duffs;
    }

    private static ulong Origin(Coin coin) => ((ulong)(uint)coin.Height * 2) + (coin.IsCoinBase ? 1u : 0u);

    private static void WriteOutput(ByteWriter writer, TxOut output)
    {
        writer.WriteVarInt(CompressAmount((ulong)output.Value.Duffs));
        CompressedScript.Write(writer, output.ScriptPubKey);
    }

    private static TxOut ReadOutput(ref SpanReader reader)
    {
        var value = new Amount((long)DecompressAmount(reader.ReadVarInt()));
        return new TxOut(value, CompressedScript.Read(ref reader));
    }
}
