namespace Dash.Primitives.Evo;

/// <summary>Why a special transaction is refused, in Core's words.</summary>
/// <param name="Reason">Core's reject reason, as <c>bad-protx-version</c>.</param>
/// <param name="IsConsensus">
/// Whether the peer that sent it broke a rule that never changes; otherwise Core calls it a bad special transaction.
/// </param>
public sealed record PayloadFault(string Reason, bool IsConsensus)
{
    /// <summary>A broken consensus rule.</summary>
    public static PayloadFault Consensus(string reason) => new(reason, true);

    /// <summary>A payload that is not acceptable.</summary>
    public static PayloadFault BadSpecial(string reason) => new(reason, false);
}
