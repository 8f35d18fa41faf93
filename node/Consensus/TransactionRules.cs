using Dash.Primitives.Evo;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Consensus;

/// <summary>
/// What every transaction must satisfy, in a block or in the mempool. Pure; scripts are checked elsewhere.
/// </summary>
internal static class TransactionRules
{
    /// <summary>What can be said of a transaction alone.</summary>
    public static ValidationState Check(Transaction transaction) =>
        TransactionForm.Check(transaction) is { } reason ? ValidationState.Consensus(reason) : ValidationState.Valid;

    /// <summary>What depends on the height of the block a transaction is in.</summary>
    public static ValidationState CheckAtHeight(Transaction transaction, int height, ChainParams network)
    {
        if (height >= network.Heights.Dip0003)
        {
            var isSpecial = transaction.Version >= Transaction.SpecialVersion;
            if (isSpecial ? !Enum.IsDefined(transaction.Type) : transaction.Type != TransactionType.Normal)
            {
                return ValidationState.Consensus("bad-txns-type");
            }

            if (isSpecial && transaction.IsCoinBase && transaction.Type != TransactionType.CoinbaseSpecial)
            {
                return ValidationState.Consensus("bad-txns-cb-type");
            }
        }

        return height >= network.Heights.Dip0001 && transaction.Size > Limits.TransactionSizeAfterDip1
            ? ValidationState.Consensus("bad-txns-oversize")
            : ValidationState.Valid;
    }

    /// <summary>The coins a transaction spends exist, are mature and cover its outputs.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="spent">The coins of the inputs in order, null for one that doesn't exist.</param>
    /// <param name="height">Height of the block it is or would be in.</param>
    /// <param name="fee">What is left for the miner, when valid.</param>
    public static ValidationState CheckInputs(
        Transaction transaction, IReadOnlyList<Coin?> spent, int height, out Amount fee)
    {
        fee = Amount.Zero;
        if (transaction.HasExtraPayload && transaction.Type == TransactionType.AssetUnlock)
        {
            return CheckUnlockFee(transaction, out fee);
        }

        long valueIn = 0;
        for (var i = 0; i < spent.Count; i++)
        {
            if (spent[i] is null)
            {
                return ValidationState.Invalid(
                    InvalidKind.MissingInputs, "bad-txns-inputs-missingorspent", "CheckTxInputs: inputs missing/spent");
            }
        }

        for (var i = 0; i < spent.Count; i++)
        {
            var coin = spent[i];
            var depth = height - coin!.Height; // none is null: checked above
            if (coin.IsCoinBase && depth < Limits.CoinbaseMaturity)
            {
                return ValidationState.Invalid(
                    InvalidKind.PrematureSpend,
                    "bad-txns-premature-spend-of-coinbase",
                    $"tried to spend coinbase at depth {depth}");
            }

            // Each value is in range here or refused, so the sum can't overflow.
            valueIn += coin.Output.Value.Duffs;
            if (!coin.Output.Value.IsInRange || !new Amount(valueIn).IsInRange)
            {
                return ValidationState.Consensus("bad-txns-inputvalues-outofrange");
            }
        }

        var valueOut = transaction.OutputValue;
        if (valueIn < valueOut.Duffs)
        {
            return ValidationState.Consensus(
                "bad-txns-in-belowout",
                $"value in ({MoneyText.Of(new Amount(valueIn))}) < value out ({MoneyText.Of(valueOut)})");
        }

        fee = new Amount(valueIn) - valueOut;
        return ValidationState.Valid;
    }

    /// <summary>Whether a transaction's lock time lets it into a block of this height and time.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="height">Height of the block.</param>
    /// <param name="time">Median time of the blocks before, once CSV is active.</param>
    public static bool IsFinal(Transaction transaction, int height, long time)
    {
        if (transaction.LockTime == 0)
        {
            return true;
        }

        var limit = transaction.LockTime < Limits.LockTimeThreshold ? height : time;
        return transaction.LockTime < limit
            || transaction.Inputs.All(static input => input.Sequence == TxIn.FinalSequence);
    }

    private static ValidationState CheckUnlockFee(Transaction transaction, out Amount fee)
    {
        fee = Amount.Zero;
        if (!AssetUnlock.TryParse(transaction.ExtraPayload.Span, out var unlock))
        {
            return ValidationState.Invalid(InvalidKind.BadSpecial, "bad-assetunlocktx-payload");
        }

        if (unlock.Fee.IsZero)
        {
            return ValidationState.Consensus("bad-txns-assetunlock-fee-outofrange");
        }

        fee = unlock.Fee;
        return ValidationState.Valid;
    }
}
