using System.Collections.Immutable;
using Dash.Primitives.Keys;
using Dash.Primitives.Psbt;
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
        Func<Script, IReadOnlyList<(Keychain Keychain, int Index)>> find,
        SigHashType type,
        CancellationToken ct)
    {
        if (ring.IsLockedForMixing)
        {
            throw WalletException.Locked();
        }

        using var source = new KeychainSource();
        foreach (var output in spent)
        {
            if (output is not null)
            {
                AddScript(source, output.ScriptPubKey, find, ring);
            }
        }

        var isSingle = (type & ~SigHashType.AnyoneCanPay) == SigHashType.Single;
        var inputs = tx.Inputs.ToBuilder();
        var errors = new List<KeyValuePair<int, string>>();
        for (var i = 0; i < inputs.Count; i++)
        {
            ct.ThrowIfCancellationRequested();
            if (spent[i] is not { } output)
            {
                errors.Add(new(i, "Input not found or already spent"));
                continue;
            }

            // Signatures that are there are kept. A single output is signed only where there is one.
            var progress = PartialSignatures.Read(tx, i, output);
            if (!isSingle || i < tx.Outputs.Length)
            {
                InputSigner.Sign(source, new TransactionSignatureMaker(tx, i, type), output.ScriptPubKey, progress);
            }

            inputs[i] = inputs[i] with { ScriptSig = progress.ScriptSig };
            if (!Interpreter.Verify(
                progress.ScriptSig, output.ScriptPubKey, ScriptFlags.Standard, new TransactionChecker(tx, i), out var error))
            {
                errors.Add(new(i, Explain(error)));
            }
        }

        return ValueTask.FromResult(
            new SignedTransaction(tx with { Inputs = inputs.ToImmutable() }, errors.Count == 0, errors));
    }

    /// <inheritdoc/>
    public ValueTask FillAsync(
        PartiallySignedTransaction psbt,
        Func<Script, IReadOnlyList<(Keychain Keychain, int Index)>> find,
        PsbtFill fill,
        CancellationToken ct)
    {
        for (var i = 0; i < psbt.Inputs.Count; i++)
        {
            ct.ThrowIfCancellationRequested();
            var input = psbt.Inputs[i];
            if (input.IsSigned || input.PreviousTransaction is null || !psbt.TryGetSpent(i, out var spent))
            {
                continue;
            }

            using var source = new KeychainSource { TellsOrigins = fill.TellsOrigins };
            var keys = fill.Signs ? ring : null;
            AddScript(source, spent.ScriptPubKey, find, keys);
            foreach (var bytes in input.KeyPaths.Keys)
            {
                AddKey(source, bytes, find);
            }

            PsbtSigner.SignInput(psbt, i, source, fill.Type, fill.Finishes, out _);
        }

        for (var i = 0; i < psbt.Outputs.Count; i++)
        {
            if (find(psbt.Transaction.Outputs[i].ScriptPubKey) is { Count: > 0 } owners)
            {
                using var source = new KeychainSource { TellsOrigins = fill.TellsOrigins };
                Add(source, owners, null);
                PsbtSigner.UpdateOutput(psbt, i, source);
            }
        }

        return ValueTask.CompletedTask;

        // A script of somebody else's may ask for a key of ours.
        void AddKey(KeychainSource source, byte[] bytes, Func<Script, IReadOnlyList<(Keychain Keychain, int Index)>> find)
        {
            if (PublicKey.TryParse(bytes, out var key))
            {
                var secrets = fill.Signs ? ring : null;
                AddScript(source, ScriptTemplates.PayToPubKeyHash(key.Id), find, secrets);
                AddScript(source, ScriptTemplates.PayToPubKey(key.ToArray()), find, secrets);
            }
        }
    }

    private static void AddScript(
        KeychainSource source, Script script, Func<Script, IReadOnlyList<(Keychain Keychain, int Index)>> find, KeyRing? keys) =>
        Add(source, find(script), keys);

    // One keychain may have the key of a script that another one only watches.
    private static void Add(KeychainSource source, IReadOnlyList<(Keychain Keychain, int Index)> owners, KeyRing? keys)
    {
        foreach (var (keychain, index) in owners)
        {
            source.Add(keychain, index, keys);
        }
    }

    private static string Explain(ScriptError error) => error switch
    {
        ScriptError.InvalidStackOperation => "Unable to sign input, invalid stack size (possibly missing key)",
        ScriptError.SigNullFail => "CHECK(MULTI)SIG failing with non-zero signature (possibly need more signatures)",
        _ => ScriptErrorText.Of(error),
    };
}
