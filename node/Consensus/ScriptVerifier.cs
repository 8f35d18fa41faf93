using System.Buffers.Binary;
using System.Security.Cryptography;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.Node.Consensus;

/// <summary>
/// Runs the scripts of a transaction's inputs, and remembers which transactions and which signatures passed: what came
/// through the mempool is not checked again in its block. Belongs to the validation loop.
/// </summary>
internal sealed class ScriptVerifier
{
    private static readonly ThreadPerTask Threads = new("scriptch");

    private readonly int _threads;
    private readonly PassedSet _transactions;
    private readonly PassedSet _signatures;
    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(32);

    /// <summary>A verifier that has seen nothing yet.</summary>
    /// <param name="threads">Threads that check the scripts of a block together; 1 to check them in their order.</param>
    /// <param name="cacheBytes">Memory for what passed.</param>
    public ScriptVerifier(int threads, long cacheBytes)
    {
        _threads = threads;
        _transactions = new PassedSet(cacheBytes / 2);
        _signatures = new PassedSet(cacheBytes / 2);
    }

    /// <summary>Whether the scripts of a block are checked together at its end, and not one by one.</summary>
    public bool IsParallel => _threads > 1;

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
    /// <param name="remember">Whether passing as a whole is worth remembering: not while blocks are connected.</param>
    /// <param name="rememberSignatures">Whether its signatures are.</param>
    public ValidationState Check(
        Transaction transaction,
        IReadOnlyList<Coin> spent,
        ScriptFlags flags,
        bool remember,
        bool rememberSignatures = true)
    {
        if (HasPassed(transaction, flags))
        {
            return ValidationState.Valid;
        }

        for (var i = 0; i < spent.Count; i++)
        {
            if (!Verify(transaction, i, spent[i], flags, rememberSignatures, out var error))
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

    /// <summary>Begins to check the scripts of a block on several threads.</summary>
    /// <param name="inputs">How many inputs there are at most.</param>
    /// <param name="flags">The rules.</param>
    /// <param name="remember">Whether good signatures are worth remembering.</param>
    public ScriptChecks Begin(int inputs, ScriptFlags flags, bool remember) => new(
        inputs,
        _threads - 1,
        Threads,
        (transaction, input, coin) => Verify(transaction, input, coin, flags, remember, out _));

    /// <summary>Whether the transaction is known to be good as a whole.</summary>
    public bool HasPassed(Transaction transaction, ScriptFlags flags) =>
        !_transactions.IsEmpty && _transactions.Contains(EntryOf(transaction, flags));

    /// <summary>Remembers that all scripts of the transaction are good.</summary>
    public void Remember(Transaction transaction, ScriptFlags flags) => _transactions.Add(EntryOf(transaction, flags));

    private ValidationState Refuse(
        Transaction transaction, int input, Coin coin, ScriptFlags flags, ScriptError error)
    {
        const ScriptFlags OptionalFlags = ScriptFlags.Standard & ~ScriptFlags.Mandatory;
        var isOptional = (flags & OptionalFlags) != 0
            && Verify(transaction, input, coin, flags & ~OptionalFlags, remember: false, out _);
        return isOptional
            ? ValidationState.Invalid(
                InvalidKind.NotStandard, $"non-mandatory-script-verify-flag ({ScriptErrorText.Of(error)})")
            : ValidationState.Consensus($"mandatory-script-verify-flag-failed ({ScriptErrorText.Of(error)})");
    }

    // The txid commits to the coins spent and to the scripts that spend them, so it is the whole key beside the rules.
    private Uint256 EntryOf(Transaction transaction, ScriptFlags flags)
    {
        Span<byte> entry = stackalloc byte[32 + Uint256.Size + sizeof(uint)];
        _salt.CopyTo(entry);
        transaction.Txid.Value.CopyTo(entry[32..]);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[(32 + Uint256.Size)..], (uint)flags);
        return new Uint256(SHA256.HashData(entry));
    }

    private bool Verify(
        Transaction transaction, int input, Coin coin, ScriptFlags flags, bool remember, out ScriptError error) =>
        Interpreter.Verify(
            transaction.Inputs[input].ScriptSig,
            coin.Output.ScriptPubKey,
            flags,
            new CachingChecker(transaction, input, _signatures, _salt, remember),
            out error);
}
