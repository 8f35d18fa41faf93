using System.Text.Json;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Mempool;

internal static class GetMempoolEntry
{
    private static readonly RpcArg<Txid> Id = Arg.Txid("txid", "The transaction's id.", errorName: "parameter 1");

    public static readonly NodeMethod Method = new("blockchain", "getmempoolentry", "A transaction of the mempool.")
    {
        Args = [Id],
        Results = [Result.Obj([.. MempoolJson.EntryResults])],
        Examples = [Example.Cli("\"mytxid\""), Example.Rpc("\"mytxid\"")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var txid = call.Get(Id);
        var view = call.Node.Mempool.View;
        var entry = view.FindOrRefuse(txid);
        result.WriteStartObject();
        result.WriteEntry(entry, view, call.Node);
        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }
}
