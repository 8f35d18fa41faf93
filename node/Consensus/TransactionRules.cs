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
    public static ValidationState Check(Transaction transaction)
    {
        var mayLackInputs = transaction.Type is TransactionType.QuorumCommitment
            or TransactionType.MnHfSignal or TransactionType.AssetUnlock;
        var mayLackOutputs = transaction.Type is TransactionType.QuorumCommitment or TransactionType.MnHfSignal;
        if (transaction.Inputs.Length == 0 && !mayLackInputs)
        {
            return ValidationState.Consensus("bad-txns-vin-empty");
        }

        if (transaction.Outputs.Length == 0 && !mayLackOutputs)
        {
            return ValidationState.Consensus("bad-txns-vout-empty");
        }

        if (transaction.Size > Limits.LegacyBlockSize)
        {
            return ValidationState.Consensus("bad-txns-oversize");
        }

        if (transaction.ExtraPayload.Length > Limits.ExtraPayload)
        {
            return ValidationState.Consensus("bad-txns-payload-oversize");
        }

        return CheckOutputValues(transaction) is { IsInvalid: true } values ? values : CheckInputShape(transaction);
    }

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
        if (spent.Any(static coin => coin is null))
        {
            return ValidationState.Invalid(
                InvalidKind.MissingInputs, "bad-txns-inputs-missingorspent", "CheckTxInputs: inputs missing/spent");
        }

        foreach (var coin in spent)
        {
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

    private static ValidationState CheckOutputValues(Transaction transaction)
    {
        long total = 0;
        foreach (var output in transaction.Outputs)
        {
            if (output.Value.Duffs < 0)
            {
                return ValidationState.Consensus("bad-txns-vout-negative");
            }

            if (output.Value > Amount.MaxMoney)
            {
                return ValidationState.Consensus("bad-txns-vout-toolarge");
            }

            total += output.Value.Duffs;
            if (total > Amount.MaxMoney.Duffs)
            {
                return ValidationState.Consensus("bad-txns-txouttotal-toolarge");
            }
        }

        return ValidationState.Valid;
    }

    private static ValidationState CheckInputShape(Transaction transaction)
    {
        if (transaction.Inputs.Length > 1)
        {
            var seen = new HashSet<OutPoint>(transaction.Inputs.Length);
            foreach (var input in transaction.Inputs)
            {
                if (!seen.Add(input.PreviousOutput))
                {
                    return ValidationState.Consensus("bad-txns-inputs-duplicate");
                }
            }
        }

        if (transaction.IsCoinBase)
        {
            // With a CbTx the height is in the payload, and the script may be a single byte.
            var minimum = transaction.Type == TransactionType.CoinbaseSpecial ? 1 : 2;
            var length = transaction.Inputs[0].ScriptSig.Length;
            return length < minimum || length > 100
                ? ValidationState.Consensus("bad-cb-length")
                : ValidationState.Valid;
        }

        return transaction.Inputs.Any(static input => input.PreviousOutput.IsNull)
            ? ValidationState.Consensus("bad-txns-prevout-null")
            : ValidationState.Valid;
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
