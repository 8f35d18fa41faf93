using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;

namespace Dash.Primitives.Transactions;

/// <summary>Takes signatures out of a script that spends, finished or not, so that others can be added.</summary>
public static class PartialSignatures
{
    /// <summary>What is signed in an input of a transaction that spends an output (Core: DataFromTransaction).</summary>
    public static SigningProgress Read(Transaction transaction, int input, TxOut spent)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(spent);
        var progress = new SigningProgress { ScriptSig = transaction.Inputs[input].ScriptSig };
        var checker = new Collector(new TransactionChecker(transaction, input), progress);
        if (Interpreter.Verify(progress.ScriptSig, spent.ScriptPubKey, ScriptFlags.Standard, checker, out _))
        {
            progress.IsComplete = true;
            return progress;
        }

        // What the script pushes, as far as it runs.
        var stack = new List<byte[]>();
        _ = Interpreter.Evaluate(stack, progress.ScriptSig, ScriptFlags.StrictEncoding, checker, out _);
        var solution = ScriptTemplates.Solve(spent.ScriptPubKey);
        var script = spent.ScriptPubKey;
        if (solution.Kind == ScriptKind.ScriptHash && stack is [.., { Length: > 0 } redeem])
        {
            stack.RemoveAt(stack.Count - 1);
            script = new Script(redeem);
            progress.RedeemScript = script;
            solution = ScriptTemplates.Solve(script);
        }

        if (solution.Kind == ScriptKind.Multisig)
        {
            MatchMultisig(stack, solution, script, checker, progress);
        }

        return progress;
    }

    // Signatures come in the order of their keys.
    private static void MatchMultisig(
        List<byte[]> stack, ScriptSolution solution, Script script, Collector checker, SigningProgress progress)
    {
        var next = 0;
        foreach (var signature in stack)
        {
            for (var i = next; i < solution.Data.Length; i++)
            {
                var key = solution.Data[i];
                if (progress.Signatures.ContainsKey(Hashes.Hash160(key.Span))
                    || checker.CheckSignature(signature, key.Span, script.Span))
                {
                    next = i + 1;
                    break;
                }
            }
        }
    }

    /// <summary>Notes the signatures that are good.</summary>
    private sealed class Collector(ISignatureChecker inner, SigningProgress progress) : ISignatureChecker
    {
        public bool CheckSignature(
            ReadOnlySpan<byte> signature, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> scriptCode)
        {
            if (!inner.CheckSignature(signature, publicKey, scriptCode))
            {
                return false;
            }

            progress.Signatures.TryAdd(
                Hashes.Hash160(publicKey), new KeySignature(publicKey.ToArray(), signature.ToArray()));
            return true;
        }

        public bool CheckLockTime(long lockTime) => inner.CheckLockTime(lockTime);

        public bool CheckSequence(long sequence) => inner.CheckSequence(sequence);
    }
}
