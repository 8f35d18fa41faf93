using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Rpc.Transactions;

internal static class ListHistory
{
    private const int Most = 1000;

    private static readonly RpcArg<long> Cursor = Arg.Long("cursor", fallback: 0,
        "What the page before gave as \"next\"; 0 begins with the latest transaction.");

    private static readonly RpcArg<int> Count = Arg.Int("count", fallback: 100, "How many transactions at most, up to 1,000.");

    private static readonly RpcArg<string?> Label = Arg.OptionalStr("label", "Only what was received under this label; \"*\" for everything.");

    public static readonly WalletMethod Method = new("wallet", "listhistory",
        "The history page by page, the latest transactions first, with the lines of listtransactions.\n" +
        "A page costs the same however deep it is, and what comes meanwhile moves nothing: no transaction is left out or listed twice.")
    {
        IsAddition = true,
        Args = [Cursor, Count, Label],
        Results =
        [
            Result.Obj(
                Result.Arr("transactions", "", Result.Obj("", "", [.. TxLine.Results, .. WalletTxJson.Results, TxLine.AbandonedResult])),
                Result.Num("next", "The cursor of the next page; not there when this is the last.", optional: true)),
        ],
        Examples = [Example.Cli("The latest 100", ""), Example.Cli("The 50 before those", "4711 50"), Example.Rpc("4711, 50")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        var cursor = call.Get(Cursor);
        var count = call.Get(Count);
        var label = call.Get(Label) is { } text and not "*" ? text : null;
        if (cursor < 0 || count is < 1 or > Most)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "cursor must not be negative, and count from 1 to 1000");
        }

        using var view = wallet.OpenView();
        WalletTx? last = null;
        var left = count;
        var hasMore = false;
        result.WriteStartObject();
        result.WriteStartArray("transactions");

        // Cursors count from one, since the first place in the order of arrival is zero.
        foreach (var tx in cursor == 0 ? view.NewestFirst() : view.Before(cursor - 1))
        {
            ct.ThrowIfCancellationRequested();
            if (left == 0)
            {
                hasMore = true;
                break;
            }

            left--;
            last = tx;
            foreach (var line in TxLine.Of(view, tx, label: label))
            {
                line.Write(result, view, withTx: true);
            }
        }

        result.WriteEndArray();
        if (hasMore && last is not null)
        {
            result.WriteNumber("next", last.Position + 1);
        }

        result.WriteEndObject();
    }
}
