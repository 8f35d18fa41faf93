using Dash.Primitives.Scripts;
using Dash.Primitives.Units;

namespace Dash.Primitives.Transactions;

/// <summary>Which transactions nodes relay, beyond what blocks may hold. Pure.</summary>
public static class Standardness
{
    /// <summary>Bytes a standard transaction stays below.</summary>
    public const int MaxSize = 100_000;

    /// <summary>
    /// Bytes of the smallest transaction that is relayed: below lies the size of two hashes (CVE-2017-12842).
    /// </summary>
    public const int MinSize = 83;

    /// <summary>Signature operations a relayed transaction may have.</summary>
    public const int MaxSigOps = 4000;

    /// <summary>Signature operations of the script behind a script hash.</summary>
    public const int MaxSigOpsBehindHash = 15;

    private const int MaxScriptSigSize = 1650; // fifteen signatures and keys: 1627, rounded up
    private const int MaxMultisigKeys = 3;

    // Bytes of an input that spends a P2PKH output.
    private const int SpendSize = 148;

    /// <summary>
    /// Core's reject reason, as <c>scriptsig-size</c>, for the transaction alone; null when standard.
    /// </summary>
    public static string? Check(Transaction transaction, StandardRules rules)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(rules);
        if (transaction.Version is > Transaction.SpecialVersion or < 1)
        {
            return "version";
        }

        if (transaction.Size >= MaxSize)
        {
            return "tx-size";
        }

        foreach (var input in transaction.Inputs)
        {
            if (input.ScriptSig.Length > MaxScriptSigSize)
            {
                return "scriptsig-size";
            }

            if (!input.ScriptSig.IsPushOnly)
            {
                return "scriptsig-not-pushonly";
            }
        }

        return CheckOutputs(transaction, rules);
    }

    /// <summary>Whether an output's script is of a standard form, and which.</summary>
    public static bool IsStandard(Script scriptPubKey, StandardRules rules, out ScriptKind kind)
    {
        ArgumentNullException.ThrowIfNull(scriptPubKey);
        ArgumentNullException.ThrowIfNull(rules);
        var solution = ScriptTemplates.Solve(scriptPubKey);
        kind = solution.Kind;
        return kind switch
        {
            ScriptKind.NonStandard => false,
            ScriptKind.Multisig => solution.Data.Length is >= 1 and <= MaxMultisigKeys
                && solution.Required >= 1 && solution.Required <= solution.Data.Length,
            ScriptKind.NullData => rules.AcceptDataCarrier && scriptPubKey.Length <= rules.MaxDataCarrierBytes,
            _ => true,
        };
    }

    /// <summary>Whether the scripts a transaction spends are standard, and cheap ones behind hashes.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="spent">The scripts of the outputs its inputs spend, in order.</param>
    public static bool AreInputsStandard(Transaction transaction, IReadOnlyList<Script> spent)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(spent);
        if (transaction.IsCoinBase)
        {
            return true;
        }

        for (var i = 0; i < transaction.Inputs.Length; i++)
        {
            switch (ScriptTemplates.Solve(spent[i]).Kind)
            {
                case ScriptKind.NonStandard:
                case ScriptKind.ScriptHash when !IsCheapBehindHash(transaction.Inputs[i].ScriptSig):
                    return false;
            }
        }

        return true;
    }

    /// <summary>Below this value an output costs more to spend than it is worth.</summary>
    public static Amount DustThreshold(TxOut output, FeeRate dustRelay)
    {
        ArgumentNullException.ThrowIfNull(output);
        return output.ScriptPubKey.IsUnspendable ? Amount.Zero : dustRelay.GetFee(output.Size + SpendSize);
    }

    private static string? CheckOutputs(Transaction transaction, StandardRules rules)
    {
        var dataOutputs = 0;
        foreach (var output in transaction.Outputs)
        {
            if (!IsStandard(output.ScriptPubKey, rules, out var kind))
            {
                return "scriptpubkey";
            }

            if (kind == ScriptKind.NullData)
            {
                dataOutputs++;
            }
            else if (kind == ScriptKind.Multisig && !rules.PermitBareMultisig)
            {
                return "bare-multisig";
            }
            else if (output.Value < DustThreshold(output, rules.DustRelay))
            {
                return "dust";
            }
        }

        return dataOutputs > 1 ? "multi-op-return" : null;
    }

    // The script is what the spending script leaves on top of the stack; without signatures to check it can be run.
    private static bool IsCheapBehindHash(Script scriptSig)
    {
        var stack = new List<byte[]>();
        return Interpreter.Evaluate(stack, scriptSig, ScriptFlags.None, NoSignatures.Instance, out _)
            && stack.Count > 0
            && SigOpCount.Of(new Script(stack[^1]), accurate: true) <= MaxSigOpsBehindHash;
    }
}
