using System.Text.Json;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Mempool;

internal static class GetMempoolAncestors
{
    private static readonly RpcArg<Txid> Id = Arg.Txid("txid", "The transaction's id.", errorName: "parameter 1");
    private static readonly RpcArg<bool> Verbose = Arg.Bool("verbose", fallback: false, "Objects by id; otherwise ids.");

    public static readonly NodeMethod Method = new("blockchain", "getmempoolancestors", "All unconfirmed transactions on which a transaction of the mempool depends.")
    {
        Args = [Id, Verbose],
        Results =
        [
            Result.Arr("", "", Result.Hex("", "A transaction's id.")) with { Condition = "without verbose" },
            Result.ObjDyn("", "", Result.Obj("txid", "A transaction's id.", [.. MempoolJson.EntryResults])) with { Condition = "with verbose" },
        ],
        Examples = [Example.Cli("\"mytxid\""), Example.Rpc("\"mytxid\"")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var verbose = call.Get(Verbose);
        var txid = call.Get(Id);
        var view = call.Node.Mempool.View;
        var found = view.Graph.AncestorsOf(view.FindOrRefuse(txid).Transaction);
        result.WriteEntries(view.Graph.ParentsFirst(found), view, verbose);
        return ValueTask.CompletedTask;
    }
}
