using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Primitives.Psbt;

/// <summary>How far a PSBT is, and what the transaction will cost.</summary>
public sealed record PsbtAnalysis
{
    // Core: -bytespersigop, the default.
    private const int BytesPerSigOp = 20;

    /// <summary>Bytes of the complete transaction (more, if it has many signature checks); null when unknown.</summary>
    public int? EstimatedSize { get; init; }

    /// <summary>What it will pay for its space; null when unknown.</summary>
    public FeeRate? EstimatedFeeRate { get; init; }

    /// <summary>What it will pay; null when an input's amount is not known.</summary>
    public Amount? Fee { get; init; }

    /// <summary>Each input.</summary>
    public IReadOnlyList<PsbtInputAnalysis> Inputs { get; init; } = [];

    /// <summary>Who is next: the earliest role any input waits for.</summary>
    public PsbtRole Next { get; init; }

    /// <summary>Why it can never become valid, in Core's words; else empty.</summary>
    public string Error { get; init; } = "";

    /// <summary>Looks at a PSBT, which is not changed.</summary>
    public static PsbtAnalysis Of(PartiallySignedTransaction psbt)
    {
        ArgumentNullException.ThrowIfNull(psbt);
        var copy = psbt.Clone();
        var inputs = new List<PsbtInputAnalysis>();
        var valueIn = Amount.Zero;
        for (var i = 0; i < copy.Inputs.Count; i++)
        {
            if (copy.TryGetSpent(i, out var spent))
            {
                if (!spent.Value.IsInRange || !(valueIn + spent.Value).IsInRange)
                {
                    return Invalid($"PSBT is not valid. Input {i} has invalid value");
                }

                valueIn += spent.Value;
                if (spent.ScriptPubKey.IsUnspendable)
                {
                    return Invalid($"PSBT is not valid. Input {i} spends unspendable output");
                }

                inputs.Add(OfInput(copy, i));
            }
            else if (copy.Inputs[i].PreviousTransaction is { } previous
                && copy.Transaction.Inputs[i].PreviousOutput.Index >= previous.Outputs.Length)
            {
                return Invalid($"PSBT is not valid. Input {i} specifies invalid prevout");
            }
            else
            {
                inputs.Add(new PsbtInputAnalysis { Next = PsbtRole.Updater });
            }
        }

        var analysis = new PsbtAnalysis
        {
            Inputs = inputs,
            Next = inputs.Select(static input => input.Next).Append(PsbtRole.Extractor).Min(),
        };
        return inputs.All(static input => input.HasSpent) ? analysis.WithFee(copy, valueIn) : analysis;
    }

    private static PsbtAnalysis Invalid(string error) => new() { Error = error, Next = PsbtRole.Creator };

    private static PsbtInputAnalysis OfInput(PartiallySignedTransaction psbt, int input)
    {
        if (psbt.Inputs[input].IsSigned)
        {
            return new PsbtInputAnalysis { HasSpent = true, IsFinal = true };
        }

        if (PsbtSigner.SignInput(
            psbt, input, EmptySigningSource.Instance, SigHashType.All, finalize: true, out var progress))
        {
            return new PsbtInputAnalysis { HasSpent = true, Next = PsbtRole.Finalizer };
        }

        var isOnlyUnsigned = progress.MissingKeys.Count == 0
            && progress.MissingRedeemScript is null
            && progress.MissingSignatures.Count > 0;
        return new PsbtInputAnalysis
        {
            HasSpent = true,
            Next = isOnlyUnsigned ? PsbtRole.Signer : PsbtRole.Updater,
            MissingKeys = progress.MissingKeys,
            MissingSignatures = progress.MissingSignatures,
            MissingRedeemScript = progress.MissingRedeemScript,
        };
    }

    private PsbtAnalysis WithFee(PartiallySignedTransaction psbt, Amount valueIn)
    {
        var valueOut = Amount.Zero;
        foreach (var output in psbt.Transaction.Outputs)
        {
            if (!output.Value.IsInRange || !(valueOut + output.Value).IsInRange)
            {
                return Invalid("PSBT is not valid. Output amount invalid");
            }

            valueOut += output.Value;
        }

        var fee = valueIn - valueOut;
        for (var i = 0; i < psbt.Inputs.Count; i++)
        {
            if (!PsbtSigner.SignInput(
                psbt, i, EmptySigningSource.Instance, PlaceholderSignatureMaker.Usual, finalize: true, out _))
            {
                return this with { Fee = fee };
            }
        }

        var size = EstimateSize(psbt);
        return this with { Fee = fee, EstimatedSize = size, EstimatedFeeRate = FeeRate.Of(fee, size) };
    }

    private static int EstimateSize(PartiallySignedTransaction psbt)
    {
        var transaction = psbt.WithFinalScripts();
        var checks = transaction.Outputs.Sum(static output => SigOpCount.Of(output.ScriptPubKey, accurate: false));
        for (var i = 0; i < transaction.Inputs.Length; i++)
        {
            var script = transaction.Inputs[i].ScriptSig;
            checks += SigOpCount.Of(script, accurate: false);
            if (psbt.TryGetSpent(i, out var spent) && spent.ScriptPubKey.IsPayToScriptHash)
            {
                checks += SigOpCount.OfSpend(spent.ScriptPubKey, script);
            }
        }

        return Math.Max(transaction.Size, checks * BytesPerSigOp);
    }
}
