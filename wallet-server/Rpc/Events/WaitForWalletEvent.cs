using System.Globalization;
using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Events;

internal static class WaitForWalletEvent
{
    private const int MostAtOnce = 10_000;

    private static readonly RpcArg<long> Since = Arg.Long(
        "since", fallback: -1, "The number of the last event the caller has; 0 for all that are kept, -1 to wait for the next one.");

    private static readonly RpcArg<int> Timeout = Arg.Int(
        "timeout", fallback: 30_000, "How long to wait for one, in milliseconds; 0 to look only.");

    private static readonly RpcArg<int> Count = Arg.Int("count", fallback: 1000, "How many events at most.");

    private static readonly RpcArg<string?> Log = Arg.OptionalStr(
        "log", "The \"log\" that came with that number, if it did: one of another copy of the wallet is refused.");

    public static readonly WalletMethod Method = new("wallet", "waitforwalletevent",
        "Events of the wallet after a number, in order and without gaps; waits for one if there is none.\n" +
        "An event is stored in the same write as what it tells, so none is lost, and none tells what is not stored.\n" +
        "Whoever keeps \"next\" and gives it as \"since\" misses nothing, across restarts of both sides. A copy of the wallet, for instance a\n" +
        "restored backup, counts on from where it was made: give \"log\" as well, and a number of another copy is refused.")
    {
        IsAddition = true,
        Args = [Since, Timeout, Count, Log],
        Results =
        [
            Result.Obj(
                Result.Arr("events", "The events, oldest first; none if the time ran out.", EventJson.Result),
                Result.Num("next", "What to give as \"since\" next time."),
                Result.Str("log", "What to give as \"log\" with it, in hex; not before the first event.", optional: true),
                Result.Num("newest", "The number of the newest event."),
                Result.Num("oldest", "The number of the oldest event that is kept; if it is above \"since\" + 1, events were forgotten.")),
        ],
        Examples = [Example.Cli("0"), Example.Rpc("0, 60000")],
        Lane = RpcLane.Waiting,
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = call.Wallet();
        var timeout = call.Get(Timeout);
        var count = call.Get(Count);
        if (timeout < 0 || count is < 1 or > MostAtOnce)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, $"timeout must not be negative, count from 1 to {MostAtOnce}");
        }

        var since = call.Get(Since);
        var newest = wallet.Snapshot.NextEvent - 1;
        since = since >= 0 ? since : newest;
        if (since > newest)
        {
            // Whoever was told more had another copy of the wallet: to wait would be to miss what happens from here on.
            throw new RpcError(
                RpcErrorCode.InvalidParameter,
                string.Create(CultureInfo.InvariantCulture, $"The newest event is {newest}: this wallet is an older copy than the one that told {since}"));
        }

        if (call.Get(Log) is { Length: > 0 } log && IsOfAnotherCopy(wallet, since, log))
        {
            throw new RpcError(
                RpcErrorCode.InvalidParameter,
                string.Create(CultureInfo.InvariantCulture, $"This wallet is another copy than the one that told {since}: the two have parted before it"));
        }

        var page = await WaitAsync(wallet, since, count, TimeSpan.FromMilliseconds(timeout), ct);
        result.WriteStartObject();
        result.WriteStartArray("events");
        foreach (var line in page.Lines)
        {
            EventJson.Write(result, line);
        }

        result.WriteEndArray();
        var next = page.Lines.Count > 0 ? page.Lines[^1].Sequence : since;
        result.WriteNumber("next", next);
        if (LogAt(wallet, next) is { } name)
        {
            result.WriteString("log", name);
        }

        result.WriteNumber("newest", page.Newest);
        result.WriteNumber("oldest", page.Oldest);
        result.WriteEndObject();
    }

    private static string? LogAt(Wallet wallet, long sequence)
    {
        using var view = wallet.OpenView();
        return view.EventLogAt(sequence);
    }

    // Of what is forgotten nobody can tell any more; who asks hears that it is.
    private static bool IsOfAnotherCopy(Wallet wallet, long since, string log)
    {
        using var view = wallet.OpenView();
        return view.EventLogAt(since) is { } name ? name != log : since > 0 && view.OldestEvent <= since;
    }

    private static async Task<EventPage> WaitAsync(Wallet wallet, long since, int count, TimeSpan timeout, CancellationToken ct)
    {
        using CancellationTokenSource patience = new(timeout, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        while (true)
        {
            // Asked for before looking: an event in between ends the wait at once.
            var next = wallet.NextEvent;
            var page = wallet.EventsSince(since, count);
            if (page.Lines.Count > 0 || patience.IsCancellationRequested)
            {
                return page;
            }

            await next.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ct.ThrowIfCancellationRequested();
        }
    }
}
