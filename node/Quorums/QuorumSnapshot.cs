using Dash.Primitives.Encoding;

namespace Dash.Node.Quorums;

/// <summary>
/// DIP24: how the new quarters of a cycle were drawn, so that the next cycles find them again.
/// </summary>
/// <param name="IsUsed">For each masternode, in the order of the cycle's scores, whether it served already.</param>
/// <param name="Skipped">Places in the order of drawing that were passed over: the first, then how far from it.</param>
internal sealed record QuorumSnapshot(IReadOnlyList<bool> IsUsed, IReadOnlyList<int> Skipped)
{
    // Modes of the message.
    private const int NothingSkipped = 0;
    private const int EntriesSkipped = 1;

    /// <summary>Reads one; throws <see cref="EncodingException"/>.</summary>
    public static QuorumSnapshot Read(ref SpanReader reader)
    {
        var used = new bool[reader.ReadCount(1)];
        for (var i = 0; i < used.Length; i++)
        {
            used[i] = reader.ReadBool();
        }

        var skipped = new int[reader.ReadCount(sizeof(int))];
        for (var i = 0; i < skipped.Length; i++)
        {
            skipped[i] = reader.ReadInt32();
        }

        return new QuorumSnapshot(used, skipped);
    }

    /// <summary>Writes it.</summary>
    public void Write(ByteWriter writer)
    {
        writer.WriteCompactSize(IsUsed.Count);
        foreach (var used in IsUsed)
        {
            writer.WriteBool(used);
        }

        writer.WriteCompactSize(Skipped.Count);
        foreach (var place in Skipped)
        {
            writer.WriteInt32(place);
        }
    }

    /// <summary>Writes it as peers are told it (DIP24): whether places are skipped, a bit a masternode, and the places.</summary>
    public void WriteMessage(ByteWriter writer)
    {
        writer.WriteInt32(Skipped.Count == 0 ? NothingSkipped : EntriesSkipped);
        writer.WriteCompactSize(IsUsed.Count);
        Span<byte> bits = writer.GetSpan((IsUsed.Count + 7) / 8)[..((IsUsed.Count + 7) / 8)];
        bits.Clear();
        for (var i = 0; i < IsUsed.Count; i++)
        {
            bits[i / 8] |= (byte)(IsUsed[i] ? 1 << (i % 8) : 0);
        }

        writer.Advance(bits.Length);
        writer.WriteCompactSize(Skipped.Count);
        foreach (var place in Skipped)
        {
            writer.WriteInt32(place);
        }
    }
}
