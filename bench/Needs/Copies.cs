using System.Diagnostics;
using Dash.Bench.Wallets;

namespace Dash.Bench.Needs;

/// <summary>Whom the copy of a large wallet delays, which the daemon makes by itself after it has loaded it.</summary>
internal static class Copies
{
    private const int Readers = 4;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(8);

    // A quarter of a processor for what takes 15 s of one, and readers who are let in first.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(170);

    /// <summary>Reads while the copy is made and checked, and before without one.</summary>
    public static async Task RunAsync(WalletStage stage, NeedsReport report)
    {
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System); // what loading left to do
        var idle = await LightReaders.ReadAsync(stage.Daemon, WalletStage.Wallet, Readers, Rest);
        await stage.StartDaemonAsync("-wallet=bench");
        await stage.WaitForWalletAsync();
        await stage.WaitUntilFollowingAsync();
        var watch = Stopwatch.StartNew();
        var isMade = WaitAsync(Path.Combine(stage.Copy.Network, "wallet-debug.log"));
        var during = await LightReaders.ReadAsync(stage.Daemon, WalletStage.Wallet, Readers, () => !isMade.IsCompleted);
        await isMade;
        report.Note("L: a copy made and checked after loading", watch.Elapsed.TotalSeconds, "s");
        report.AtMost("light reads meanwhile, p99 beside idle", 2, during.P99 / idle.P99, "",
            $"{idle.P99:F2} and {during.P99:F2} ms; medians {idle.P50:F2} and {during.P50:F2} ms; worst {during.Worst:F1} ms of {during.Count:N0}");
        await stage.StartDaemonAsync("-wallet=bench", "-createwalletbackups=0");
        await stage.WaitForWalletAsync();
    }

    // Until the log says that the copy is there and whole.
    private static async Task WaitAsync(string log)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            using (StreamReader lines = new(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)))
            {
                var text = await lines.ReadToEndAsync();
                if (text.Contains("Copied the wallet to", StringComparison.Ordinal))
                {
                    return;
                }

                if (text.Contains("Failed to create backup", StringComparison.Ordinal) || watch.Elapsed > Patience)
                {
                    throw new InvalidOperationException($"no copy was made within {watch.Elapsed.TotalSeconds:F0} s: {text[^Math.Min(text.Length, 2000)..]}");
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }
}
