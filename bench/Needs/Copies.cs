using System.Diagnostics;
using Dash.Bench.Wallets;

namespace Dash.Bench.Needs;

/// <summary>Whom the copy of a large wallet delays, which the daemon makes by itself after it has loaded it.</summary>
internal static class Copies
{
    private const int Readers = 4;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    /// <summary>Reads while the copy is made and checked, and as long without one.</summary>
    public static async Task RunAsync(WalletStage stage, NeedsReport report)
    {
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System); // what loading left to do
        var idle = await LightReaders.ReadAsync(stage.Daemon, WalletStage.Wallet, Readers, Rest);
        await stage.StartDaemonAsync("-wallet=bench");
        await stage.WaitForWalletAsync();
        await stage.WaitUntilFollowingAsync();
        var log = Path.Combine(stage.Copy.Network, "wallet-debug.log");
        var watch = Stopwatch.StartNew();
        var isMade = Task.Run(async () =>
        {
            while (!await IsMadeAsync(log))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        });
        var during = await LightReaders.ReadAsync(stage.Daemon, WalletStage.Wallet, Readers, () => !isMade.IsCompleted);
        await isMade;
        report.Note("L: a copy made and checked after loading", watch.Elapsed.TotalSeconds, "s");
        report.AtMost("light reads meanwhile, p99 beside idle", 2, during.P99 / idle.P99, "",
            $"{idle.P99:F2} and {during.P99:F2} ms; medians {idle.P50:F2} and {during.P50:F2} ms; worst {during.Worst:F1} ms of {during.Count:N0}");
        await stage.StartDaemonAsync("-wallet=bench", "-createwalletbackups=0");
        await stage.WaitForWalletAsync();
    }

    private static async Task<bool> IsMadeAsync(string log)
    {
        using StreamReader lines = new(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return (await lines.ReadToEndAsync()).Contains("backups/bench.", StringComparison.Ordinal);
    }
}
