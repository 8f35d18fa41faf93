using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Dash.Bench.Daemons;
using Dash.Bench.Wallets;
using Dash.Common.Concurrency;

namespace Dash.Bench.Needs;

/// <summary>New addresses at a fixed rate, whether or not the answers before have come.</summary>
internal static class AddressRate
{
    private const int Callers = 8;
    private const int PerSecond = 500;
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(10);

    // Counted apart: a wallet that was just loaded has yet to read what it needs.
    private static readonly TimeSpan Warmth = TimeSpan.FromSeconds(5);

    /// <summary>Asks for them.</summary>
    public static async Task RunAsync(WalletStage stage, NeedsReport report)
    {
        var watch = Stopwatch.StartNew();
        var all = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Factory.StartNew(
            () => Ask(stage.Daemon, watch, caller), default, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        var took = watch.Elapsed;
        Latencies times = new(all.SelectMany(static one => one.Times));
        Latencies first = new(all.SelectMany(static one => one.First));
        var addresses = all.SelectMany(static one => one.Addresses).ToList();
        report.AtLeast($"getnewaddress, durable, {PerSecond} a second asked for during {Span.TotalSeconds:F0} s", PerSecond * 0.99, times.Count / (took - Warmth).TotalSeconds, "/s");
        report.AtMost("its p99, from the moment it was due", 10, times.P99, "ms", $"median {times.P50:F2} ms, worst {times.Worst:F1} ms");
        report.Note($"its p99 in the {Warmth.TotalSeconds:F0} s before, which begin soon after loading", first.P99, "ms", $"median {first.P50:F2} ms, worst {first.Worst:F1} ms");
        report.AtMost("addresses given out twice", 0, addresses.Count - addresses.Distinct().Count(), "");
    }

    private static (List<double> First, List<double> Times, List<string> Addresses) Ask(MeasuredDaemon daemon, Stopwatch watch, int caller)
    {
        ThreadTurns.AskShort();
        using CallSocket socket = new(daemon.Port, daemon.Credentials);
        using ManualResetEvent never = new(false);
        var call = socket.Prepare("getnewaddress", "[]", WalletStage.Wallet);
        List<double> first = [];
        List<double> times = [];
        List<string> addresses = [];
        for (var turn = caller; turn < PerSecond * (Warmth + Span).TotalSeconds; turn += Callers)
        {
            var due = TimeSpan.FromSeconds((double)turn / PerSecond);
            if (watch.Elapsed < due)
            {
                never.WaitOne(due - watch.Elapsed is { Ticks: > 0 } rest ? rest : TimeSpan.Zero);
                due = watch.Elapsed; // a timer that woke this thread late is not the daemon's
            }

            using var reply = JsonDocument.Parse(Encoding.UTF8.GetString(socket.Call(call)));
            (due >= Warmth ? times : first).Add((watch.Elapsed - due).TotalMilliseconds);

            addresses.Add(reply.RootElement.GetProperty("result").GetString()!); // an address
        }

        return (first, times, addresses);
    }
}
