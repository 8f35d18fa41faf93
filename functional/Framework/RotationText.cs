using System.Globalization;
using System.Text;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Transactions;

namespace Dash.Functional.Framework;

/// <summary>
/// Answers about masternodes and rotated quorums (<c>mnlistdiff</c>, <c>qrinfo</c>) as text, masternodes in the order of their hashes:
/// theirs in a message is nobody's business. For peers from version 70230 on and masternodes that tell one address.
/// </summary>
public static class RotationText
{
    /// <summary>A <c>qrinfo</c>.</summary>
    public static string OfRotation(ReadOnlySpan<byte> payload)
    {
        SpanReader reader = new(payload);
        StringBuilder text = new();
        for (var i = 1; i <= 3; i++) Snapshot(ref reader, text);
        for (var i = 0; i < 5; i++) Difference(ref reader, text);
        if (reader.ReadBool())
        {
            Snapshot(ref reader, text);
            Difference(ref reader, text);
        }

        Commitments(ref reader, text);
        var snapshots = reader.ReadCompactSize();
        for (var i = 0; i < snapshots; i++) Snapshot(ref reader, text);
        var differences = reader.ReadCompactSize();
        for (var i = 0; i < differences; i++) Difference(ref reader, text);
        text.Append(CultureInfo.InvariantCulture, $"{reader.Remaining} bytes left");
        return text.ToString();
    }

    /// <summary>A <c>mnlistdiff</c>.</summary>
    public static string OfDifference(ReadOnlySpan<byte> payload)
    {
        SpanReader reader = new(payload);
        StringBuilder text = new();
        Difference(ref reader, text);
        text.Append(CultureInfo.InvariantCulture, $"{reader.Remaining} bytes left");
        return text.ToString();
    }

    private static void Snapshot(ref SpanReader reader, StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"snapshot of mode {reader.ReadInt32()}");
        var members = reader.ReadCompactSize();
        text.Append(CultureInfo.InvariantCulture, $" and {members}: {Hex.Encode(reader.ReadBytes((members + 7) / 8))} passed over");
        var skipped = reader.ReadCompactSize();
        for (var i = 0; i < skipped; i++) text.Append(CultureInfo.InvariantCulture, $" {reader.ReadInt32()}");
        text.AppendLine();
    }

    private static void Difference(ref SpanReader reader, StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"difference {reader.ReadUInt16()} from {reader.ReadUint256()} to {reader.ReadUint256()} of {reader.ReadUInt32()}");
        text.Append(" tree").AppendJoin(' ', Hashes(ref reader)).Append(' ').AppendLine(Hex.Encode(reader.ReadVarBytes()));
        text.AppendLine(Hex.Encode(Transaction.Read(ref reader).ToBytes()));
        text.Append("gone ").AppendJoin(' ', Hashes(ref reader).Order(StringComparer.Ordinal)).AppendLine();
        List<string> masternodes = [];
        for (var left = reader.ReadCompactSize(); left > 0; left--) masternodes.Add(Masternode(ref reader));
        foreach (var masternode in masternodes.Order(StringComparer.Ordinal)) text.Append("masternode ").AppendLine(masternode);
        for (var left = reader.ReadCompactSize(); left > 0; left--)
        {
            text.Append(CultureInfo.InvariantCulture, $"quorum gone {reader.ReadByte()} {reader.ReadUint256()}").AppendLine();
        }

        Commitments(ref reader, text);
        for (var left = reader.ReadCompactSize(); left > 0; left--)
        {
            text.Append("lock ").Append(Hex.Encode(reader.ReadBytes(96))).Append(" for");
            for (var places = reader.ReadCompactSize(); places > 0; places--) text.Append(CultureInfo.InvariantCulture, $" {reader.ReadUInt16()}");
            text.AppendLine();
        }
    }

    private static string Masternode(ref SpanReader reader)
    {
        var version = reader.ReadUInt16();
        if (version > 2) throw new InvalidDataException("a masternode with several addresses");
        var text = $"{version} {reader.ReadUint256()} {reader.ReadUint256()} {Hex.Encode(reader.ReadBytes(18))} {Hex.Encode(reader.ReadBytes(48 + 20))} {reader.ReadBool()}";
        if (version < 2) return text;
        var type = reader.ReadUInt16();
        return $"{text} {type} {(type == 1 ? Hex.Encode(reader.ReadBytes(22)) : "")}";
    }

    private static void Commitments(ref SpanReader reader, StringBuilder text)
    {
        for (var left = reader.ReadCompactSize(); left > 0; left--)
        {
            var before = reader;
            FinalCommitment.ReadCommitment(ref reader);
            text.Append("commitment ").AppendLine(Hex.Encode(before.ReadBytes(reader.Position - before.Position)));
        }
    }

    private static List<string> Hashes(ref SpanReader reader)
    {
        List<string> hashes = [];
        for (var left = reader.ReadCompactSize(); left > 0; left--) hashes.Add(reader.ReadUint256().ToString());
        return hashes;
    }
}
