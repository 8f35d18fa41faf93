using System.Text.Json;
using Dash.Primitives.Psbt;
using Dash.Primitives.Scripts;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Psbt;

internal static class UtxoUpdatePsbt
{
    private static readonly RpcArg<string> Text = PsbtText.Arg();
    private static readonly RpcArg<JsonElement> Descriptors = Arg.OptionalAny("descriptors", ArgKind.Array,
        "What is known about scripts and keys.",
        Arg.Str("", "A descriptor."),
        Arg.Object("", "A descriptor with its range.",
            Arg.Str("desc", "The descriptor."),
            Arg.OptionalRange("range", "Which indexes of a ranged descriptor: the last, or [first,last].", hint: "1000")));

    public static readonly NodeMethod Method = new("rawtransactions", "utxoupdatepsbt",
        "Adds to a PSBT what descriptors tell about its inputs and outputs (BIP174, Updater).")
    {
        Args = [Text, Descriptors],
        TypesFirst = [ArgKind.Str, ArgKind.Array],
        TypesFirstTakeNull = true,
        Results = [Result.Str("", "The PSBT in base64.")],
        Examples = [Example.Cli("\"psbt\"")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var psbt = PsbtText.Parse(call.Get(Text));
        var source = call.Has(Descriptors)
            ? ScanObjects.Read(call.Raw(Descriptors).AsArray(), call.Node.Network, ct)
            : ScanObjects.None;

        // Inputs whose transaction is known are an earlier updater's work.
        for (var i = 0; i < psbt.Inputs.Count; i++)
        {
            if (psbt.Inputs[i].PreviousTransaction is null)
            {
                PsbtSigner.SignInput(psbt, i, source, SigHashType.All, finalize: true, out _);
            }
        }

        for (var i = 0; i < psbt.Outputs.Count; i++)
        {
            PsbtSigner.UpdateOutput(psbt, i, source);
        }

        result.WriteStringValue(psbt.ToBase64());
        return ValueTask.CompletedTask;
    }
}
