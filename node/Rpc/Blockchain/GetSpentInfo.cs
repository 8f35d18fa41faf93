using System.Text.Json;
using Dash.Node.Indexes;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Blockchain;

internal static class GetSpentInfo
{
    private const string ExampleText =
        "{\"txid\": \"0437cd7f8525ceed2324359c2d0ba26006d92d856a9c20fa0241106ee5a597c9\", \"index\": 0}";

    private static readonly RpcArg<JsonElement> Request = Arg.OptionalAny("request", ArgKind.Object, "The output.",
        Arg.Str("txid", "", "Its transaction.") with { Kind = ArgKind.Hex },
        Arg.Int("index", 0, "Its number.")) with { DefaultText = "{}" };

    public static readonly NodeMethod Method = new("blockchain", "getspentinfo", "The input that spends an output. Needs -spentindex.")
    {
        Args = [Request],
        Results =
        [
            Result.Obj(
                Result.Hex("txid", "Transaction of the input."),
                Result.Num("index", "Its number."),
                Result.Num("height", "Height of its block; -1 in the mempool.")),
        ],
        Examples = [Example.Cli($"'{ExampleText}'"), Example.Rpc(ExampleText)],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var request = call.Raw(Request).AsObject();
        var (txid, number) = (request.Find("txid"), request.Find("index"));
        if (txid.ValueKind != JsonValueKind.String || number.ValueKind != JsonValueKind.Number)
        {
            throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Invalid txid or index");
        }

        var outPoint = new OutPoint(new Txid(txid.AsHash("txid")), (uint)number.AsInt());
        if (call.Node.Indexes.Addresses is not { Settings.Spent: true } index)
        {
            throw new RpcError(
                RpcErrorCode.InvalidRequest, "Spent index is disabled. You should run Dash Core with -spentindex (requires reindex)");
        }

        var spender = SpenderLookup.Find(call, index, outPoint)
            ?? throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Unable to get spent info");
        result.WriteStartObject();
        result.WriteHash("txid", spender.Txid);
        result.WriteNumber("index", spender.Index);
        result.WriteNumber("height", spender.Height);
        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }
}
