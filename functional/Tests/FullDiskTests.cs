using System.Diagnostics;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>A disk that really fills up while money moves, a little later each time, and then has room again.</summary>
public sealed class FullDiskTests
{
    private const int Step = 64 << 10;

    // After these the write-ahead log is not growing any more, and so the disk does not fill up.
    private const int Steps = 48;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // F5
    [Fact]
    public async Task When_the_disk_fills_up_changes_are_refused_and_go_on_when_there_is_room()
    {
        using TempDirectory directory = new();
        await using var disk = await SmallDisk.MountAsync(directory["disk"], megabytes: 64);
        await using var cluster = await TestCluster.StartAsync(140, "-walletdir=" + disk.Path);
        var to = await cluster.Bob.TextAsync("getnewaddress");
        var journal = new PaymentJournal(cluster, FaultCount.Seed);
        var slowest = TimeSpan.Zero;
        var rounds = FaultCount.Or(3);
        for (var round = 0; round < rounds; round++)
        {
            // A log of its own each time, so that it grows.
            await cluster.Wallet.Rpc.CallAsync("unloadwallet", "alice");
            await cluster.Wallet.Rpc.CallAsync("loadwallet", "alice");
            using var done = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            disk.Leave((round % Steps) * Step);
            var working = Task.WhenAll(journal.WorkAsync(to, done.Token), journal.WorkAsync(to, done.Token));
            if (round % 3 == 2) await cluster.Alice.CallAsync("startwalletjob", "rescan").ContinueWith(static _ => { }, TaskScheduler.Default);
            await Wait.Until("changes are refused", async () => !await TakesChangesAsync(cluster), cluster.Wallet.LastLog);
            await cluster.Alice.AmountAsync("getbalance");
            await cluster.Node.MineAsync(1, cluster.MiningAddress);

            disk.Free();
            var watch = Stopwatch.StartNew();
            await Wait.Until("changes are taken again", () => TakesChangesAsync(cluster), cluster.Wallet.LastLog);
            if (watch.Elapsed > slowest) slowest = watch.Elapsed;
            await done.CancelAsync();
            await working;
            await Wait.Until("no rescan is under way", async () => (await cluster.Alice.CallAsync("listwalletjobs")).EnumerateArray()
                .All(static job => job.GetProperty("state").GetString() != "running"), cluster.Wallet.LastLog);
            await cluster.MineAsync(1);
            await cluster.ShouldAddUp();
        }

        await journal.VerifyAsync(to);
        TestContext.Current.SendDiagnosticMessage(
            $"{rounds} full disks, {journal.Answered} payments answered, taken again after {slowest.TotalSeconds:F2} s at most, 0 violations");
    }

    private static async Task<bool> TakesChangesAsync(TestCluster cluster)
    {
        try
        {
            await cluster.Alice.TextAsync("getnewaddress");
            return true;
        }
        catch (RpcException refused) when (refused.Code == -4)
        {
            return false;
        }
    }
}
