using System.Text.Json;
using Dash.Primitives.Psbt;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Psbt;

internal static class FinalizePsbt
{
    private static readonly RpcArg<string> Text = PsbtText.Arg();
    private static readonly RpcArg<bool> Extract = Arg.Bool("extract", fallback: true, "Give the transaction itself once it is complete.");

    public static readonly NodeMethod Method = new("rawtransactions", "finalizepsbt",
        "Finishes the inputs whose signatures suffice (BIP174, Finalizer and Extractor).")
    {
        Args = [Text, Extract],
        TypesFirst = [ArgKind.Str, ArgKind.Bool],
        TypesFirstTakeNull = true,
        Results =
        [
            Result.Obj(
                Result.Str("psbt", "The PSBT in base64, unless the transaction is given.", optional: true),
                Result.Hex("hex", "The transaction's bytes.", optional: true),
                Result.Bool("complete", "Whether every input is finished.")),
        ],
        Examples = [Example.Cli("\"psbt\"")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var psbt = PsbtText.Parse(call.Get(Text));
        var extract = call.Get(Extract);
        var isComplete = PsbtSigner.TryExtract(psbt, out var transaction);
        result.WriteStartObject();
        if (isComplete && extract)
        {
            result.WriteHex("hex", transaction!.ToBytes()); // complete ones have it
        }
        else
        {
            result.WriteString("psbt", psbt.ToBase64());
        }

        result.WriteBoolean("complete", isComplete);
        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }
}
