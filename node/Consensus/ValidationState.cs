using Dash.Primitives.Evo;

namespace Dash.Node.Consensus;

/// <summary>The verdict on a block, header or transaction: valid, or why not in Core's words.</summary>
/// <param name="Kind">What sort of failure; <see cref="InvalidKind.None"/> when valid.</param>
/// <param name="RejectReason">Core's reject reason, as <c>bad-txns-vin-empty</c>; empty when valid.</param>
/// <param name="DebugMessage">Core's addition for a reader, or empty.</param>
internal readonly record struct ValidationState(InvalidKind Kind, string RejectReason, string DebugMessage)
{
    /// <summary>Nothing is wrong.</summary>
    public static ValidationState Valid { get; } = new(InvalidKind.None, "", "");

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsValid => Kind == InvalidKind.None;

    /// <summary>Whether something is.</summary>
    public bool IsInvalid => Kind != InvalidKind.None;

    /// <summary>A failure.</summary>
    public static ValidationState Invalid(InvalidKind kind, string reason, string debug = "") =>
        new(kind, reason, debug);

    /// <summary>A broken consensus rule.</summary>
    public static ValidationState Consensus(string reason, string debug = "") =>
        new(InvalidKind.Consensus, reason, debug);

    /// <summary>The verdict on a special payload; valid without a fault.</summary>
    public static ValidationState Of(PayloadFault? fault) =>
        fault is null ? Valid : new(fault.IsConsensus ? InvalidKind.Consensus : InvalidKind.BadSpecial, fault.Reason, "");

    /// <summary><c>Valid</c>, the reason, or reason and debug message, as Core logs them.</summary>
    public override string ToString() =>
        IsValid ? "Valid" : DebugMessage.Length == 0 ? RejectReason : RejectReason + ", " + DebugMessage;
}
