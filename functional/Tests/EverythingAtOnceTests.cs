using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>
/// Everything that callers do, at once, while the processes are killed and asked to end again and again. docs/reliability.md has the row.
/// </summary>
public sealed class EverythingAtOnceTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("attached")]
    [InlineData("started by the node")]
    [InlineData("attached to two nodes")]
    public async Task Whatever_is_killed_each_payment_is_made_once_and_all_coins_are_there(string kind)
    {
        TestContext.Current.SendDiagnosticMessage($"seed {FaultCount.Seed}");
        Random random = new(FaultCount.Seed);
        await using ServedWallets processes = kind == "started by the node" ? new StartedWallets() : new AttachedWallets(kind != "attached");
        await processes.StartAsync();
        CallRecord record = new();
        ManyCallers callers = new(processes, record, FaultCount.Seed);
        await callers.BeginAsync();

        using var done = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var calling = callers.RunAsync(done.Token);
        for (var hit = 0; hit < FaultCount.Or(3); hit++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(200, 1_200)), TimeProvider.System, Ct);
            record.Done(await processes.HitAsync(random));
        }

        await done.CancelAsync();
        await calling;
        var unanswered = callers.Payments.Unanswered;
        await callers.SettleAsync();

        TestContext.Current.SendDiagnosticMessage($"{kind}: {callers.Payments.Answered} payments, {unanswered} of them answered at the end only; {record}");
        Assert.True(record.Violations.Count == 0, $"seed {FaultCount.Seed}: {record}");
        await callers.Payments.ShouldBeMinedOnceAsync(processes.Node);
        List<decimal> owned = [];
        foreach (var name in ManyCallers.Names)
        {
            owned.Add(await processes.OwnedAsync(name));
            var wallet = processes.Rpc.Wallet(name);
            await WalletOracle.ShouldHaveWholeLogAsync(wallet, callers.Payments.Of(name));
            await WalletOracle.ShouldEqualRescannedAsync(processes.Rpc, name);
        }

        Assert.Equal(await processes.Node.ExistingAsync(), owned.Sum()); // all coins of the chain are theirs
        await BackupsShouldBeWholeAsync(processes, callers, owned);
        await processes.StopAsync();
    }

    // Of whichever wallet and whichever moment: loaded again it owns what one of the wallets owns today.
    private static async Task BackupsShouldBeWholeAsync(ServedWallets processes, ManyCallers callers, IReadOnlyCollection<decimal> owned)
    {
        foreach (var file in Directory.EnumerateFiles(callers.Backups).Where(static file => Path.GetExtension(file).Length == 0))
        {
            var name = "backup " + Path.GetFileName(file);
            await processes.Rpc.CallAsync("restorewallet", name, file);
            await processes.AtTipAsync(name);
            Assert.Contains(await processes.OwnedAsync(name), owned);
        }
    }
}
