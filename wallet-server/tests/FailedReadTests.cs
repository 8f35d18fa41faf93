using Dash.WalletServer.Keys;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;
using Microsoft.Data.Sqlite;

namespace Dash.WalletServer.Tests;

/// <summary>A disk that fails while a change is decided: SQLite ends the transaction of all that are stored together.</summary>
public sealed class FailedReadTests
{
    private static CancellationToken Ct => TestWallets.Ct;

    /// <summary>An I/O error while reading, and a page that makes no sense.</summary>
    [Theory]
    [InlineData(10, 266, true)]
    [InlineData(11, 11, false)]
    public async Task A_read_that_fails_takes_back_all_that_is_decided_with_it(int code, int extended, bool mayPass)
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        var (script, address) = (TestChain.Stranger, wallet.Snapshot.AddressOf(TestChain.Stranger)!); // a key hash, which has an address
        List<Task> changes = [];
        using (var held = await HeldWriter.HoldAsync(wallet))
        {
            changes.Add(wallet.LabelAsync(address, script, "A", Ct));
            changes.Add(wallet.ChangeAsync<bool>(
                _ =>
                {
                    wallet.RunInDecision("ROLLBACK");
                    throw new SqliteException("disk I/O error", code, extended);
                },
                Ct));
            changes.Add(wallet.LabelAsync(address, script, "C", Ct));
            await held.ReleaseAsync();
        }

        foreach (var change in changes)
        {
            Assert.Equal(mayPass ? WalletError.DiskFull : WalletError.Wallet, (await Assert.ThrowsAsync<WalletException>(() => change)).Error);
        }

        Assert.NotNull(wallet.Broken);
        await ViewAsync(wallet);
        Assert.Null(wallet.Snapshot.AddressBook.Find(address));
        await wallet.NewAddressAsync("next", Ct);
        Assert.Null(wallet.Broken);
        wallet = await wallets.Reload(wallet);
        Assert.Null(wallet.Snapshot.AddressBook.Find(address));
        Assert.Single(wallet.Snapshot.AddressBook.WithLabel("next"));
    }

    [Fact]
    public async Task Who_looks_at_a_wallet_whose_file_is_ahead_of_it_is_refused()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        List<Task> changes = [];
        using (var held = await HeldWriter.HoldAsync(wallet))
        {
            changes.Add(wallet.NewAddressAsync("", Ct));
            changes.Add(wallet.RunOnWriterAsync("COMMIT"));
            await held.ReleaseAsync();
        }

        foreach (var change in changes)
        {
            Assert.Equal(WalletError.Wallet, (await Assert.ThrowsAsync<WalletException>(() => change)).Error);
        }

        var refusal = await Assert.ThrowsAsync<WalletException>(() => ViewAsync(wallet));
        Assert.Equal(wallet.Broken?.Message, refusal.Message);
        wallet = await wallets.Reload(wallet);
        await wallet.NewAddressAsync("", Ct);
    }

    // It would look for ever.
    private static Task ViewAsync(Wallet wallet) => Task.Run(() => wallet.OpenView().Dispose(), Ct).WaitAsync(TimeSpan.FromSeconds(60), Ct);
}
