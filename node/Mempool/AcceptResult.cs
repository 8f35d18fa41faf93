using Dash.Node.Consensus;
using Dash.Primitives.Units;

namespace Dash.Node.Mempool;

/// <summary>Whether a transaction may enter the mempool.</summary>
/// <param name="State">Valid, or why not.</param>
/// <param name="Fee">What it pays, when valid.</param>
/// <param name="VirtualSize">Its size for fees in bytes, when valid.</param>
internal readonly record struct AcceptResult(ValidationState State, Amount Fee, int VirtualSize)
{
    /// <summary>Whether it may.</summary>
    public bool IsAccepted => State.IsValid;

    /// <summary>What is told of an entry that is in the mempool, or may be.</summary>
    public static AcceptResult Of(MempoolEntry entry) => new(ValidationState.Valid, entry.Fee, entry.VirtualSize);

    /// <summary>A refusal.</summary>
    public static AcceptResult Refused(ValidationState state) => new(state, Amount.Zero, 0);
}
