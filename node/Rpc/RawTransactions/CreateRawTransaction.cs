using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.RawTransactions;

internal static class CreateRawTransaction
{
    private static readonly NewTransactionArgs Arguments = new();

    public static readonly NodeMethod Method = new("rawtransactions", "createrawtransaction",
        "Makes a transaction, unsigned. It is neither stored nor sent.")
    {
        Args = Arguments.All,
        TypesFirst = [ArgKind.Array, null, ArgKind.Num],
        TypesFirstTakeNull = true,
        Results = [Result.Hex("transaction", "Its bytes in hex.")],
        Examples =
        [
            Example.Cli("\"[{\\\"txid\\\":\\\"myid\\\",\\\"vout\\\":0}]\" \"[{\\\"address\\\":0.01}]\""),
            Example.Rpc("[{\"txid\":\"myid\",\"vout\":0}], [{\"address\":0.01}]"),
        ],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        result.WriteHexValue(Arguments.Construct(call).ToBytes());
        return ValueTask.CompletedTask;
    }
}
