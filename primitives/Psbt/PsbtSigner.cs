using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.Primitives.Psbt;

/// <summary>The roles that sign and finish a PSBT.</summary>
public static class PsbtSigner
{
    /// <summary>Signs an input as far as a source can, and notes what a next signer needs to know.</summary>
    /// <param name="psbt">Is changed.</param>
    /// <param name="input">Which input.</param>
    /// <param name="source">Keys and scripts; where keys come from too, if it is an <see cref="IPsbtSource"/>.</param>
    /// <param name="type">What is signed.</param>
    /// <param name="finalize">Whether a complete input is finished: its script kept, all that led to it dropped.</param>
    /// <param name="progress">What the signer found, for telling what is missing.</param>
    /// <returns>Whether the input can be spent now; false when the output it spends is not known.</returns>
    public static bool SignInput(
        PartiallySignedTransaction psbt,
        int input,
        ISigningSource source,
        SigHashType type,
        bool finalize,
        out SigningProgress progress)
    {
        ArgumentNullException.ThrowIfNull(psbt);
        return SignInput(
            psbt, input, source, new TransactionSignatureMaker(psbt.Transaction, input, type), finalize, out progress);
    }

    /// <summary>Notes scripts and origins of an output, so that a signer recognizes change.</summary>
    public static void UpdateOutput(PartiallySignedTransaction psbt, int output, IPsbtSource source)
    {
        ArgumentNullException.ThrowIfNull(psbt);
        var known = psbt.Outputs[output];
        var progress = new SigningProgress { RedeemScript = known.RedeemScript };
        foreach (var bytes in known.KeyPaths.Keys)
        {
            if (Keys.PublicKey.TryParse(bytes, out var key))
            {
                progress.KnownKeys.TryAdd(key.Id, key);
            }
        }

        // As if it were spent; whether that works does not matter.
        _ = InputSigner.Sign(
            source, new NoSignatures(), psbt.Transaction.Outputs[output].ScriptPubKey, progress);
        known.RedeemScript = known.RedeemScript.IsEmpty ? progress.RedeemScript : known.RedeemScript;
        MapMerge.AddMissing(known.KeyPaths, Origins(progress, source));
    }

    /// <summary>Finishes all inputs whose signatures suffice; whether all inputs are finished then.</summary>
    public static bool Finish(PartiallySignedTransaction psbt)
    {
        ArgumentNullException.ThrowIfNull(psbt);
        var isComplete = true;
        for (var i = 0; i < psbt.Inputs.Count; i++)
        {
            isComplete &= SignInput(psbt, i, EmptySigningSource.Instance, SigHashType.All, finalize: true, out _);
        }

        return isComplete;
    }

    /// <summary>Finishes a PSBT and gives its transaction; false when signatures are missing.</summary>
    public static bool TryExtract(PartiallySignedTransaction psbt, [NotNullWhen(true)] out Transaction? transaction)
    {
        transaction = Finish(psbt) ? psbt.WithFinalScripts() : null;
        return transaction is not null;
    }

    /// <summary>As the public one, with any maker of signatures.</summary>
    internal static bool SignInput(
        PartiallySignedTransaction psbt,
        int input,
        ISigningSource source,
        ISignatureMaker maker,
        bool finalize,
        out SigningProgress progress)
    {
        var known = psbt.Inputs[input];
        progress = known.ToProgress();
        if (known.IsSigned)
        {
            return true;
        }

        if (!psbt.TryGetSpent(input, out var spent))
        {
            return false;
        }

        var isComplete = InputSigner.Sign(source, maker, spent.ScriptPubKey, progress);
        known.Take(progress, Origins(progress, source as IPsbtSource), finalize);
        return isComplete;
    }

    private static IEnumerable<KeyValuePair<byte[], KeyOrigin>> Origins(SigningProgress progress, IPsbtSource? source)
    {
        foreach (var (id, key) in progress.KeysMet)
        {
            if (source is not null && source.TryGetOrigin(id, out var origin))
            {
                yield return new KeyValuePair<byte[], KeyOrigin>(key.ToArray(), origin);
            }
        }
    }

    /// <summary>Signs nothing: keys are only met.</summary>
    private sealed class NoSignatures : ISignatureMaker
    {
        public ISignatureChecker Checker => PlaceholderSignatureMaker.Usual.Checker;

        public bool TrySign(
            ISigningSource source,
            Hashing.Hash160 keyId,
            Script scriptCode,
            [NotNullWhen(true)] out byte[]? signature)
        {
            signature = null;
            return false;
        }
    }
}
