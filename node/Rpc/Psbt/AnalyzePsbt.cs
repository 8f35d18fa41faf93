using System.Text.Json;
using Dash.Primitives.Psbt;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Psbt;

internal static class AnalyzePsbt
{
    private static readonly RpcArg<string> Text = PsbtText.Arg();

    public static readonly NodeMethod Method = new("rawtransactions", "analyzepsbt", "How far a PSBT is, and who has to work on it next.")
    {
        Args = [Text],
        Results =
        [
            Result.Obj(
                Result.Arr("inputs", "", Result.Obj("", "",
                    Result.Bool("has_utxo", "Whether the output it spends is known."),
                    Result.Bool("is_final", "Whether it is finished."),
                    Result.Obj("missing", "What it lacks.",
                        Result.Arr("pubkeys", "", Result.Hex("keyid", "Hash of a public key that is not known.")).Optional(),
                        Result.Arr("signatures", "", Result.Hex("keyid", "Hash of a public key whose signature is missing.")).Optional(),
                        Result.Hex("redeemscript", "Hash of a script that is not known.", optional: true)).Optional(),
                    Result.Str("next", "Who is next with this input.", optional: true))).Optional(),
                Result.Num("estimated_vsize", "Bytes of the complete transaction, estimated.", optional: true),
                Result.Amount("estimated_feerate", "Its fee rate in DASH per 1,000 bytes, estimated.", optional: true),
                Result.Amount("fee", "What it pays.", optional: true),
                Result.Str("next", "Who is next."),
                Result.Str("error", "Why it can never become valid.", optional: true)),
        ],
        Examples = [Example.Cli("\"psbt\"")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var analysis = PsbtAnalysis.Of(PsbtText.Parse(call.Get(Text)));
        result.WriteStartObject();
        if (analysis.Inputs.Count > 0)
        {
            result.WriteStartArray("inputs");
            foreach (var input in analysis.Inputs)
            {
                WriteInput(result, input);
            }

            result.WriteEndArray();
        }

        if (analysis.EstimatedSize is { } size)
        {
            result.WriteNumber("estimated_vsize", size);
        }

        if (analysis.EstimatedFeeRate is { } rate)
        {
            result.WriteFeeRate("estimated_feerate", rate);
        }

        if (analysis.Fee is { } fee)
        {
            result.WriteAmount("fee", fee);
        }

        result.WriteString("next", analysis.Next.Name());
        if (analysis.Error.Length > 0)
        {
            result.WriteString("error", analysis.Error);
        }

        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }

    private static void WriteInput(Utf8JsonWriter result, PsbtInputAnalysis input)
    {
        result.WriteStartObject();
        result.WriteBoolean("has_utxo", input.HasSpent);
        result.WriteBoolean("is_final", input.IsFinal);
        result.WriteString("next", input.Next.Name());
        if (input.MissingKeys.Count > 0 || input.MissingSignatures.Count > 0 || input.MissingRedeemScript is not null)
        {
            result.WriteStartObject("missing");
            if (input.MissingKeys.Count > 0)
            {
                result.WriteStrings("pubkeys", input.MissingKeys.Select(static id => id.ToString()));
            }

            if (input.MissingRedeemScript is { } script)
            {
                result.WriteHash("redeemscript", script);
            }

            if (input.MissingSignatures.Count > 0)
            {
                result.WriteStrings("signatures", input.MissingSignatures.Select(static id => id.ToString()));
            }

            result.WriteEndObject();
        }

        result.WriteEndObject();
    }
}
