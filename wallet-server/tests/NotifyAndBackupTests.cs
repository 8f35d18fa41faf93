using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Storage;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.WalletServer.Tests;

/// <summary>Commands of the user's and copies of wallets.</summary>
public sealed class NotifyAndBackupTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("w", "'w'")]
    [InlineData("it's; rm -rf /", "'it'\"'\"'s; rm -rf /'")]
    [InlineData("$(reboot)`x`", "'$(reboot)`x`'")]
    [InlineData("", "''")]
    public void A_wallets_name_means_nothing_to_the_shell(string name, string quoted)
    {
        var txid = new Txid(Hashes.Sha256([1]));
        var block = new BlockHash(Hashes.Sha256([2]));
        var confirmed = new LoggedEvent(1, EventKind.Confirmed, txid, block, 7, 0);

        Assert.Equal($"do {txid} {block} 7 {quoted}", WalletNotifier.Fill("do %s %b %h %w", name, confirmed));
        Assert.Equal(
            $"do {txid} unconfirmed -1 {quoted}",
            WalletNotifier.Fill("do %s %b %h %w", name, confirmed with { Kind = EventKind.Added, Block = null, Height = -1 }));
    }

    [Fact]
    public async Task A_command_runs_for_a_transaction_that_comes()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        var file = Path.Combine(wallets.Root, "told");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        WalletNotifier notifier = new($"echo %s %w >> '{file}'", null, NullLogger.Instance);
        var running = notifier.RunAsync(wallets.Directory, wallets.Clock, stop.Token);
        var chain = new TestChain();
        var payment = chain.Pay((await wallet.NewScript(), Scenarios.Coins(1)));

        await wallet.Mempool(payment);

        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        while (!File.Exists(file) || (await File.ReadAllTextAsync(file, Ct)).Length == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal($"{payment.Txid} w\n", await File.ReadAllTextAsync(file, Ct));
    }

    [Fact]
    public async Task Four_commands_run_at_a_time_and_no_more()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        var told = Path.Combine(wallets.Root, "told");
        var go = Path.Combine(wallets.Root, "go-");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        // Every command says that it began, waits until it may go, and says that it ends.
        string Command(string kind) => $"echo begin {kind} %s >> '{told}'; until [ -e '{go}'{kind}%s ]; do sleep 0.02; done; echo end {kind} %s >> '{told}'";
        WalletNotifier notifier = new(Command("changed"), Command("locked"), NullLogger.Instance);
        var running = notifier.RunAsync(wallets.Directory, wallets.Clock, stop.Token);
        var chain = new TestChain();
        List<(string Kind, Txid Txid)> due = [];
        for (var i = 1; i <= 6; i++)
        {
            var payment = chain.Pay((await wallet.NewScript(), Scenarios.Coins(i)));
            await wallet.Mempool(payment);
            due.Add(("changed", payment.Txid));
        }

        await wallet.LockAsync([due[0].Txid], Finality.InstantSend, Ct);
        due.Add(("locked", due[0].Txid));

        for (var i = 0; i < due.Count; i++)
        {
            await Until(() => Lines("begin").Count >= Math.Min(i + 4, due.Count));
            await File.WriteAllTextAsync($"{go}{due[i].Kind}{due[i].Txid}", "", Ct);
            await Until(() => Lines("end").Count == i + 1);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        var expected = due.Select(static item => $"{item.Kind} {item.Txid}").ToList();
        Assert.Equal(expected, Lines("end"));
        Assert.Equal(expected.Take(4).Order(StringComparer.Ordinal), Lines("begin").Take(4).Order(StringComparer.Ordinal));
        Assert.Equal(expected.Skip(4), Lines("begin").Skip(4));
        var (now, most) = (0, 0);
        foreach (var line in await File.ReadAllLinesAsync(told, Ct))
        {
            now += line.StartsWith("begin", StringComparison.Ordinal) ? 1 : -1;
            most = Math.Max(most, now);
        }

        Assert.Equal(4, most);

        List<string> Lines(string what) => !File.Exists(told)
            ? []
            : [.. File.ReadAllLines(told).Where(line => line.StartsWith(what, StringComparison.Ordinal)).Select(line => line[(what.Length + 1)..])];

        static async Task Until(Func<bool> isSo)
        {
            using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
            while (!isSo())
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
            }
        }
    }

    // A shell would act on such a name if it were not quoted.
    [Theory]
    [InlineData("it's $(touch spoilt) `touch spoilt`; touch spoilt")]
    [InlineData("\"quoted\" & | > spoilt * ? \\ %s %b")]
    public async Task A_shell_gets_the_name_of_a_wallet_as_it_is(string name)
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create(name);
        var told = Path.Combine(wallets.Root, "told");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        WalletNotifier notifier = new(null, $"cd '{wallets.Root}' && cat > told.new <<END\n$(echo %w)\nEND\nmv told.new told", NullLogger.Instance);
        var running = notifier.RunAsync(wallets.Directory, wallets.Clock, stop.Token);
        var payment = new TestChain().Pay((await wallet.NewScript(), Scenarios.Coins(1)));
        await wallet.Mempool(payment);
        await wallet.LockAsync([payment.Txid], Finality.InstantSend, Ct);

        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        while (!File.Exists(told))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(name + "\n", await File.ReadAllTextAsync(told, Ct));
        Assert.False(File.Exists(Path.Combine(wallets.Root, "spoilt")));
    }

    [Fact]
    public async Task As_many_copies_are_kept_as_wanted_and_each_of_them_opens()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        var folder = Path.Combine(wallets.Root, "copies");
        AutoBackups backups = new(folder, kept: 2, wallets.Clock, NullLogger.Instance);
        string[] left = ["w.2023-11-14-22-12.0badcafe.partial", "w.2023-11-14-22-13.0badcafe.partial"]; // by processes that were killed
        string[] others = ["v.2023-11-14-22-12.0badcafe.partial", "w.0badcafe.partial", "w.2023-11-14-22-12.mine.partial"];
        Directory.CreateDirectory(folder);
        foreach (var name in left.Concat(others)) await File.WriteAllTextAsync(Path.Combine(folder, name), "", Ct);
        for (var minute = 0; minute < 4; minute++)
        {
            wallets.Clock.SetMockTime(TestWallets.Birth + (60 * minute));
            backups.Make(wallet);
            backups.Make(wallet);
        }

        Assert.All(others, name => Assert.True(File.Exists(Path.Combine(folder, name))));
        var copies = Directory.GetFiles(folder).Where(file => !others.Contains(Path.GetFileName(file))).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(["w.2023-11-14-22-15", "w.2023-11-14-22-16"], copies.Select(Path.GetFileName));
        var restored = wallets.Directory.Restore("again", copies[1], loadOnStart: null).Wallet;
        Assert.Equal(wallet.Snapshot.Keychains.Select(chain => chain.Text), restored.Snapshot.Keychains.Select(chain => chain.Text));

        await File.WriteAllTextAsync(copies[0], "no wallet", Ct);
        Assert.Throws<Keys.WalletException>(() => WalletBackup.Verify(copies[0]));
    }

    [Fact]
    public async Task A_large_wallet_is_copied_while_it_serves_and_can_be_unloaded_meanwhile()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        var folder = Path.Combine(wallets.Root, "copies");
        AutoBackups backups = new(folder, kept: 2, wallets.Clock, NullLogger.Instance, waitedFor: 0);
        wallets.Clock.SetMockTime(TestWallets.Birth);
        backups.Make(wallet);
        var copy = Path.Combine(folder, "w.2023-11-14-22-13");
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        while (!File.Exists(copy))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
        }

        WalletBackup.Verify(copy);

        wallets.Clock.SetMockTime(TestWallets.Birth + 60);
        backups.Make(wallet);
        backups.Stop(wallet);
        await wallets.Directory.UnloadAsync("w", loadOnStart: null);
        Assert.Empty(wallets.Directory.All);
    }

    [Fact]
    public async Task A_copy_that_is_to_be_given_up_leaves_nothing_behind()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        var target = Path.Combine(wallets.Root, "copy");
        Assert.Throws<Keys.WalletException>(() => wallet.Backup(target, new BackupPace(new CancellationToken(canceled: true))));
        Assert.False(File.Exists(target));
    }
}
