using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.Node.Consensus;

/// <summary>
/// Runs the scripts of a transaction's inputs, and remembers which transactions passed: one that came through the
/// mempool is not checked again in its block. Belongs to the validation loop.
/// </summary>
/// <param name="threads">Threads that check the scripts of a block together; 1 to check them in their order.</param>
internal sealed class ScriptVerifier(int threads)
{
    // About 50 bytes each; a full block has far fewer transactions.
    private const int MaxRemembered = 100_000;

    // The txid commits to the coins spent and to the scripts that spend them, so it is the whole key beside the rules.
    private readonly HashSet<(Txid, ScriptFlags)> _passed = [];

    /// <summary>Whether the scripts of a block are checked together at its end, and not one by one.</summary>
    public bool IsParallel => threads > 1;

    /// <summary>The rules scripts in a block of that height keep.</summary>
    public static ScriptFlags FlagsAt(int height, ChainParams network)
    {
        var heights = network.Heights;
        return ScriptFlags.P2sh
            | (height >= heights.Bip66 ? ScriptFlags.DerSignatures : ScriptFlags.None)
            | (height >= heights.Bip65 ? ScriptFlags.CheckLockTimeVerify : ScriptFlags.None)
            | (height >= heights.Csv ? ScriptFlags.CheckSequenceVerify : ScriptFlags.None)
            | (height >= heights.Bip147 ? ScriptFlags.NullDummy : ScriptFlags.None);
    }

    /// <summary>Checks every input against the coin it spends.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="spent">The coins of the inputs, in order.</param>
    /// <param name="flags">The rules.</param>
    /// <param name="remember">Whether passing is worth remembering: not while blocks are connected.</param>
    public ValidationState Check(Transaction transaction, IReadOnlyList<Coin> spent, ScriptFlags flags, bool remember)
    {
        if (_passed.Contains((transaction.Txid, flags)))
        {
            return ValidationState.Valid;
        }

        for (var i = 0; i < spent.Count; i++)
        {
            if (!Verify(transaction, i, spent[i], flags, out var error))
            {
                return Refuse(transaction, i, spent[i], flags, error);
            }
        }

        if (remember)
        {
            Remember(transaction, flags);
        }

        return ValidationState.Valid;
    }

    /// <summary>Checks all inputs of many transactions on several threads.</summary>
    /// <param name="transactions">Transactions and the coins of their inputs, in order.</param>
    /// <param name="flags">The rules.</param>
    /// <param name="remember">Whether passing is worth remembering.</param>
    /// <returns>Whether all passed; which one didn't is not told, as in Core.</returns>
    public bool CheckAll(
        IReadOnlyList<(Transaction Transaction, IReadOnlyList<Coin> Spent)> transactions,
        ScriptFlags flags,
        bool remember)
    {
        var inputs = transactions
            .Where(item => !_passed.Contains((item.Transaction.Txid, flags)))
            .SelectMany(static item => item.Spent.Select((coin, input) => (item.Transaction, Coin: coin, Input: input)))
            .ToArray();
        var result = Parallel.ForEach(
            inputs,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            (check, loop) =>
            {
                if (!Verify(check.Transaction, check.Input, check.Coin, flags, out _))
                {
                    loop.Stop();
                }
            });
        if (result.IsCompleted && remember)
        {
            foreach (var (transaction, _) in transactions)
            {
                Remember(transaction, flags);
            }
        }

        return result.IsCompleted;
    }

    private static ValidationState Refuse(
        Transaction transaction, int input, Coin coin, ScriptFlags flags, ScriptError error)
    {
        const ScriptFlags OptionalFlags = ScriptFlags.Standard & ~ScriptFlags.Mandatory;
        var isOptional = (flags & OptionalFlags) != 0
            && Verify(transaction, input, coin, flags & ~OptionalFlags, out _);
        return isOptional
            ? ValidationState.Invalid(
                InvalidKind.NotStandard, $"non-mandatory-script-verify-flag ({ScriptErrorText.Of(error)})")
            : ValidationState.Consensus($"mandatory-script-verify-flag-failed ({ScriptErrorText.Of(error)})");
    }

    private void Remember(Transaction transaction, ScriptFlags flags)
    {
        if (_passed.Count >= MaxRemembered)
        {
            _passed.Clear();
        }

        _passed.Add((transaction.Txid, flags));
    }

    private static bool Verify(
        Transaction transaction, int input, Coin coin, ScriptFlags flags, out ScriptError error) =>
        Interpreter.Verify(
            transaction.Inputs[input].ScriptSig,
            coin.Output.ScriptPubKey,
            flags,
            new TransactionChecker(transaction, input),
            out error);
}
