using Dash.Primitives.Encoding;

namespace Dash.Node.Quorums;

/// <summary>
/// DIP24: how the new quarters of a cycle were drawn, so that the next cycles find them again.
/// </summary>
/// <param name="IsUsed">For each masternode, in the order of the cycle's scores, whether it served already.</param>
/// <param name="Skipped">Places in the order of drawing that were passed over: the first, then how far from it.</param>
internal sealed record QuorumSnapshot(IReadOnlyList<bool> IsUsed, IReadOnlyList<int> Skipped)
{
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
}
