using Dash.Primitives.Units;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Spending;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests;

/// <summary>Small payments from others that are set aside as they come.</summary>
public sealed class QuarantineTests
{
    private static readonly WalletSettings Careful = new() { KeypoolSize = 20, QuarantineBelow = Scenarios.Coins(0.001) };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dust_is_set_aside_when_it_comes_and_is_told_of_and_nothing_else_is()
    {
        await using var wallets = new TestWallets(Careful);
        var wallet = wallets.Create();
        var chain = new TestChain();
        var dust = chain.Pay((await wallet.NewScript(), Scenarios.Coins(0.00099999)), (await wallet.NewScript(), Scenarios.Coins(0.0005)));
        var money = chain.Pay((await wallet.NewScript(), Scenarios.Coins(0.001)));
        await wallet.Mempool(dust);
        await wallet.Connect(chain["genesis"], chain.Mine("a", "genesis", await wallet.NewScript(), dust, money));
        Assert.Equal([0u, 1u], Quarantine.Of(wallet.Snapshot).Select(static coin => coin.OutPoint.Index).Order());
        Assert.All(wallet.Snapshot.LockedCoins.Keys, outPoint => Assert.Equal(dust.Txid, outPoint.Txid));
        var told = Assert.Single(wallet.EventsSince(0, 100).Lines, static line => line.Kind == EventKind.Quarantined);
        Assert.Equal(dust.Txid, told.Txid);

        // What the wallet sends itself is its own business, however little it is.
        var own = await wallet.Send(await wallet.NewScript(), Scenarios.Coins(0.0004));
        Assert.DoesNotContain(wallet.Snapshot.LockedCoins.Keys, outPoint => outPoint.Txid == own.Txid);
        var refused = await Assert.ThrowsAsync<WalletException>(() => wallet.ReserveAsync(
            [new Payment(TestChain.Stranger, Scenarios.Coins(0.0015))], CoinControl.Default, FeeMarket.Quiet, Ct));
        Assert.Equal(WalletError.InsufficientFunds, refused.Error);
    }

    [Fact]
    public async Task It_outlasts_a_reload_and_a_rescan_and_what_is_freed_stays_free()
    {
        await using var wallets = new TestWallets(Careful);
        var wallet = wallets.Create();
        var chain = new TestChain();
        var dust = chain.Pay((await wallet.NewScript(), Scenarios.Coins(0.0001)), (await wallet.NewScript(), Scenarios.Coins(0.0002)));
        var blocks = new[] { chain["genesis"], chain.Mine("a", "genesis", null, dust) };
        await wallet.Connect(blocks);
        wallet = await wallets.Reload(wallet);
        Assert.Equal(2, Quarantine.Of(wallet.Snapshot).Count());

        await wallet.ChangeAsync(state =>
        {
            var edit = new LedgerEdit(state);
            edit.Unlock(new(dust.Txid, 1));
            return new Decision<bool>(edit.Build(), true);
        }, Ct);
        await wallet.RescanAsync(blocks, null, Ct);
        wallet = await wallets.Reload(wallet);
        await wallet.RescanAsync(blocks, null, Ct);
        Assert.Equal(0u, Assert.Single(Quarantine.Of(wallet.Snapshot)).OutPoint.Index);
        Assert.Single(wallet.EventsSince(0, 100).Lines, static line => line.Kind == EventKind.Quarantined);
    }

    [Fact]
    public async Task Without_the_option_nothing_is_set_aside()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        var chain = new TestChain();
        await wallet.Mempool(chain.Pay((await wallet.NewScript(), new Amount(600))));
        Assert.Empty(wallet.Snapshot.LockedCoins);
        Assert.DoesNotContain(wallet.EventsSince(0, 100).Lines, static line => line.Kind == EventKind.Quarantined);
    }
}
