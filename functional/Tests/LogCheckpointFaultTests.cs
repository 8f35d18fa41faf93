using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>
/// What a wallet has answered lies in its log; that is taken into the file afterwards, a little at a time. Here it is that which is
/// killed, and which fails, while money moves. docs/reliability.md has the rows.
/// </summary>
public sealed class LogCheckpointFaultTests
{
    private const DiskCalls IntoTheFile = DiskCalls.Write | DiskCalls.Sync | DiskCalls.Cut | DiskCalls.File;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // F2: SIGKILL at the n-th write into the file.
    [Fact]
    public async Task Killed_while_its_log_is_taken_into_its_file_the_wallet_comes_back_whole()
    {
        using var disk = await DiskFaults.PrepareAsync();
        await using var cluster = await TestCluster.StartAsync(140, disk);
        var to = await cluster.Bob.TextAsync("getnewaddress");
        PaymentJournal journal = new(cluster, FaultCount.Seed);
        var kills = 0;
        for (var write = FaultCount.First; write <= FaultCount.Or(3); write += FaultCount.Step)
        {
            await cluster.MineAsync(1);
            using (disk.Begin(IntoTheFile, DiskFault.Kill, write, write))
            {
                await WorkAsync(journal, to, "the wallet is gone", () => cluster.Wallet.Process!.HasExited, cluster);
            }

            kills++;
            await cluster.Wallet.Process!.WaitForExitAsync("to be gone");
            await cluster.RestartWalletAsync();
            await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
        }

        await journal.VerifyAsync(to);
        TestContext.Current.SendDiagnosticMessage(
            $"killed at {kills} writes into the file, {journal.Answered} payments answered, {journal.Addresses} addresses, 0 violations");
    }

    // F4, F5: from the n-th write into the file on none is made, or the n-th alone: nobody is refused, since all of it is in the log.
    [Theory]
    [InlineData("EIO")]
    [InlineData("ENOSPC")]
    [InlineData("half")]
    public async Task While_its_log_cannot_be_taken_into_its_file_the_wallet_goes_on_and_does_so_later(string error)
    {
        using var disk = await DiskFaults.PrepareAsync();
        await using var cluster = await TestCluster.StartAsync(140, disk);
        var to = await cluster.Bob.TextAsync("getnewaddress");
        PaymentJournal journal = new(cluster, FaultCount.Seed);
        var fault = error switch { "EIO" => DiskFault.Failed, "half" => DiskFault.ShortWrite, _ => DiskFault.Full };
        var faults = 0L;
        for (var write = FaultCount.First; write <= FaultCount.Or(2); write += FaultCount.Step)
        {
            await cluster.MineAsync(1);
            var isForGood = write % 2 == 0 && error != "half"; // of two halves the second is written by who sees that it is missing
            using (disk.Begin(IntoTheFile, fault, write, isForGood ? long.MaxValue : write))
            {
                await WorkAsync(journal, to, "it was tried", () => disk.Hit > (isForGood ? 2 : 0), cluster);
                var answered = journal.Answered;
                await WorkAsync(journal, to, "payments go on", () => journal.Answered > answered + 5, cluster);
                faults += disk.Hit;
            }
        }

        // Without loading again.
        using (disk.Begin(IntoTheFile, DiskFault.Failed, long.MaxValue))
        {
            await WorkAsync(journal, to, "the log is taken in and the file made durable", () => disk.Made > 2, cluster);
        }

        Assert.DoesNotContain("could not be written", cluster.Wallet.ReadLog(), StringComparison.Ordinal);
        await journal.VerifyAsync(to);
        TestContext.Current.SendDiagnosticMessage(
            $"{error}: {faults} times, {journal.Answered} payments answered, {journal.Addresses} addresses, 0 violations");
    }

    // Pays and gives addresses out until something holds.
    private static async Task WorkAsync(PaymentJournal journal, string to, string what, Func<bool> holds, TestCluster cluster)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var working = journal.WorkAsync(to, done.Token);
        await Wait.Until(what, holds, cluster.Wallet.LastLog);
        await done.CancelAsync();
        await working;
    }
}
