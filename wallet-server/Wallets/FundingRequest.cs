using System.Collections.Immutable;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Spending;

namespace Dash.WalletServer.Wallets;

/// <summary>A transaction that is to get inputs and change.</summary>
internal sealed class FundingRequest
{
    private readonly Transaction _tx;

    /// <summary>Prepares a transaction; one without a wanted place of change gets BIP69's order throughout.</summary>
    /// <param name="tx">Its outputs, and inputs that are to stay.</param>
    /// <param name="bearers">Places of outputs that bear the fee, in the order the outputs have then.</param>
    /// <param name="control">What the user says; the inputs are added to it.</param>
    /// <param name="external">Outputs of strangers that inputs spend.</param>
    /// <param name="locksCoins">Set the coins aside.</param>
    public FundingRequest(
        Transaction tx,
        IReadOnlySet<int> bearers,
        CoinControl control,
        ImmutableDictionary<OutPoint, TxOut> external,
        bool locksCoins)
    {
        _tx = control.ChangePosition == -1
            ? tx with { Inputs = tx.Inputs.Sort(Bip69.Inputs), Outputs = tx.Outputs.Sort(Bip69.Outputs) }
            : tx;
        Payments = [.. _tx.Outputs.Select((output, place) => new Payment(output.ScriptPubKey, output.Value, bearers.Contains(place)))];
        Control = control with
        {
            Selected = [.. tx.Inputs.Select(static input => input.PreviousOutput).Distinct()],
            External = external,
            ExtraPayloadSize = tx.ExtraPayload.Length,
        };
        LocksCoins = locksCoins;
    }

    /// <summary>The outputs as payments.</summary>
    public IReadOnlyList<Payment> Payments { get; }

    /// <summary>What the user says.</summary>
    public CoinControl Control { get; }

    /// <summary>Set the coins aside.</summary>
    public bool LocksCoins { get; }

    /// <summary>
    /// The transaction with what a payment added. Outputs keep their order, since the payment orders them by the same rule;
    /// bearers of the fee got smaller.
    /// </summary>
    public Transaction Complete(BuiltPayment payment)
    {
        var outputs = _tx.Outputs.ToBuilder();
        if (payment.ChangePosition >= 0)
        {
            outputs.Insert(payment.ChangePosition, payment.Tx.Outputs[payment.ChangePosition]);
        }

        for (var i = 0; i < outputs.Count; i++)
        {
            outputs[i] = outputs[i] with { Value = payment.Tx.Outputs[i].Value };
        }

        var present = Control.Selected.ToHashSet();
        return _tx with
        {
            Inputs = [.. _tx.Inputs, .. payment.Tx.Inputs.Where(input => !present.Contains(input.PreviousOutput))],
            Outputs = outputs.ToImmutable(),
        };
    }
}
