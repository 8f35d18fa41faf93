using System.Collections.Immutable;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.WalletServer.Keys;

/// <summary>Signs with the secrets of a <see cref="KeyRing"/>.</summary>
internal sealed class LocalSigner(KeyRing ring) : ISigner
{
    /// <inheritdoc/>
    public ValueTask<SignedTransaction> SignAsync(
        Transaction tx,
        IReadOnlyList<TxOut?> spent,
        Func<Script, (Keychain Keychain, int Index)?> find,
        SigHashType type,
        CancellationToken ct)
    {
        var inputs = tx.Inputs.ToBuilder();
        for (var i = 0; i < inputs.Count; i++)
        {
            ct.ThrowIfCancellationRequested();
            if (spent[i] is { } output && find(output.ScriptPubKey) is { } place
                && Satisfy(tx, i, output.ScriptPubKey, place, type) is { } scriptSig)
            {
                inputs[i] = inputs[i] with { ScriptSig = scriptSig };
            }
        }

        var signed = tx with { Inputs = inputs.ToImmutable() };
        var errors = new List<KeyValuePair<int, string>>();
        for (var i = 0; i < signed.Inputs.Length; i++)
        {
            if (Check(signed, i, spent[i]) is { } error)
            {
                errors.Add(new(i, error));
            }
        }

        return ValueTask.FromResult(new SignedTransaction(signed, errors.Count == 0, errors));
    }

    private static string? Check(Transaction tx, int input, TxOut? spent)
    {
        if (spent is null)
        {
            return "Input not found or already spent";
        }

        var checker = new TransactionChecker(tx, input);
        return Interpreter.Verify(tx.Inputs[input].ScriptSig, spent.ScriptPubKey, ScriptFlags.Standard, checker, out var error)
            ? null
            : error == ScriptError.InvalidStackOperation
                ? "Unable to sign input, invalid stack size (possibly missing key)"
                : ScriptErrorText.Of(error);
    }

    private Script? Satisfy(Transaction tx, int input, Script script, (Keychain Keychain, int Index) place, SigHashType type)
    {
        var solution = ScriptTemplates.Solve(script);
        if (solution.Kind == ScriptKind.ScriptHash)
        {
            return place.Keychain.RedeemScriptAt(place.Index) is { } redeem
                && Push(tx, input, redeem, place, type) is { } inner
                    ? new ScriptBuilder().Raw(inner.Build().Span).Push(redeem.Span).Build()
                    : null;
        }

        return Push(tx, input, script, place, type)?.Build();
    }

    private ScriptBuilder? Push(
        Transaction tx, int input, Script script, (Keychain Keychain, int Index) place, SigHashType type)
    {
        var solution = ScriptTemplates.Solve(script);
        switch (solution.Kind)
        {
            case ScriptKind.PubKeyHash:
                using (var key = place.Keychain.PrivateKeyAt(place.Index, new Hash160(solution.Data[0].Span), ring))
                {
                    return key is null ? null
                        : new ScriptBuilder().Push(Sign(tx, input, script, key, type)).Push(key.PublicKey.Bytes);
                }

            case ScriptKind.PubKey:
                using (var key = place.Keychain.PrivateKeyAt(place.Index, Hashes.Hash160(solution.Data[0].Span), ring))
                {
                    return key is null ? null : new ScriptBuilder().Push(Sign(tx, input, script, key, type));
                }

            case ScriptKind.Multisig:
                // One element too many is popped by the check (a rule as old as the chain).
                var builder = new ScriptBuilder().Op(Opcode.Op0);
                var missing = solution.Required;
                foreach (var publicKey in solution.Data)
                {
                    using var key = missing == 0 ? null
                        : place.Keychain.PrivateKeyAt(place.Index, Hashes.Hash160(publicKey.Span), ring);
                    if (key is not null)
                    {
                        builder.Push(Sign(tx, input, script, key, type));
                        missing--;
                    }
                }

                return builder;
            default:
                return null;
        }
    }

    private static byte[] Sign(Transaction tx, int input, Script scriptCode, PrivateKey key, SigHashType type) =>
        [.. key.Sign(SignatureHash.Compute(tx, input, scriptCode, type)), (byte)type];
}
