using System.Globalization;
using System.Text.Json;
using Dash.Bench.Daemons;
using Dash.Bench.Wallets;

namespace Dash.Bench.Needs;

/// <summary>The whole history of a wallet in pages of 100, in both directions; and once more while payments and blocks come.</summary>
internal static class HistoryWalk
{
    private static readonly TimeSpan BetweenPayments = TimeSpan.FromMilliseconds(50);
    private const int PaymentsABlock = 5;

    /// <summary>Walks.</summary>
    public static async Task RunAsync(WalletStage stage, NeedsReport report)
    {
        HashSet<string> known = [];
        foreach (var isAscending in (bool[])[false, true])
        {
            var (times, ids) = Walk(stage, isAscending);
            var direction = isAscending ? "the oldest first" : "the latest first";
            report.AtMost($"a page of 100, {direction}, p99 of all {times.Count:N0} pages", 20, times.P99, "ms", $"median {times.P50:F2} ms, worst {times.Worst:F1} ms");
            report.AtMost($"transactions left out or shown twice, {direction}", 0, Wrong(ids, known = [.. ids.SelectMany(static page => page)]), "");
        }

        report.AtLeast("transactions in those pages", await CountAsync(stage), known.Count, "");
        using CancellationTokenSource done = new();
        var payments = PayAsync(stage, done.Token);
        var (timesMeanwhile, seen) = await Task.Run(() => Walk(stage, isAscending: false));
        await done.CancelAsync();
        var made = await payments;
        report.AtMost($"left out or shown twice while {made} payments were made and mined", 0, Wrong(seen, known), "", $"pages p99 {timesMeanwhile.P99:F1} ms");
    }

    private static async Task<int> CountAsync(WalletStage stage) =>
        (await stage.Daemon.CallAsync(WalletStage.Wallet, "getwalletinfo", "[]")).GetProperty("txcount").GetInt32();

    // Each page holds whole transactions, so an id on two pages is one too many.
    private static int Wrong(List<HashSet<string>> pages, HashSet<string> known)
    {
        HashSet<string> seen = [.. pages.SelectMany(static page => page)];
        return pages.Sum(static page => page.Count) - seen.Count + known.Count(id => !seen.Contains(id));
    }

    private static (Latencies Times, List<HashSet<string>> Ids) Walk(WalletStage stage, bool isAscending)
    {
        using TimedCalls calls = new(stage.Daemon);
        List<double> times = [];
        List<HashSet<string>> pages = [];
        for (long? cursor = 0; cursor is { } from;)
        {
            var (page, took) = calls.Call("listhistory", string.Create(
                CultureInfo.InvariantCulture, $$"""[{{from}},100,"*",{"ascending":{{(isAscending ? "true" : "false")}}}]"""));
            times.Add(took);
            pages.Add([.. page.GetProperty("transactions").EnumerateArray().Select(static line => line.GetProperty("txid").GetString()!)]); // each line has one
            cursor = page.TryGetProperty("next", out var next) ? next.GetInt64() : null;
        }

        return (new(times), pages);
    }

    private static async Task<int> PayAsync(WalletStage stage, CancellationToken done)
    {
        var own = (await stage.Daemon.CallAsync(WalletStage.Wallet, "getnewaddress", "[]")).GetString();
        var made = 0;
        while (!done.IsCancellationRequested)
        {
            await stage.Daemon.CallAsync(WalletStage.Wallet, "sendtoaddress", $"[\"{own}\",0.001]");
            if (++made % PaymentsABlock == 0)
            {
                await stage.Node.CallAsync("/", "generatetoaddress", $"[1,\"{own}\"]");
            }

            await Task.Delay(BetweenPayments, TimeProvider.System, CancellationToken.None);
        }

        return made;
    }
}
