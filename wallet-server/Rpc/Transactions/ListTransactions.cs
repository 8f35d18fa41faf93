using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.WalletServer.Rpc.Transactions;

internal static class ListTransactions
{
    private static readonly RpcArg<string?> Label = Arg.OptionalStr("label|dummy",
        "Only what was received under this label; \"*\" for everything.");

    private static readonly RpcArg<int> Count = Arg.Int("count", fallback: 10, "How many at most.");
    private static readonly RpcArg<int> Skip = Arg.Int("skip", fallback: 0, "How many of the latest to leave out.");
    private static readonly RpcArg<bool?> WatchOnly = WalletArgs.IncludeWatchOnly(
        "Include payments to watched addresses.");

    public static readonly WalletMethod Method = new("wallet", "listtransactions",
        "The latest payments, the oldest of them first. A transaction has a line for each output that concerns the wallet.\n" +
        "With a label, what was received under it.")
    {
        Args = [Label, Count, Skip, WatchOnly],
        Results = [Result.Arr("", "", Result.Obj("", "", [.. TxLine.Results, .. WalletTxJson.Results, TxLine.AbandonedResult]))],
        Examples =
        [
            Example.Cli("The latest 10", ""),
            Example.Cli("The 20 before the latest 100", "\"*\" 20 100"),
            Example.Rpc("The same over HTTP", "\"*\", 20, 100"),
        ],
        Reflects = WholeWallet.StateAsync,
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        var label = call.Get(Label) is { } text and not "*" ? text : null;
        if (label is "")
        {
            throw Refused("Label argument must be a valid label name or \"*\".");
        }

        var count = call.Get(Count);
        var skip = call.Get(Skip);
        call.Get(WatchOnly);
        if (count < 0)
        {
            throw Refused("Negative count");
        }

        if (skip < 0)
        {
            throw Refused("Negative from");
        }

        // The end of the list is what is wanted, and history is read from its end.
        using var view = call.OpenView(wallet);
        var latest = new List<TxLine>();
        foreach (var tx in view.NewestFirst())
        {
            ct.ThrowIfCancellationRequested();
            latest.AddRange(TxLine.Of(view, tx, label: label));
            if (latest.Count >= (long)count + skip)
            {
                break;
            }
        }

        var from = Math.Min(skip, latest.Count);
        result.WriteStartArray();
        for (var i = Math.Min(from + (long)count, latest.Count) - 1; i >= from; i--)
        {
            latest[(int)i].Write(result, view, withTx: true);
        }

        result.WriteEndArray();
    }

    private static RpcError Refused(string message) => new(RpcErrorCode.InvalidParameter, message);
}
