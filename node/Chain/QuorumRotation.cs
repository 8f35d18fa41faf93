using Dash.Node.Quorums;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;

namespace Dash.Node.Chain;

/// <summary>
/// DIP24: all from which a light client finds the members of rotated quorums: how the quarters of the last cycles were drawn, and the
/// masternodes they were drawn from, each as what changed since a block the client knows. Immutable.
/// </summary>
internal sealed record QuorumRotation
{
    private const int Cycles = 3;

    /// <summary>The cycles before that of the wanted block, the newest first: three, or four if asked for.</summary>
    public required IReadOnlyList<(QuorumSnapshot Snapshot, MasternodeListDiff Diff)> Earlier { get; init; }

    /// <summary>The masternodes of the wanted block's cycle.</summary>
    public required MasternodeListDiff Cycle { get; init; }

    /// <summary>The masternodes of the tip.</summary>
    public required MasternodeListDiff Tip { get; init; }

    /// <summary>The last commitment of each place.</summary>
    public required IReadOnlyList<FinalCommitment> Commitments { get; init; }

    /// <summary>Further cycles that these were drawn by, the oldest first.</summary>
    public required IReadOnlyList<(QuorumSnapshot Snapshot, MasternodeListDiff Diff)> Further { get; init; }

    /// <summary>The contents of <c>qrinfo</c>.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="protocol">The version spoken with the peer.</param>
    public void Write(ByteWriter writer, int protocol)
    {
        foreach (var (snapshot, _) in Earlier.Take(Cycles))
        {
            snapshot.WriteMessage(writer);
        }

        Tip.Write(writer, protocol);
        Cycle.Write(writer, protocol);
        foreach (var (_, diff) in Earlier.Take(Cycles))
        {
            diff.Write(writer, protocol);
        }

        writer.WriteBool(Earlier.Count > Cycles);
        foreach (var (snapshot, diff) in Earlier.Skip(Cycles))
        {
            snapshot.WriteMessage(writer);
            diff.Write(writer, protocol);
        }

        writer.WriteCompactSize(Commitments.Count);
        foreach (var commitment in Commitments)
        {
            commitment.WriteCommitment(writer);
        }

        writer.WriteCompactSize(Further.Count);
        foreach (var (snapshot, _) in Further)
        {
            snapshot.WriteMessage(writer);
        }

        writer.WriteCompactSize(Further.Count);
        foreach (var (_, diff) in Further)
        {
            diff.Write(writer, protocol);
        }
    }
}
