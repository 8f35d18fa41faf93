using System.Globalization;
using Dash.Bench.Daemons;
using Dash.Bench.Wallets;

namespace Dash.Bench.Needs;

/// <summary>Payments of several amounts by one caller, and the list of what the last blocks brought.</summary>
internal static class Payments
{
    private const int Count = 200;
    private const int ABlock = 20;
    private static readonly string[] Amounts = ["0.001", "0.01", "0.1", "1"];

    /// <summary>Pays and lists.</summary>
    public static async Task RunAsync(WalletStage stage, NeedsReport report)
    {
        var own = (await stage.Daemon.CallAsync(WalletStage.Wallet, "getnewaddress", "[]")).GetString();
        using TimedCalls calls = new(stage.Daemon);
        List<double> times = [];
        var middle = "";
        for (var i = 0; i < Count; i++)
        {
            times.Add(calls.Call("sendtoaddress", $"[\"{own}\",{Amounts[i % Amounts.Length]}]").Milliseconds);
            if ((i + 1) % ABlock == 0)
            {
                var mined = await stage.Node.CallAsync("/", "generatetoaddress", $"[1,\"{own}\"]");
                middle = i < Count / 2 ? mined[0].GetString() : middle;
            }
        }

        Latencies sends = new(times);
        report.AtMost($"sendtoaddress with its broadcast, p99 of {Count}", 150, sends.P99, "ms", $"median {sends.P50:F1} ms, worst {sends.Worst:F1} ms");

        // Another number of confirmations each time: no answer is one that was given before.
        var lists = calls.Time("listsinceblock", Enumerable.Range(1, 100).Select(i => string.Create(CultureInfo.InvariantCulture, $"[\"{middle}\",{i}]")));
        report.AtMost($"listsinceblock of the last {Count / 2} payments, p99", 10, lists.P99, "ms", $"median {lists.P50:F2} ms");
    }
}
