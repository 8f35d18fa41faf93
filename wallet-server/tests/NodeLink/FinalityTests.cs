using Dash.Primitives.Units;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.NodeLink;

namespace Dash.WalletServer.Tests.NodeLink;

/// <summary>Promises of the masternodes, as a node tells them.</summary>
public sealed class FinalityTests
{
    private static readonly Amount Five = new(500_000_000);

    [Fact]
    public async Task A_strangers_payment_counts_once_InstantSend_has_locked_it()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        var payment = await host.PayAsync(wallet, Five);
        host.Chain.Receive(payment);
        await host.SyncedAsync();
        Assert.Equal(Five, WalletHost.Pending(wallet));

        host.Chain.LockTransaction(payment);
        await host.SyncedAsync();

        Assert.Equal(Amount.Zero, WalletHost.Pending(wallet));
        Assert.Equal(Five, WalletHost.Trusted(wallet));
    }

    [Fact]
    public async Task A_lock_that_came_before_the_transaction_is_asked_for()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        var payment = await host.PayAsync(wallet, Five);

        host.Chain.LockTransaction(payment);
        host.Chain.Receive(payment);
        await host.SyncedAsync();

        Assert.Equal(Five, WalletHost.Trusted(wallet));
    }

    [Fact]
    public async Task A_locked_payment_passes_a_depth_only_where_locks_are_added()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        var script = await WalletHost.NewScriptAsync(wallet);
        var payment = host.Chain.Pay(script, Five);
        host.Chain.Receive(payment);
        await host.SyncedAsync();
        Assert.Equal(Amount.Zero, Balances.Of(wallet.Snapshot, minDepth: 1, addLocked: true).Trusted);

        host.Chain.LockTransaction(payment);
        await host.SyncedAsync();

        Assert.Equal(Five, Balances.Of(wallet.Snapshot).Trusted);
        Assert.Equal(Amount.Zero, Balances.Of(wallet.Snapshot, minDepth: 1).Trusted);
        Assert.Equal(Five, Balances.Of(wallet.Snapshot, minDepth: 1, addLocked: true).Trusted);
        using var view = wallet.OpenView();
        var row = Assert.Single(view.Received(script));
        Assert.Equal((0, true), (row.Depth, row.IsInstantLocked));
    }

    [Fact]
    public async Task A_locked_payment_in_a_young_block_passes_a_depth_where_locks_are_added_until_a_ChainLock_comes()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        var payment = await host.PayAsync(wallet, Five);
        host.Chain.Receive(payment);
        host.Chain.LockTransaction(payment);
        host.Chain.Mine(payment);
        await host.SyncedAsync();
        Assert.Equal(Amount.Zero, Balances.Of(wallet.Snapshot, minDepth: 6).Trusted);
        Assert.Equal(Five, Balances.Of(wallet.Snapshot, minDepth: 6, addLocked: true).Trusted);

        await host.Wallets.UnloadAsync("alice", null);
        wallet = await host.LoadAsync("alice");
        Assert.Equal(Five, Balances.Of(wallet.Snapshot, minDepth: 6, addLocked: true).Trusted);

        host.Chain.LockTip();
        await host.SyncedAsync();
        Assert.Equal(Amount.Zero, Balances.Of(wallet.Snapshot, minDepth: 6, addLocked: true).Trusted);
        Assert.Equal(Five, Balances.Of(wallet.Snapshot, minDepth: 1).Trusted);
    }

    [Fact]
    public async Task A_locked_payment_of_a_stranger_is_spent_before_any_block()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        var to = await WalletHost.NewScriptAsync(wallet);
        var payment = await host.PayAsync(wallet, Five);
        host.Chain.Receive(payment);
        await host.SyncedAsync();
        var refused = await Assert.ThrowsAsync<WalletException>(() => host.SendAsync(wallet, to, new Amount(100_000_000)));
        Assert.Equal(WalletError.InsufficientFunds, refused.Error);

        host.Chain.LockTransaction(payment);
        await host.SyncedAsync();
        await host.SendAsync(wallet, to, new Amount(100_000_000));

        using var view = wallet.OpenView();
        Assert.Equal(payment.Txid, Assert.Single(view.NewestFirst().First().Tx.Inputs).PreviousOutput.Txid);
    }

    [Fact]
    public async Task A_lock_is_kept_over_a_restart_and_a_reorganisation()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        var payment = await host.PayAsync(wallet, Five);
        host.Chain.Receive(payment);
        host.Chain.LockTransaction(payment);
        host.Chain.Mine(payment);
        await host.SyncedAsync();
        await host.Wallets.UnloadAsync("alice", null);
        wallet = await host.LoadAsync("alice");

        host.Chain.Invalidate();
        await host.SyncedAsync();

        using var view = wallet.OpenView();
        var tx = Assert.Single(view.NewestFirst());
        Assert.True(tx.IsInstantLocked);
        Assert.True(view.Trust.Of(tx));
    }

    [Fact]
    public async Task A_chain_lock_of_another_chain_says_nothing_to_a_wallet_that_waits_on_its_own()
    {
        await using WalletHost host = new(WalletSettings.Default with { KeypoolSize = 10, MaxReorganisation = 5 });
        host.Attach();
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.MineMany(10);
        host.Chain.Mine(await host.PayAsync(wallet, Five));
        await host.SyncedAsync();
        for (var i = 0; i < 8; i++) host.Chain.Invalidate();
        host.Chain.MineMany(10);
        await WalletHost.UntilAsync(() => host.Sync.StatusOf(wallet).State == NodeState.WrongChain);
        var events = wallet.Snapshot.NextEvent;

        host.Chain.LockTip();
        host.Chain.Receive(host.Chain.Pay(await WalletHost.NewScriptAsync(wallet), Five)); // something behind it
        await host.Sync.ReachedAsync(host.Chain.Sequence, TestContext.Current.CancellationToken);
        Assert.Equal(NodeState.WrongChain, host.Sync.StatusOf(wallet).State);
        Assert.Equal(-1, wallet.Snapshot.ChainLockHeight);
        Assert.Equal(events, wallet.Snapshot.NextEvent);

        Assert.True(host.Sync.AcceptChain(wallet));
        await WalletHost.UntilAsync(() => wallet.Snapshot.Tip.Hash == host.Chain.Tip.Hash);
        await host.SyncedAsync();
        Assert.Equal(host.Chain.Tip.Height, wallet.Snapshot.ChainLockHeight);
    }

    [Fact]
    public async Task A_chain_lock_holds_for_the_block_and_all_before_until_they_leave_the_chain()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        var payment = await host.PayAsync(wallet, Five);
        host.Chain.Mine(payment);
        host.Chain.Mine();
        host.Chain.LockTip();
        host.Chain.LockTransaction(payment);
        await host.SyncedAsync();

        Assert.True(IsChainLocked());
        Assert.False(IsInstantLocked());
        await host.Wallets.UnloadAsync("alice", null);
        wallet = await host.LoadAsync("alice");
        Assert.True(IsChainLocked());

        host.Chain.Invalidate();
        host.Chain.Invalidate();
        await host.SyncedAsync();
        Assert.False(IsChainLocked());
        Assert.True(IsInstantLocked());

        bool IsChainLocked()
        {
            using var view = wallet.OpenView();
            return view.Snapshot.IsChainLocked(view.NewestFirst().Single());
        }

        bool IsInstantLocked()
        {
            using var view = wallet.OpenView();
            return view.Snapshot.IsInstantLocked(view.NewestFirst().Single());
        }
    }
}
