using Dash.Node.Consensus;

namespace Dash.Node.Mempool;

/// <summary>What became of a transaction that was given to the node to be sent, and Core's words for it.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="State">Why the mempool refused it; valid otherwise.</param>
internal sealed record BroadcastResult(BroadcastOutcome Outcome, ValidationState State)
{
    /// <summary>Whether it is on its way.</summary>
    public bool IsSent => Outcome == BroadcastOutcome.Sent;

    /// <summary>The mempool's reason when it has one, else Core's text of the outcome; empty when sent.</summary>
    public string Error => State.IsInvalid ? State.ToString() : Outcome switch
    {
        BroadcastOutcome.Sent => "",
        BroadcastOutcome.MissingInputs => "Inputs missing or spent",
        BroadcastOutcome.AlreadyInChain => "Transaction already in block chain",
        BroadcastOutcome.Rejected => "Transaction rejected by mempool",
        _ => "Fee exceeds maximum configured by user (e.g. -maxtxfee, maxfeerate)",
    };
}
