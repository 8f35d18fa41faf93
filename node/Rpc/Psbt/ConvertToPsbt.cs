using System.Text.Json;
using Dash.Primitives.Psbt;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Psbt;

internal static class ConvertToPsbt
{
    private static readonly RpcArg<string> Text = Arg.HexText("hexstring", "The transaction's bytes in hex.");
    private static readonly RpcArg<bool> PermitSignatures = Arg.Bool("permitsigdata", fallback: false,
        "Drop signatures that are in it; otherwise they are an error.");

    public static readonly NodeMethod Method = new("rawtransactions", "converttopsbt", "Makes a PSBT of a transaction.")
    {
        Args = [Text, PermitSignatures],
        TypesFirst = [ArgKind.Str, ArgKind.Bool, ArgKind.Bool],
        TypesFirstTakeNull = true,
        Results = [Result.Str("", "The PSBT in base64.")],
        Examples = [Example.Cli("\"rawtransaction\"")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var permitted = call.Get(PermitSignatures);
        if (!TransactionArgs.TryParse(call.Get(Text), out var transaction))
        {
            throw new RpcError(RpcErrorCode.Deserialization, "TX decode failed");
        }

        if (!permitted && transaction.Inputs.Any(static input => !input.ScriptSig.IsEmpty))
        {
            throw new RpcError(RpcErrorCode.Deserialization, "Inputs must not have scriptSigs");
        }

        result.WriteStringValue(new PartiallySignedTransaction(PartiallySignedTransaction.Strip(transaction)).ToBase64());
        return ValueTask.CompletedTask;
    }
}
