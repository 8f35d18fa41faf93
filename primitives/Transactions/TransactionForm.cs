using Dash.Primitives.Units;

namespace Dash.Primitives.Transactions;

/// <summary>What can be said of a transaction alone. Core: CheckTransaction. Pure.</summary>
public static class TransactionForm
{
    /// <summary>Bytes no transaction exceeds.</summary>
    public const int MaxSize = 1_000_000;

    /// <summary>Bytes the payload of a special transaction does not exceed.</summary>
    public const int MaxExtraPayload = 10_000;

    private const int MaxCoinbaseScript = 100;

    /// <summary>Core's reject reason, as <c>bad-txns-vin-empty</c>; null when the form is good.</summary>
    public static string? Check(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var mayLackOutputs = transaction.Type is TransactionType.QuorumCommitment or TransactionType.MnHfSignal;
        if (transaction.Inputs.Length == 0 && !mayLackOutputs && transaction.Type != TransactionType.AssetUnlock)
        {
            return "bad-txns-vin-empty";
        }

        if (transaction.Outputs.Length == 0 && !mayLackOutputs)
        {
            return "bad-txns-vout-empty";
        }

        if (transaction.Size > MaxSize)
        {
            return "bad-txns-oversize";
        }

        if (transaction.ExtraPayload.Length > MaxExtraPayload)
        {
            return "bad-txns-payload-oversize";
        }

        return CheckOutputValues(transaction) ?? CheckInputs(transaction);
    }

    private static string? CheckOutputValues(Transaction transaction)
    {
        long total = 0;
        foreach (var output in transaction.Outputs)
        {
            if (output.Value.Duffs < 0)
            {
                return "bad-txns-vout-negative";
            }

            if (output.Value > Amount.MaxMoney)
            {
                return "bad-txns-vout-toolarge";
            }

            total += output.Value.Duffs; // both at most 21e14
            if (total > Amount.MaxMoney.Duffs)
            {
                return "bad-txns-txouttotal-toolarge";
            }
        }

        return null;
    }

    private static string? CheckInputs(Transaction transaction)
    {
        if (HasRepeatedInput(transaction))
        {
            return "bad-txns-inputs-duplicate"; // CVE-2018-17144
        }

        if (transaction.IsCoinBase)
        {
            // With a CbTx the height is in the payload, and the script may be a single byte.
            var minimum = transaction.Type == TransactionType.CoinbaseSpecial ? 1 : 2;
            var length = transaction.Inputs[0].ScriptSig.Length;
            return length < minimum || length > MaxCoinbaseScript ? "bad-cb-length" : null;
        }

        foreach (var input in transaction.Inputs)
        {
            if (input.PreviousOutput.IsNull)
            {
                return "bad-txns-prevout-null";
            }
        }

        return null;
    }

    private static bool HasRepeatedInput(Transaction transaction)
    {
        if (transaction.Inputs.Length < 2)
        {
            return false;
        }

        var seen = new HashSet<OutPoint>(transaction.Inputs.Length);
        foreach (var input in transaction.Inputs)
        {
            if (!seen.Add(input.PreviousOutput))
            {
                return true;
            }
        }

        return false;
    }
}
