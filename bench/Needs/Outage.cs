using System.Diagnostics;
using System.Net.Sockets;
using Dash.Bench.Daemons;
using Dash.Bench.Wallets;

namespace Dash.Bench.Needs;

/// <summary>A node that is killed under a wallet and comes back, with the same chain or a longer one.</summary>
internal static class Outage
{
    private const int Readers = 4;
    private const int Rounds = 5;
    private static readonly TimeSpan Reading = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Waiting = TimeSpan.FromSeconds(10);

    /// <summary>Measures; dashd's outage beside it where there is one.</summary>
    public static async Task RunAsync(WalletStage stage, NeedsReport report)
    {
        await LightReaders.ReadAsync(stage.Daemon, WalletStage.Wallet, Readers, Reading); // for warmth
        var normal = await LightReaders.ReadAsync(stage.Daemon, WalletStage.Wallet, Readers, Reading);
        var watch = Stopwatch.StartNew();
        var reading = LightReaders.ReadAsync(stage.Daemon, WalletStage.Wallet, Readers, () => watch.Elapsed < Reading);
        await stage.EndNodeAsync(isKilled: true);
        var during = await reading;
        report.AtMost($"p99 of {during.Count:N0} reads from the moment the node is killed, none refused, beside normal", 1.2, during.P99 / normal.P99, "",
            $"{normal.P99:F3} and {during.P99:F3} ms; worst {during.Worst:F2} ms");

        var used = stage.Daemon.CpuTime;
        await Task.Delay(Waiting, TimeProvider.System);
        report.AtMost("processor while waiting, of one core", 1, 100 * (stage.Daemon.CpuTime - used) / Waiting, "%");

        foreach (var (gap, limit) in ((int, double)[])[(0, 1000), (10, 2000)])
        {
            List<double> times = [];
            for (var round = 0; round < Rounds; round++)
            {
                times.Add(await ReturnAsync(stage, gap));
                await stage.EndNodeAsync(isKilled: true);
            }

            report.AtMost($"following again after the socket is up, gap of {gap} blocks, worst of {Rounds}", limit, times.Max(), "ms");
        }

        await stage.StartNodeAsync("-ipcbind=unix");
        await stage.WaitUntilFollowingAsync();
        if (Programs.Dashd is { } dashd)
        {
            await using var theirs = await WalletStage.StartDashdAsync(dashd, stage.Folder, WalletSize.Parse("20000"));
            watch.Restart();
            await theirs.RestartDashdAsync(dashd, "-wallet=bench");
            await theirs.WaitForWalletAsync();
            report.Note("dashd: ended and started again, until its first getbalance", watch.Elapsed.TotalMilliseconds, "ms");
        }
    }

    // The node makes blocks where the wallet cannot see it, then listens.
    private static async Task<double> ReturnAsync(WalletStage stage, int gap)
    {
        if (gap > 0)
        {
            await stage.StartNodeAsync();
            await stage.Node.CallAsync("/", "generatetoaddress", $"[{gap},\"{BenchChain.Address}\"]");
            await stage.EndNodeAsync();
        }

        var socket = Path.Combine(stage.Copy.Network, "node.sock");
        File.Delete(socket); // the killed node's
        var starting = stage.StartNodeAsync("-ipcbind=unix");
        while (!IsUp(socket))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        var watch = Stopwatch.StartNew();
        await stage.WaitUntilFollowingAsync();
        var took = watch.Elapsed.TotalMilliseconds;
        await starting;
        var height = (await stage.Node.CallAsync("/", "getblockcount", "[]")).GetInt32();
        var seen = (await stage.Daemon.CallAsync(WalletStage.Wallet, "getbalances", "[]")).GetProperty("lastprocessedblock").GetProperty("height").GetInt32();
        return seen == height ? took : throw new InvalidOperationException($"the wallet says it follows at {seen}, the node is at {height}");
    }

    private static bool IsUp(string path)
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
