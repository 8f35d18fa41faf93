using Dash.Node.Consensus;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Mempool;

/// <summary>Which transactions are standard. Pure.</summary>
internal static class Policy
{
    /// <summary>
    /// Bytes of the smallest transaction that is relayed: below lies the size of two hashes (CVE-2017-12842).
    /// </summary>
    public const int MinTransactionSize = 83;

    /// <summary>Signature operations of a relayed transaction.</summary>
    public const int MaxSigOps = 4000;

    private const int MaxScriptSigSize = 1650;
    private const int MaxSigOpsBehindHash = 15;
    private const int MaxMultisigKeys = 3;

    // Bytes of an input that spends a P2PKH output.
    private const int SpendSize = 148;

    /// <summary>Form of the transaction itself.</summary>
    public static ValidationState CheckStandard(Transaction transaction, PolicySettings settings)
    {
        if (transaction.Version is > Transaction.SpecialVersion or < 1)
        {
            return NotStandard("version");
        }

        if (transaction.Size >= Limits.TransactionSizeAfterDip1)
        {
            return NotStandard("tx-size");
        }

        foreach (var input in transaction.Inputs)
        {
            if (input.ScriptSig.Length > MaxScriptSigSize)
            {
                return NotStandard("scriptsig-size");
            }

            if (!input.ScriptSig.IsPushOnly)
            {
                return NotStandard("scriptsig-not-pushonly");
            }
        }

        return CheckOutputs(transaction, settings);
    }

    /// <summary>Whether the coins a transaction spends have standard scripts, and cheap ones behind hashes.</summary>
    public static bool AreInputsStandard(Transaction transaction, IReadOnlyList<Coin> spent)
    {
        for (var i = 0; i < spent.Count; i++)
        {
            var script = spent[i].Output.ScriptPubKey;
            var kind = ScriptTemplates.Solve(script).Kind;
            if (kind == ScriptKind.NonStandard)
            {
                return false;
            }

            if (kind == ScriptKind.ScriptHash
                && (!PushesSomething(transaction.Inputs[i].ScriptSig)
                    || SigOpCount.OfSpend(script, transaction.Inputs[i].ScriptSig) > MaxSigOpsBehindHash))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Size for fees: a transaction full of signature operations counts as larger.</summary>
    public static int VirtualSize(int size, int sigOps, PolicySettings settings) =>
        Math.Max(size, sigOps * settings.BytesPerSigOp);

    /// <summary>Below this value an output costs more to spend than it is worth.</summary>
    public static Amount DustThreshold(TxOut output, FeeRate dustRelay) =>
        output.ScriptPubKey.IsUnspendable ? Amount.Zero : dustRelay.GetFee(output.Size + SpendSize);

    private static ValidationState CheckOutputs(Transaction transaction, PolicySettings settings)
    {
        var dataOutputs = 0;
        foreach (var output in transaction.Outputs)
        {
            var solution = ScriptTemplates.Solve(output.ScriptPubKey);
            if (!IsStandard(solution, output.ScriptPubKey, settings))
            {
                return NotStandard("scriptpubkey");
            }

            if (solution.Kind == ScriptKind.NullData)
            {
                dataOutputs++;
            }
            else if (solution.Kind == ScriptKind.Multisig && !settings.PermitBareMultisig)
            {
                return NotStandard("bare-multisig");
            }
            else if (output.Value < DustThreshold(output, settings.DustRelay))
            {
                return NotStandard("dust");
            }
        }

        return dataOutputs > 1 ? NotStandard("multi-op-return") : ValidationState.Valid;
    }

    private static bool IsStandard(ScriptSolution solution, Script script, PolicySettings settings) =>
        solution.Kind switch
        {
            ScriptKind.NonStandard => false,
            ScriptKind.Multisig => solution.Data.Length is >= 1 and <= MaxMultisigKeys
                && solution.Required >= 1 && solution.Required <= solution.Data.Length,
            ScriptKind.NullData => settings.AcceptDataCarrier && script.Length <= settings.MaxDataCarrierBytes,
            _ => true,
        };

    // What the last push holds is counted by the caller; a script that fails to push has nothing.
    private static bool PushesSomething(Script scriptSig) => !scriptSig.IsEmpty && scriptSig.IsPushOnly;

    private static ValidationState NotStandard(string reason) =>
        ValidationState.Invalid(InvalidKind.NotStandard, reason);
}
