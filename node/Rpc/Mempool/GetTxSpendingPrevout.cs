using System.Text.Json;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Mempool;

internal static class GetTxSpendingPrevout
{
    private static readonly RpcArg<Txid> Id = Arg.Txid("txid", "The transaction's id.");
    private static readonly RpcArg<int> Index = Arg.Int("vout", "Which of its outputs.");
    private static readonly RpcArg<IReadOnlyList<RpcObject>> Outputs =
        Arg.Array("outputs", "The outputs.", Arg.Object("", "An output.", Id, Index));

    public static readonly NodeMethod Method = new("blockchain", "gettxspendingprevout", "Which transactions of the mempool spend some outputs.")
    {
        Args = [Outputs],
        Results =
        [
            Result.Arr("", "", Result.Obj("", "",
                Result.Hex("txid", "The transaction's id."),
                Result.Num("vout", "Which of its outputs."),
                Result.Hex("spendingtxid", "The transaction that spends it, if one does.", optional: true))),
        ],
        Examples =
        [
            Example.Cli("\"[{\\\"txid\\\":\\\"a08e6907dbbd3d809776dbfc5d82e371b764ed838b5655e72f463568df1aadf0\\\",\\\"vout\\\":3}]\""),
            Example.Rpc("[{\"txid\":\"a08e6907dbbd3d809776dbfc5d82e371b764ed838b5655e72f463568df1aadf0\",\"vout\":3}]"),
        ],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var outputs = call.Get(Outputs);
        if (outputs.Count == 0)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "Invalid parameter, outputs are missing");
        }

        List<OutPoint> outPoints = [];
        foreach (var output in outputs)
        {
            var txid = output.Get(Id);
            var index = output.Get(Index);
            outPoints.Add(index >= 0
                ? new OutPoint(txid, (uint)index)
                : throw new RpcError(RpcErrorCode.InvalidParameter, "Invalid parameter, vout cannot be negative"));
        }

        result.WriteStartArray();
        foreach (var outPoint in outPoints)
        {
            result.WriteStartObject();
            result.WriteHash("txid", outPoint.Txid);
            result.WriteNumber("vout", outPoint.Index);
            if (call.Node.Mempool.SpenderOf(outPoint) is { } spender)
            {
                result.WriteHash("spendingtxid", spender.Txid);
            }

            result.WriteEndObject();
        }

        result.WriteEndArray();
        return ValueTask.CompletedTask;
    }
}
