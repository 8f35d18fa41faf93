using System.Diagnostics;
using System.Globalization;
using Dash.Bench.Daemons;
using Dash.Bench.Wallets;

namespace Dash.Bench.Needs;

/// <summary>How soon a wallet is served after the start, how much memory wallets take, and whom loading delays.</summary>
internal static class Loading
{
    private const int Warm = 100;
    private const string Again = "again";
    private const int Readers = 4;

    // Fewer of them show soon whom loading delays.
    private static readonly int Wallets = Environment.GetEnvironmentVariable("DASH_BENCH_WALLETS") is { Length: > 0 } number
        ? int.Parse(number, CultureInfo.InvariantCulture)
        : 1000;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(4);

    /// <summary>The largest wallet: from the start of the process on, with all that a start does by default.</summary>
    public static async Task LargeAsync(WalletStage stage, NeedsReport report)
    {
        List<double> starts = [];
        for (var i = 0; i < 3; i++)
        {
            starts.Add(await StartAsync(stage));
        }

        report.AtMost("L: from the start of the process to the first getbalance, worst of 3", 2, starts.Max() / 1000, "s");
        await RestAsync();
        report.AtMost("memory of the process, L idle", 300, stage.Daemon.OwnResidentMebibytes(), "MiB");

        stage.Copy.AddWallet("second");
        await stage.StartDaemonAsync("-wallet=bench", "-createwalletbackups=0");
        await stage.WaitForWalletAsync();
        var idle = await LightReaders.ReadAsync(stage.Daemon, WalletStage.Wallet, Readers, Rest);
        var loading = stage.Daemon.CallAsync("/", "loadwallet", "[\"second\"]");
        var during = await LightReaders.ReadAsync(stage.Daemon, WalletStage.Wallet, Readers, () => !loading.IsCompleted);
        await loading;
        report.AtMost("light reads while another L is loaded, p99 beside idle", 2, during.P99 / idle.P99, "", $"{idle.P99:F2} and {during.P99:F2} ms; worst {during.Worst:F1} ms");
        await stage.Daemon.CallAsync("/", "unloadwallet", "[\"second\"]");
    }

    /// <summary>A small wallet: idle, and loaded again and again.</summary>
    public static async Task SmallAsync(WalletStage stage, NeedsReport report)
    {
        await StartAsync(stage);
        await RestAsync();
        report.AtMost("memory of the process, S idle", 150, stage.Daemon.OwnResidentMebibytes(), "MiB");
        stage.Copy.AddWallet(Again);
        double before = 0;
        for (var i = 0; i < Warm + Wallets; i++)
        {
            if (i == Warm)
            {
                await RestAsync();
                before = stage.Daemon.OwnResidentMebibytes();
            }

            await stage.Daemon.CallAsync("/", "loadwallet", $"[\"{Again}\"]");
            await stage.Daemon.CallAsync("/", "unloadwallet", $"[\"{Again}\"]");
        }

        await RestAsync();
        var after = stage.Daemon.OwnResidentMebibytes();
        report.AtMost($"memory after {Wallets:N0} times loading and unloading S, beside that after the first {Warm}", 1.05, after / before, "", $"{before:F0} and {after:F0} MiB");
    }

    /// <summary>A thousand small wallets: whom loading them delays, and what they take.</summary>
    public static async Task ManyAsync(WalletStage stage, NeedsReport report)
    {
        await using var neighbour = await WalletStage.StartAsync(stage.Folder, stage.Copy.Size, "-wallet=bench", "-createwalletbackups=0");
        AddWallets(stage);
        AddWallets(neighbour);
        await StartAsync(stage);
        await stage.WaitUntilFollowingAsync();
        await RestAsync();
        var idle = await LightReaders.ReadAsync(stage.Daemon, WalletStage.Wallet, Readers, Rest);

        // What light reads lose beside another process that does the same is the machine's doing.
        var (beside, _) = await ReadWhileLoadingAsync(stage, neighbour);
        var (during, took) = await ReadWhileLoadingAsync(stage, stage);
        report.AtMost($"light reads while {Wallets:N0} S are loaded one after the other, p99 beside idle", 2, during.P99 / idle.P99, "", $"{idle.P99:F2} and {during.P99:F2} ms, medians {idle.P50:F2} and {during.P50:F2}; worst {during.Worst:F1} ms");
        report.Note("the same while another daemon loads as many", beside.P99 / idle.P99, "", $"{beside.P99:F2} ms");
        report.Note("loading one of them, on average", took.TotalMilliseconds / Wallets, "ms");
        await RestAsync();
        report.AtMost($"memory of the process, {Wallets:N0} S loaded", 1.5, stage.Daemon.OwnResidentMebibytes() / 1024, "GiB");
    }

    private static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"s{i:D4}");

    private static Task RestAsync() => Task.Delay(Rest, TimeProvider.System);

    private static void AddWallets(WalletStage stage)
    {
        for (var i = 0; i < Wallets; i++)
        {
            stage.Copy.AddWallet(Name(i));
        }
    }

    private static async Task<(Latencies Reads, TimeSpan Took)> ReadWhileLoadingAsync(WalletStage reads, WalletStage loads)
    {
        var watch = Stopwatch.StartNew();
        var loading = LoadAllAsync(loads);
        var during = await LightReaders.ReadAsync(reads.Daemon, WalletStage.Wallet, Readers, () => !loading.IsCompleted);
        await loading;
        return (during, watch.Elapsed);
    }

    private static async Task LoadAllAsync(WalletStage stage)
    {
        for (var i = 0; i < Wallets; i++)
        {
            await stage.Daemon.CallAsync("/", "loadwallet", $"[\"{Name(i)}\"]");
        }
    }

    private static async Task<double> StartAsync(WalletStage stage)
    {
        await stage.EndDaemonAsync();
        var watch = Stopwatch.StartNew();
        await stage.StartDaemonAsync("-wallet=bench");
        await stage.WaitForWalletAsync();
        return watch.Elapsed.TotalMilliseconds;
    }
}
