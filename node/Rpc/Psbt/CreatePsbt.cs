using System.Text.Json;
using Dash.Node.Rpc.RawTransactions;
using Dash.Primitives.Psbt;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Psbt;

internal static class CreatePsbt
{
    private static readonly NewTransactionArgs Arguments = new();

    public static readonly NodeMethod Method = new("rawtransactions", "createpsbt", "Makes a transaction, unsigned, as a PSBT (BIP174, Creator).")
    {
        Args = Arguments.All,
        TypesFirst = [ArgKind.Array, null, ArgKind.Num],
        TypesFirstTakeNull = true,
        Results = [Result.Str("", "The PSBT in base64.")],
        Examples = [Example.Cli("\"[{\\\"txid\\\":\\\"myid\\\",\\\"vout\\\":0}]\" \"[{\\\"data\\\":\\\"00010203\\\"}]\"")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        result.WriteStringValue(new PartiallySignedTransaction(Arguments.Construct(call)).ToBase64());
        return ValueTask.CompletedTask;
    }
}
