using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Dash.Bench.Daemons;
using Dash.Bench.Wallets;

namespace Dash.Bench.Needs;

/// <summary>How light reads fare beside heavy calls to the same wallet, and to another one of the same process.</summary>
internal static class HeavyCalls
{
    private const int Readers = 8;
    private const int OtherReaders = 2;
    private const string Other = "/wallet/other";
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(15);

    /// <summary>Lists of all coins, payments to 100 and backups, each kind alone, and all of them and a rescan at once.</summary>
    public static async Task AllAsync(WalletStage stage, NeedsReport report)
    {
        var daemon = stage.Daemon;
        await daemon.CallAsync("/", "createwallet", "[\"other\"]");
        List<string> receivers = [];
        for (var i = 0; i < 100; i++)
        {
            receivers.Add($"\"{(await daemon.CallAsync(WalletStage.Wallet, "getnewaddress", "[]")).GetString()}\":0.0002");
        }

        var (idle, idleOther) = await ReadAsync(stage, Idle);
        var backup = Path.Combine(stage.Copy.Directory, "backup.dat");
        (string Name, string Method, string Parameters)[] heavy =
        [
            ("listunspent", "listunspent", "[]"), ("sendmany", "sendmany", $$"""["",{{{string.Join(',', receivers)}}}]"""), ("backupwallet", "backupwallet", $"[\"{backup}\"]"),
        ];
        foreach (var call in heavy)
        {
            var alone = Stopwatch.StartNew();
            var repeated = Start(call, () => alone.Elapsed < Idle);
            var (beside, besideOther) = await ReadAsync(stage, Idle);
            report.AtMost(
                $"{Readers} light readers beside {await repeated} {call.Name}, p99 beside idle", 2, beside.P99 / idle.P99, "", $"{idle.P99:F2} and {beside.P99:F2} ms");
            report.AtMost("the same of another wallet", 2, besideOther.P99 / idleOther.P99, "", $"{idleOther.P99:F2} and {besideOther.P99:F2} ms");
        }

        var job = await StartRescanAsync(stage);
        var watch = Stopwatch.StartNew();
        var work = heavy.Select(call => Start(call, () => watch.Elapsed < Busy)).ToList();
        var (light, lightOther) = await ReadAsync(stage, Busy);
        var counts = await Task.WhenAll(work);
        var isAborted = (await daemon.CallAsync(WalletStage.Wallet, "abortwalletjob", $"[{job}]")).GetBoolean();
        var together = $"beside a rescan{(isAborted ? "" : " (ended before)")}, "
            + string.Join(", ", heavy.Zip(counts, static (call, count) => string.Create(CultureInfo.InvariantCulture, $"{count} {call.Name}")));
        report.AtMost($"{Readers} light readers {together}: p99", 20, light.P99, "ms", $"worst {light.Worst:F1} ms");
        report.AtMost("the same beside idle p99", 2, light.P99 / idle.P99, "", $"idle {idle.P99:F2} ms; medians {idle.P50:F2} and {light.P50:F2} ms");
        report.AtMost("light reads of another wallet meanwhile, p99 beside idle", 2, lightOther.P99 / idleOther.P99, "", $"{idleOther.P99:F2} and {lightOther.P99:F2} ms");

        Task<int> Start((string Name, string Method, string Parameters) call, Func<bool> goesOn) => Task.Factory.StartNew(
            () => Repeat(stage, call.Method, call.Parameters, goesOn), default, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>A rescan alone, and its abort.</summary>
    public static async Task RescanAsync(WalletStage stage, NeedsReport report)
    {
        var idle = await LightReaders.ReadAsync(stage.Daemon, WalletStage.Wallet, Readers, Idle);
        var job = await StartRescanAsync(stage);
        var reading = LightReaders.ReadAsync(stage.Daemon, WalletStage.Wallet, Readers, Idle);
        while (!reading.IsCompleted)
        {
            if ((await stage.Daemon.CallAsync(WalletStage.Wallet, "getwalletinfo", "[]")).GetProperty("scanning").ValueKind != JsonValueKind.Object)
            {
                job = await StartRescanAsync(stage); // the one before was quicker than that
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        var busy = await reading;
        var watch = Stopwatch.StartNew();
        var isAborted = (await stage.Daemon.CallAsync(WalletStage.Wallet, "abortwalletjob", $"[{job}]")).GetBoolean();
        report.AtMost($"abort of {(isAborted ? "a running" : "an ended")} rescan acknowledged", 1000, watch.Elapsed.TotalMilliseconds, "ms");
        report.AtMost($"{Readers} light readers during a rescan, p99 beside idle", 2, busy.P99 / idle.P99, "", $"{idle.P99:F2} and {busy.P99:F2} ms");
    }

    private static async Task<(Latencies Own, Latencies Other)> ReadAsync(WalletStage stage, TimeSpan span)
    {
        var own = LightReaders.ReadAsync(stage.Daemon, WalletStage.Wallet, Readers, span);
        var other = LightReaders.ReadAsync(stage.Daemon, Other, OtherReaders, span);
        return (await own, await other);
    }

    private static async Task<long> StartRescanAsync(WalletStage stage) =>
        (await stage.Daemon.CallAsync(WalletStage.Wallet, "startwalletjob", "[\"rescan\"]")).GetProperty("id").GetInt64();

    private static int Repeat(WalletStage stage, string method, string parameters, Func<bool> goesOn)
    {
        using LoadConnection connection = new(stage.Daemon.Port, stage.Daemon.Credentials, WalletStage.Wallet, method, parameters);
        var count = 0;
        for (; goesOn(); count++)
        {
            connection.Call();
        }

        return count;
    }
}
