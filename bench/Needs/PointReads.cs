using System.Globalization;
using System.Text.Json;
using Dash.Bench.Wallets;

namespace Dash.Bench.Needs;

/// <summary>Reads whose cost must not grow with the wallet, on the largest one, and beside a small one.</summary>
internal static class PointReads
{
    private const int Callers = 4;
    private const int Samples = 1000;
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(2);

    /// <summary>Times of the answers on a large wallet.</summary>
    public static Task TimeAsync(WalletStage stage, NeedsReport report)
    {
        var daemon = stage.Daemon;
        foreach (var method in (string[])["getbalance", "getbalances"])
        {
            var load = LoadResult.Measure(() => new(daemon.Port, daemon.Credentials, WalletStage.Wallet, method, "[]"), Callers, Span);
            report.AtMost($"{method}, four callers at full speed, p99", 5, load.P99, "ms");
        }

        using TimedCalls calls = new(daemon);
        var payments = Payments(calls);

        // Another amount each time: no answer is one that was given before.
        var coins = calls.Time("listunspent", Enumerable.Range(0, 100).Select(static i => string.Create(
            CultureInfo.InvariantCulture,
            $$"""[1,9999999,[],true,{"minimumAmount":{{0.012 + (i * 0.00001):F8}},"maximumAmount":{{0.028 - (i * 0.00001):F8}},"maximumCount":1000}]""")));
        report.AtMost("listunspent of 1,000 coins between two amounts, p99", 50, coins.P99, "ms");
        report.AtMost("getreceivedbyaddress, p99", 10, calls.Time("getreceivedbyaddress", payments.Select(static payment => $"[\"{payment.Address}\"]")).P99, "ms");
        return Task.CompletedTask;
    }

    /// <summary>How much slower the same reads are than on a small wallet.</summary>
    public static async Task CompareAsync(WalletStage large, NeedsReport report)
    {
        await using var small = await WalletStage.StartAsync(large.Folder, WalletSize.Parse("S"), "-wallet=bench", "-createwalletbackups=0");
        await small.WaitForWalletAsync();
        using TimedCalls onSmall = new(small.Daemon);
        using TimedCalls onLarge = new(large.Daemon);
        TimedCalls[] both = [onSmall, onLarge];
        var payments = both.Select(Payments).ToList();
        (string Method, Func<Payment, string> Parameters)[] reads =
        [
            ("getbalance", static _ => "[]"), ("getbalances", static _ => "[]"), ("getwalletinfo", static _ => "[]"),
            ("getreceivedbyaddress", static payment => $"[\"{payment.Address}\"]"), ("getaddressinfo", static payment => $"[\"{payment.Address}\"]"),
            ("gettransaction", static payment => $"[\"{payment.Txid}\"]"), ("listtransactions", static payment => $"[\"*\",10,{payment.Place % 100}]"),
            ("listhistory", static payment => $"[{payment.Place + 1},10]"),
        ];
        using AwakeCores awake = new();
        foreach (var (method, parameters) in reads)
        {
            // In turn, so that what else the machine does meets both.
            var times = Enumerable.Range(0, 4).SelectMany(_ => both.Select((calls, which) =>
                (which, calls.Time(method, payments[which].Select(parameters)).P50))).ToLookup(static timed => timed.which, static timed => timed.P50);
            report.AtMost($"{method}, median on L : on S", 1.5, times[1].Min() / times[0].Min(), "", $"{times[0].Min():F3} and {times[1].Min():F3} ms");
        }
    }

    // Received ones from all over the history.
    private static List<Payment> Payments(TimedCalls calls)
    {
        var (first, _) = calls.Call("listhistory", "[0,1]");
        var newest = first.GetProperty("next").GetInt64();
        List<Payment> payments = [];
        for (var page = 1; page <= 20; page++)
        {
            var (found, _) = calls.Call("listhistory", string.Create(CultureInfo.InvariantCulture, $"[{newest * page / 20},{Samples / 20}]"));
            payments.AddRange(found.GetProperty("transactions").EnumerateArray()
                .Where(static line => line.GetProperty("category").GetString() == "receive")
                .Select((line, i) => new Payment(Text(line, "address"), Text(line, "txid"), (newest * page / 20) - i)));
        }

        return payments;
    }

    private static string Text(JsonElement line, string name) => line.GetProperty(name).GetString()!; // lines of received payments have it

    private sealed record Payment(string Address, string Txid, long Place);
}
