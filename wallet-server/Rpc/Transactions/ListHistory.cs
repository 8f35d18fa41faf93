using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Transactions;

internal static class ListHistory
{
    private const int Most = 1000;

    // Of a filter that takes little, so that a page costs no more than this.
    private const int MostLooked = 10_000;

    private static readonly RpcArg<long> Cursor = Arg.Long("cursor", fallback: 0,
        "What the page before gave as \"next\"; 0 begins with the latest transaction.");

    private static readonly RpcArg<int> Count = Arg.Int("count", fallback: 100, "How many transactions at most, up to 1,000.");

    private static readonly RpcArg<string?> Label = Arg.OptionalStr("label", "Only what was received under this label; \"*\" for everything.");

    private static readonly RpcArg<bool> Ascending = Arg.Bool("ascending", fallback: false,
        "The oldest first. The cursor is of the same order as the page it came with.");

    private static readonly RpcArg<string?> Address = Arg.OptionalStr("address", "Only what was paid to this address.");

    private static readonly RpcArg<string?> Lock = Arg.OptionalStr("lock",
        "Only transactions that are \"chainlocked\", that are \"instantlocked\" and not yet under a ChainLock, or that have \"none\" of these.");

    private static readonly RpcArg<long?> From = Arg.OptionalLong("from", "Only transactions of this time or later, seconds since 1970.");
    private static readonly RpcArg<long?> Until = Arg.OptionalLong("until", "Only transactions before this time, seconds since 1970.");

    private static readonly RpcArg<RpcObject?> Options = Arg.OptionalObject("options", "Which ones.", Ascending, Address, Lock, From, Until);

    public static readonly WalletMethod Method = new("wallet", "listhistory",
        "The history page by page, the latest transactions first, with the lines of listtransactions.\n" +
        "A page costs the same however deep it is, and what comes meanwhile moves nothing: no transaction is left out or listed twice.\n" +
        "A page of few of many transactions ends after 10,000 that were looked at, if need be without one; \"next\" goes on.")
    {
        IsAddition = true,
        Args = [Cursor, Count, Label, Options],
        Results =
        [
            Result.Obj(
                Result.Arr("transactions", "", Result.Obj("", "", [.. TxLine.Results, .. WalletTxJson.Results, TxLine.AbandonedResult])),
                Result.Num("next", "The cursor of the next page; not there when this is the last.", optional: true)),
        ],
        Examples = [Example.Cli("The latest 100", ""), Example.Cli("The 50 before those", "4711 50"), Example.Rpc("4711, 50"), Example.Cli("What a label got, the oldest first", "0 100 \"shop\" '{\"ascending\": true}'")],
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

        using var view = call.OpenView(wallet);
        var options = call.Get(Options);
        var isAscending = options?.Get(Ascending) ?? false;
        var filter = ReadFilter(options, view.Snapshot);
        WalletTx? last = null;
        var (found, looked) = (0, 0);
        var hasMore = false;
        result.WriteStartObject();
        result.WriteStartArray("transactions");
        foreach (var tx in Ordered(view, cursor, isAscending))
        {
            ct.ThrowIfCancellationRequested();
            if (found == count || looked == MostLooked)
            {
                hasMore = true;
                break;
            }

            looked++;
            last = tx;
            if (!filter.Takes(tx, view.Snapshot))
            {
                continue;
            }

            var isThere = false;
            foreach (var line in TxLine.Of(view, tx, label: label))
            {
                if (filter.Address is null || line.Output.Address == filter.Address)
                {
                    line.Write(result, view, withTx: true);
                    isThere = true;
                }
            }

            found += isThere ? 1 : 0;
        }

        result.WriteEndArray();
        if (hasMore && last is not null)
        {
            result.WriteNumber("next", last.Position + 1);
        }

        result.WriteEndObject();
    }

    // Cursors count from one, since the first place in the order of arrival is zero.
    private static IEnumerable<WalletTx> Ordered(WalletView view, long cursor, bool isAscending) => (isAscending, cursor) switch
    {
        (true, _) => view.From(cursor),
        (_, 0) => view.NewestFirst(),
        _ => view.Before(cursor - 1),
    };

    private static Filter ReadFilter(RpcObject? options, WalletSnapshot snapshot)
    {
        if (options is null)
        {
            return new Filter(null, null, long.MinValue, long.MaxValue);
        }

        var state = options.Get(Lock);
        if (state is not (null or "chainlocked" or "instantlocked" or "none"))
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "lock must be \"chainlocked\", \"instantlocked\" or \"none\"");
        }

        var address = options.Get(Address) is { } text
            ? AddressCodec.Encode(WalletCall.RequireDestination(text, snapshot, "Invalid Dash address: " + text), snapshot.Chain.Prefixes)
            : null;
        return new Filter(address, state, options.Get(From) ?? long.MinValue, options.Get(Until) ?? long.MaxValue);
    }

    /// <summary>Which transactions are wanted.</summary>
    /// <param name="Address">Paid to; null for any.</param>
    /// <param name="Lock">What holds them; null for anything.</param>
    /// <param name="From">Their earliest time.</param>
    /// <param name="Until">The first time that is too late.</param>
    private sealed record Filter(string? Address, string? Lock, long From, long Until)
    {
        public bool Takes(WalletTx tx, WalletSnapshot snapshot) => tx.Time >= From && tx.Time < Until && Lock switch
        {
            null => true,
            "chainlocked" => snapshot.IsChainLocked(tx),
            "instantlocked" => snapshot.IsInstantLocked(tx),
            _ => !snapshot.IsChainLocked(tx) && !snapshot.IsInstantLocked(tx),
        };
    }
}
