using System.Collections.Immutable;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.WalletServer.Spending;

/// <summary>A transaction ready to be signed.</summary>
/// <param name="Tx">Without signatures.</param>
/// <param name="Spent">The outputs its inputs spend, in the order of the inputs.</param>
/// <param name="Fee">What the miner gets.</param>
/// <param name="ChangePosition">Place of the change output; -1 if there is none.</param>
/// <param name="FeeReason">Why the fee rate is what it is.</param>
/// <param name="Size">Estimated size once signed, bytes.</param>
internal sealed record BuiltPayment(
    Transaction Tx, ImmutableArray<TxOut> Spent, Amount Fee, int ChangePosition, string FeeReason, int Size)
{
    /// <summary>What both ways to spend coins of an address would have cost, where both were tried.</summary>
    public (Amount Plain, Amount Grouped, bool IsGrouped)? Comparison { get; init; }
}
