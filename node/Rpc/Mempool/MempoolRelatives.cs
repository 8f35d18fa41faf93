using Dash.Node.Mempool;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Mempool;

/// <summary>The two methods that follow a transaction of the mempool to those it depends on, or to those that depend on it.</summary>
internal static class MempoolRelatives
{
    /// <summary>Declares one of them.</summary>
    /// <param name="name">The method's name.</param>
    /// <param name="description">For help.</param>
    /// <param name="follow">Finds the relatives.</param>
    public static NodeMethod Declare(
        string name, string description, Func<MempoolGraph, Transaction, IEnumerable<MempoolEntry>> follow)
    {
        var id = Arg.Txid("txid", "The transaction's id.", errorName: "parameter 1");
        var verbose = Arg.Bool("verbose", fallback: false, "Objects by id; otherwise ids.");
        return new NodeMethod("blockchain", name, description)
        {
            Args = [id, verbose],
            Results =
            [
                Result.Arr("", "", Result.Hex("", "A transaction's id.")) with { Condition = "without verbose" },
                Result.ObjDyn("", "", Result.Obj("txid", "A transaction's id.", [.. MempoolJson.EntryResults])) with { Condition = "with verbose" },
            ],
            Examples = [Example.Cli("\"mytxid\""), Example.Rpc("\"mytxid\"")],
            Handler = (call, result, _) =>
            {
                var isVerbose = call.Get(verbose);
                var txid = call.Get(id);
                var view = call.Node.Mempool.View;
                var found = follow(view.Graph, view.FindOrRefuse(txid).Transaction);
                result.WriteEntries(found.OrderBy(static entry => entry.Txid, TxidOrder.Instance), view, isVerbose, call.Node);
                return ValueTask.CompletedTask;
            },
        };
    }
}
