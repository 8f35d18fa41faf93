using System.Collections.Immutable;
using System.Globalization;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Ledger;
using Encoding = System.Text.Encoding;

namespace Dash.WalletServer.Storage;

/// <summary>A <c>tx</c> record's value: Core's CWalletTx, byte for byte.</summary>
internal static class WalletTxCodec
{
    private const string Account = "fromaccount";
    private const string Position = "n";
    private const string SmartTime = "timesmart";

    // The mark of an abandoned transaction where others have a block hash: the number one.
    private static readonly Uint256 AbandonedMark = new([1, .. new byte[31]]);

    /// <summary>Writes the value.</summary>
    public static byte[] Write(WalletTx tx)
    {
        var (block, index) = tx.State switch
        {
            TxState.Confirmed confirmed => (confirmed.Block.Value, confirmed.Index),
            TxState.Conflicted conflicted => (conflicted.Block.Value, -1),
            TxState.Inactive { Abandoned: true } => (AbandonedMark, -1),
            TxState.Unrecognized unknown => (unknown.Block, unknown.Index),
            _ => (Uint256.Zero, 0),
        };

        var notes = tx.Notes.SetItem(Account, "").SetItem(Position, Number(tx.Position));
        if (tx.TimeSmart != 0)
        {
            notes = notes.SetItem(SmartTime, Number(tx.TimeSmart));
        }

        var writer = new ByteWriter(tx.Tx.Size + 128);
        tx.Tx.Write(writer);
        writer.WriteUint256(block);
        writer.WriteCompactSize(0);
        writer.WriteInt32(index);
        writer.WriteCompactSize(0);
        writer.WriteCompactSize(notes.Count);
        foreach (var (key, value) in notes)
        {
            writer.WriteString(key);
            writer.WriteString(value);
        }

        writer.WriteCompactSize(tx.OrderForm.Length);
        foreach (var (key, value) in tx.OrderForm)
        {
            writer.WriteString(key);
            writer.WriteString(value);
        }

        writer.WriteUInt32(tx.TimeReceivedIsTxTime);
        writer.WriteUInt32((uint)tx.TimeReceived);
        writer.WriteBool(tx.FromMe);
        writer.WriteBool(false);
        return writer.ToArray();
    }

    /// <summary>Reads the value; heights and block times are not in it. Throws <see cref="EncodingException"/>.</summary>
    /// <param name="value">The value.</param>
    /// <param name="known">The transaction if it is at hand, so that it is passed over.</param>
    public static WalletTx Read(ReadOnlySpan<byte> value, Transaction? known = null)
    {
        var reader = new SpanReader(value);
        if (known is not null)
        {
            TransactionView.Read(ref reader);
        }

        var tx = known ?? Transaction.Read(ref reader);
        var block = reader.ReadUint256();
        for (var i = reader.ReadCompactSize(); i > 0; i--)
        {
            reader.ReadUint256();
        }

        var index = reader.ReadInt32();
        for (var i = reader.ReadCompactSize(); i > 0; i--)
        {
            SkipOldParent(ref reader);
        }

        long? position = null;
        long? smart = null;
        ImmutableSortedDictionary<string, string>.Builder? notes = null;
        for (var i = reader.ReadCompactSize(); i > 0; i--)
        {
            var key = reader.ReadVarBytes();
            var text = reader.ReadVarBytes();
            if (key.SequenceEqual("n"u8))
            {
                position = ReadNumber(text);
            }
            else if (key.SequenceEqual("timesmart"u8))
            {
                smart = ReadNumber(text);
            }
            else if (!key.SequenceEqual("fromaccount"u8) && !key.SequenceEqual("spent"u8))
            {
                notes ??= WalletTx.NoNotes.ToBuilder();
                notes[Encoding.UTF8.GetString(key)] = Encoding.UTF8.GetString(text);
            }
        }

        ImmutableArray<KeyValuePair<string, string>>.Builder? orderForm = null;
        for (var i = reader.ReadCompactSize(); i > 0; i--)
        {
            var key = reader.ReadString();
            orderForm ??= ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
            orderForm.Add(new(key, reader.ReadString()));
        }

        var isTxTime = reader.ReadUInt32();
        var received = reader.ReadUInt32();
        var fromMe = reader.ReadBool();
        reader.ReadBool();

        return new WalletTx(tx, StateOf(block, index))
        {
            Position = position ?? -1,
            TimeSmart = smart ?? 0,
            TimeReceived = received,
            TimeReceivedIsTxTime = isTxTime,
            FromMe = fromMe,
            Notes = notes?.ToImmutable() ?? WalletTx.NoNotes,
            OrderForm = orderForm?.ToImmutable() ?? [],
        };
    }

    private static TxState StateOf(Uint256 block, int index)
    {
        if (block.IsZero)
        {
            return index == 0 ? TxState.Inactive.Waiting : new TxState.Unrecognized(block, index);
        }

        if (block == AbandonedMark)
        {
            return index == -1 ? TxState.Inactive.GivenUp : new TxState.Unrecognized(block, index);
        }

        return index switch
        {
            >= 0 => new TxState.Confirmed(new BlockHash(block), -1, index, 0),
            -1 => new TxState.Conflicted(new BlockHash(block), -1),
            _ => new TxState.Unrecognized(block, index),
        };
    }

    // Transactions that very old versions kept with each entry: transaction, block hash, branch, index.
    private static void SkipOldParent(ref SpanReader reader)
    {
        Transaction.Read(ref reader);
        reader.ReadUint256();
        for (var i = reader.ReadCompactSize(); i > 0; i--)
        {
            reader.ReadUint256();
        }

        reader.ReadInt32();
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static long? ReadNumber(ReadOnlySpan<byte> text) =>
        long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;
}
