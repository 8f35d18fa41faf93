using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Spending;
using Dash.WalletServer.Tests.NodeLink;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests;

/// <summary>Coins that keep a masternode registered are set aside: to spend one by accident ends the masternode.</summary>
public sealed class MasternodeCollateralTests
{
    private static readonly Amount Regular = Scenarios.Coins(1000);
    private static readonly Amount Evo = Scenarios.Coins(4000);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MasternodeType.Regular, 1000, true)]
    [InlineData(MasternodeType.Evo, 4000, true)]
    [InlineData(MasternodeType.Regular, 4000, false)]
    [InlineData(MasternodeType.Evo, 1000, false)]
    public async Task A_registrations_own_collateral_is_set_aside_with_the_transaction(MasternodeType type, int dash, bool isSetAside)
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        var chain = new TestChain();
        var registration = Registration(
            new OutPoint(default, 1), type, chain.Foreign(), (await wallet.NewScript(), Regular), (await wallet.NewScript(), Scenarios.Coins(dash)));
        await wallet.Mempool(registration);
        OutPoint[] expected = isSetAside ? [new(registration.Txid, 1)] : [];
        Assert.Equal(expected, wallet.Snapshot.LockedCoins.Keys);

        // As the file says, too, and with the first block nothing changes.
        wallet = await wallets.Reload(wallet);
        Assert.Equal(expected, wallet.Snapshot.LockedCoins.Keys);
        await wallet.Connect(chain["genesis"], chain.Mine("a", "genesis", null, registration));
        Assert.Equal(expected, wallet.Snapshot.LockedCoins.Keys);
    }

    [Fact]
    public async Task No_payment_takes_it_unless_it_was_freed_and_a_block_does_not_set_it_aside_again()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        var chain = new TestChain();
        var registration = Registration(
            new OutPoint(default, 0), MasternodeType.Regular, chain.Foreign(), (await wallet.NewScript(), Regular));
        var blocks = new[] { chain["genesis"], chain.Mine("a", "genesis", null, registration) };
        await wallet.Connect(blocks);
        var refused = await Assert.ThrowsAsync<WalletException>(() => wallet.ReserveAsync(
            [new Payment(TestChain.Stranger, Scenarios.Coins(1))], CoinControl.Default, FeeMarket.Quiet, Ct));
        Assert.Equal(WalletError.InsufficientFunds, refused.Error);

        OutPoint collateral = new(registration.Txid, 0);
        await wallet.LockCoinsAsync([collateral], unlock: true, persistent: false, Ct);
        await wallet.RescanAsync(blocks, null, Ct);
        Assert.Empty(wallet.Snapshot.LockedCoins);
        var payment = await wallet.Send(TestChain.Stranger, Scenarios.Coins(1));
        Assert.Equal(collateral, Assert.Single(payment.Inputs).PreviousOutput);
    }

    [Fact]
    public async Task One_that_another_transaction_made_is_no_collateral_of_its_own()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        var chain = new TestChain();
        var coin = chain.Pay((await wallet.NewScript(), Regular));
        var registration = Registration(
            new OutPoint(coin.Txid, 0), MasternodeType.Regular, chain.Foreign(), (await wallet.NewScript(), Regular));
        await wallet.Mempool(coin, registration);
        Assert.Empty(wallet.Snapshot.LockedCoins);
    }

    [Fact]
    public async Task What_the_node_knows_of_is_set_aside_when_the_wallet_arrives_and_when_coins_come()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        var early = await host.PayAsync(wallet, Regular);
        host.Chain.Mine(early);
        await host.SyncedAsync();
        Assert.Empty(wallet.Snapshot.LockedCoins);

        // It is registered elsewhere: as with Core, that is asked for when the wallet is loaded.
        host.Chain.Collaterals.Add(new OutPoint(early.Txid, 0));
        var late = await host.PayAsync(wallet, Evo);
        host.Chain.Collaterals.Add(new OutPoint(late.Txid, 0));
        host.Chain.Mine(late);
        await host.SyncedAsync();
        await WalletHost.UntilAsync(() => !wallet.Snapshot.LockedCoins.IsEmpty);
        Assert.Equal([new OutPoint(late.Txid, 0)], wallet.Snapshot.LockedCoins.Keys);

        await host.Wallets.UnloadAsync("alice", null);
        wallet = await host.LoadAsync("alice");
        Assert.Equal(2, wallet.Snapshot.LockedCoins.Count);
        Assert.DoesNotContain(false, wallet.Snapshot.LockedCoins.Values);
    }

    [Fact]
    public async Task What_the_user_frees_stays_free_until_the_wallet_is_loaded_again()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        var coin = await host.PayAsync(wallet, Regular);
        OutPoint collateral = new(coin.Txid, 0);
        host.Chain.Collaterals.Add(collateral);
        host.Chain.Mine(coin);
        await host.SyncedAsync();
        await WalletHost.UntilAsync(() => wallet.Snapshot.LockedCoins.ContainsKey(collateral));
        await wallet.LockCoinsAsync([collateral], unlock: true, persistent: false, Ct);

        await host.NodeDiesAsync();
        host.Attach();
        await host.SyncedAsync();
        host.Chain.Mine(await host.PayAsync(wallet, Regular));
        await host.SyncedAsync();
        Assert.Empty(wallet.Snapshot.LockedCoins);

        await host.Wallets.UnloadAsync("alice", null);
        wallet = await host.LoadAsync("alice");
        Assert.Equal([collateral], wallet.Snapshot.LockedCoins.Keys);
    }

    [Fact]
    public async Task Nobody_asks_about_coins_of_other_amounts_and_an_older_node_is_not_needed()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.Mine(await host.PayAsync(wallet, Scenarios.Coins(999)));
        await host.SyncedAsync();
        Assert.Equal(0, host.Chain.CollateralsAsked);

        host.Chain.IsOlder = true;
        host.Chain.Mine(await host.PayAsync(wallet, Regular));
        host.Chain.Mine(await host.PayAsync(wallet, Evo));
        await host.SyncedAsync();
        Assert.Equal(Scenarios.Coins(5999), WalletHost.Trusted(wallet));
        Assert.Empty(wallet.Snapshot.LockedCoins);
    }

    private static Transaction Registration(
        OutPoint collateral, MasternodeType type, OutPoint from, params (Script Script, Amount Value)[] outputs)
    {
        ProRegTx payload = new()
        {
            Version = ProTxVersion.BasicBls,
            Type = type,
            Collateral = collateral,
            OwnerKeyId = new Hash160([.. Enumerable.Repeat((byte)1, 20)]),
            Payout = TestChain.Stranger,
        };
        return new Transaction(
            Transaction.SpecialVersion,
            TransactionType.ProRegTx,
            [new TxIn(from, Script.Empty)],
            [.. outputs.Select(output => new TxOut(output.Value, output.Script))],
            extraPayload: payload.ToBytes());
    }
}
