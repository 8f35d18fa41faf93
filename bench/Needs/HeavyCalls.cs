using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Dash.Bench.Daemons;
using Dash.Bench.Wallets;

namespace Dash.Bench.Needs;

/// <summary>
/// How light reads fare beside heavy calls to the same wallet, and to another one of the same process. The same heavy calls are also made to another
/// daemon with a node of its own: what light reads lose then is the machine's doing, which all share, not the daemon's.
/// </summary>
internal static class HeavyCalls
{
    private const int Readers = 8;
    private const int OtherReaders = 2;
    private const string Other = "/wallet/other";
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Together = TimeSpan.FromSeconds(15);

    /// <summary>Lists of all coins, payments to 100 and backups, each kind alone, and all of them and a rescan at once.</summary>
    public static async Task AllAsync(WalletStage stage, NeedsReport report)
    {
        await stage.Daemon.CallAsync("/", "createwallet", "[\"other\"]");
        await using var neighbour = await WalletStage.StartAsync(stage.Folder, stage.Copy.Size, "-wallet=bench", "-createwalletbackups=0");
        await neighbour.WaitForWalletAsync();
        await neighbour.WaitUntilFollowingAsync();
        var own = await HeavyLoad.PrepareAsync(stage);
        var neighbours = await HeavyLoad.PrepareAsync(neighbour);

        foreach (var kind in HeavyLoad.Kinds)
        {
            await CompareAsync(Span, async load => $"{await load.RunAsync(kind, Span)} {kind}");
        }

        await CompareAsync(Together, static load => load.RunAllAsync(Together));

        async Task CompareAsync(TimeSpan span, Func<HeavyLoad, Task<string>> workAsync)
        {
            var idle = await ReadAsync(stage, Span);
            var neighboursWork = workAsync(neighbours);
            var beside = await ReadAsync(stage, span);
            var neighboursCalls = await neighboursWork;
            var ownWork = workAsync(own);
            var busy = await ReadAsync(stage, span);
            var calls = await ownWork;

            report.AtMost($"{Readers} light readers beside {calls}: p99", 20, busy.Own.P99, "ms", $"worst {Short(busy.Own.Worst)} ms");
            report.AtMost("the same beside idle", 2, busy.Own.P99 / idle.Own.P99, "", $"idle {Short(idle.Own.P99)} ms; medians {Short(idle.Own.P50)} and {Short(busy.Own.P50)} ms");
            report.AtMost("light reads of another wallet meanwhile, p99 beside idle", 2, busy.Other.P99 / idle.Other.P99, "", $"{Short(idle.Other.P99)} and {Short(busy.Other.P99)} ms");
            report.Note($"light readers beside another daemon's {neighboursCalls}: p99 beside idle", beside.Own.P99 / idle.Own.P99, "", $"{Short(beside.Own.P99)} ms");
        }
    }

    /// <summary>A rescan alone, and its abort.</summary>
    public static async Task RescanAsync(WalletStage stage, NeedsReport report)
    {
        var idle = await LightReaders.ReadAsync(stage.Daemon, WalletStage.Wallet, Readers, Span);
        var job = await HeavyLoad.StartRescanAsync(stage);
        var reading = LightReaders.ReadAsync(stage.Daemon, WalletStage.Wallet, Readers, Span);
        while (!reading.IsCompleted)
        {
            if ((await stage.Daemon.CallAsync(WalletStage.Wallet, "getwalletinfo", "[]")).GetProperty("scanning").ValueKind != JsonValueKind.Object)
            {
                job = await HeavyLoad.StartRescanAsync(stage); // the one before was quicker than that
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        var busy = await reading;
        var watch = Stopwatch.StartNew();
        var isAborted = (await stage.Daemon.CallAsync(WalletStage.Wallet, "abortwalletjob", $"[{job}]")).GetBoolean();
        report.AtMost($"abort of {(isAborted ? "a running" : "an ended")} rescan acknowledged", 1000, watch.Elapsed.TotalMilliseconds, "ms");
        report.AtMost($"{Readers} light readers during a rescan, p99 beside idle", 2, busy.P99 / idle.P99, "", $"{Short(idle.P99)} and {Short(busy.P99)} ms");
    }

    private static async Task<(Latencies Own, Latencies Other)> ReadAsync(WalletStage stage, TimeSpan span)
    {
        var own = LightReaders.ReadAsync(stage.Daemon, WalletStage.Wallet, Readers, span);
        var other = LightReaders.ReadAsync(stage.Daemon, Other, OtherReaders, span);
        return (await own, await other);
    }

    private static string Short(double milliseconds) => milliseconds.ToString("F2", CultureInfo.InvariantCulture);
}
