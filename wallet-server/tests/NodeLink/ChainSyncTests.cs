using Dash.Primitives.Blocks;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.NodeLink;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests.NodeLink;

public sealed class ChainSyncTests
{
    private static readonly Amount Five = new(500_000_000);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>As dashd's: its users rescan to hear of what they missed.</summary>
    [Fact]
    public async Task A_rescan_runs_walletnotify_for_what_the_wallet_has_too()
    {
        await using var host = WalletHost.Attached();
        var alice = await host.NewWalletAsync("alice");
        List<string> expected = [];
        for (var i = 1; i <= 3; i++)
        {
            var payment = await host.PayAsync(alice, new Amount(i * 100_000_000));
            host.Chain.Mine(payment);
            expected.Add($"{payment.Txid} {host.Chain.Tip.Hash} {i}");
        }

        var waiting = await host.PayAsync(alice, new Amount(100_000_000));
        host.Chain.Receive(waiting);
        expected.Add($"{waiting.Txid} unconfirmed -1");
        await host.SyncedAsync();
        var told = Path.Combine(host.Wallets.Root, "told");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        WalletNotifier notifier = new($"echo %s %b %h >> '{told}'", null, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var running = notifier.RunAsync(host.Wallets, host.Clock, stop.Token);
        var lines = alice.Snapshot.NextEvent;

        await host.Sync.RescanAsync(alice, 0, null, TestContext.Current.CancellationToken);

        await WalletHost.UntilAsync(() => File.Exists(told) && File.ReadAllLines(told).Length == 4);
        Assert.Equal(expected.Order(StringComparer.Ordinal), File.ReadAllLines(told).Order(StringComparer.Ordinal));
        Assert.Equal(lines, alice.Snapshot.NextEvent);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_wallet_made_while_attached_begins_at_the_tip()
    {
        await using WalletHost host = new();
        host.Chain.MineMany(5);
        host.Attach();

        var wallet = await host.NewWalletAsync("alice");

        Assert.Equal(host.Chain.Tip.Hash, wallet.Snapshot.Tip.Hash);
        Assert.Equal(5, wallet.Snapshot.Tip.Height);
        Assert.Empty(host.Chain.Served);
    }

    [Fact]
    public async Task A_wallet_made_before_its_node_came_looks_through_the_chain()
    {
        await using WalletHost host = new();
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.MineMany(3);
        host.Chain.Mine(await host.PayAsync(wallet, Five));
        host.Chain.MineMany(3);

        host.Attach();
        await host.SyncedAsync();

        Assert.Equal(Five, WalletHost.Trusted(wallet));
    }

    [Fact]
    public async Task A_wallet_made_in_the_second_before_its_node_came_misses_nothing()
    {
        await using WalletHost host = new();
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.Mine(await host.PayAsync(wallet, Five));

        host.AttachAtOnce();
        await host.SyncedAsync();

        Assert.Equal(Five, WalletHost.Trusted(wallet));
    }

    [Fact]
    public async Task Blocks_and_transactions_reach_the_wallet_as_they_come()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        var payment = await host.PayAsync(wallet, Five);

        host.Chain.Receive(payment);
        await host.SyncedAsync();
        Assert.Equal(Five, WalletHost.Pending(wallet));
        Assert.Equal(Amount.Zero, WalletHost.Trusted(wallet));

        host.Chain.Mine(payment);
        await host.SyncedAsync();
        Assert.Equal(Amount.Zero, WalletHost.Pending(wallet));
        Assert.Equal(Five, WalletHost.Trusted(wallet));
    }

    [Fact]
    public async Task What_the_node_tells_is_received_when_it_was_told_however_late_the_wallet_looks_at_it()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        var (payment, mined) = (await host.PayAsync(wallet, Five), await host.PayAsync(wallet, Five));
        var time = host.Clock.MockTime;

        host.Chain.Receive(payment);
        host.Chain.SetMockTime(time + 1000);
        host.Chain.Mine(mined);
        host.Chain.SetMockTime(time + 2000);
        await host.SyncedAsync();

        using var view = wallet.OpenView();
        Assert.Equal([time, time + 1000], ((Transaction[])[payment, mined]).Select(tx => view.Find(tx.Txid)?.TimeReceived));
    }

    [Fact]
    public async Task A_rescan_finds_the_addresses_that_were_spent_from_before_reuse_was_avoided()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        var script = await WalletHost.NewScriptAsync(wallet);
        var paid = host.Chain.Pay(script, Five);
        host.Chain.Mine(paid);
        var spending = new Transaction([new TxIn(new OutPoint(paid.Txid, 0), Script.Empty)], [new TxOut(Five, new Script([0x51]))]);
        host.Chain.Mine(spending, host.Chain.Pay(script, Five));
        await host.SyncedAsync();
        await wallet.ChangeAsync(
            state => new Decision<bool>(new ChangeSet { Flags = state.Snapshot.Flags | WalletFlags.AvoidReuse }, true), Ct);
        Assert.Equal(Amount.Zero, Balances.Used(wallet.Snapshot));

        await host.Sync.RescanAsync(wallet, 0, 1, Ct);
        Assert.Equal(Amount.Zero, Balances.Used(wallet.Snapshot));

        await host.Sync.RescanAsync(wallet, 0, null, Ct);
        Assert.Equal(Five, Balances.Used(wallet.Snapshot));
    }

    [Fact]
    public async Task A_transaction_that_left_the_mempool_counts_no_more()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        var payment = await host.PayAsync(wallet, Five);
        host.Chain.Receive(payment);
        await host.SyncedAsync();

        host.Chain.Evict(payment);
        await host.SyncedAsync();

        Assert.Equal(Amount.Zero, WalletHost.Pending(wallet));
        Assert.True(wallet.Snapshot.Pending.ContainsKey(payment.Txid));
    }

    [Fact]
    public async Task A_wallet_that_was_unloaded_catches_up_when_it_is_loaded_again()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        var script = await WalletHost.NewScriptAsync(wallet);
        host.Chain.MineMany(2);
        await host.SyncedAsync();
        await host.Wallets.UnloadAsync("alice", loadOnStart: null);
        host.Chain.Mine(host.Chain.Pay(script, Five));
        host.Chain.MineMany(2);
        host.Chain.Served.Clear();

        wallet = await host.LoadAsync("alice");

        Assert.Equal(host.Chain.Tip.Hash, wallet.Snapshot.Tip.Hash);
        Assert.Equal(Five, WalletHost.Trusted(wallet));
        Assert.Equal([3, 4, 5], host.Chain.Served);
    }

    //   a1 - a2 (pays alice) - a3
    //     \ b2 - b3 - b4 (pays alice)
    [Fact]
    public async Task A_reorganisation_takes_back_what_its_blocks_confirmed()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        var payment = await host.PayAsync(wallet, Five);
        host.Chain.Mine();
        host.Chain.Mine(payment);
        host.Chain.Mine();
        await host.SyncedAsync();
        Assert.Equal(Five, WalletHost.Trusted(wallet));

        host.Chain.Invalidate();
        host.Chain.Invalidate();
        await host.SyncedAsync();
        Assert.Equal(Amount.Zero, WalletHost.Trusted(wallet));

        host.Chain.MineMany(2);
        host.Chain.Mine(payment);
        await host.SyncedAsync();
        Assert.Equal(Five, WalletHost.Trusted(wallet));
        Assert.Equal(4, wallet.Snapshot.Tip.Height);
    }

    [Fact]
    public async Task A_reorganisation_while_nobody_looked_is_found_by_its_fork()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        var payment = await host.PayAsync(wallet, Five);
        host.Chain.MineMany(40);
        host.Chain.Mine(payment);
        await host.SyncedAsync();
        await host.NodeDiesAsync();
        host.Chain.Invalidate();
        host.Chain.Invalidate();
        host.Chain.MineMany(5);
        host.Chain.Served.Clear();

        host.Attach();
        await host.SyncedAsync();

        Assert.Equal(Amount.Zero, WalletHost.Trusted(wallet));
        Assert.Equal([40, 41, 42, 43, 44], host.Chain.Served);
    }

    [Fact]
    public async Task A_node_that_comes_back_is_followed_from_where_the_wallet_stands()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.MineMany(3);
        await host.SyncedAsync();
        await host.NodeDiesAsync();
        Assert.Equal(3, wallet.Snapshot.Tip.Height);
        var script = await WalletHost.NewScriptAsync(wallet);
        host.Chain.Mine(host.Chain.Pay(script, Five));

        host.Attach();
        await host.SyncedAsync();
        host.Chain.Mine(host.Chain.Pay(script, Five));
        await host.SyncedAsync();

        Assert.Equal(Five + Five, WalletHost.Trusted(wallet));
    }

    [Fact]
    public async Task A_listener_that_was_too_slow_pulls_what_it_missed()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        var script = await WalletHost.NewScriptAsync(wallet);
        host.Chain.IsMute = true;
        host.Chain.Mine(host.Chain.Pay(script, Five));
        host.Chain.Receive(host.Chain.Pay(script, Five));
        host.Chain.MineMany(2);

        host.Chain.SayBehind();
        await host.SyncedAsync();

        Assert.Equal(Five, WalletHost.Trusted(wallet));
        Assert.Equal(Five, WalletHost.Pending(wallet));
    }

    [Fact]
    public async Task A_read_does_not_wait_for_a_node_at_the_end_of_a_slow_link()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        await host.SyncedAsync();
        host.Chain.IsMute = true;
        host.Chain.Mine();
        var waiting = host.Sync.SyncedAsync(wallet, Ct).AsTask();
        Assert.False(waiting.IsCompleted);

        host.Chain.RoundTrip = TimeSpan.FromSeconds(5);
        Assert.True(host.Sync.SyncedAsync(wallet, Ct).AsTask().IsCompletedSuccessfully);

        host.Chain.SayBehind();
        await waiting;
        await host.SyncedAsync();
        host.Chain.RoundTrip = TimeSpan.Zero;
        await host.SyncedAsync();
        Assert.Equal(1, wallet.Snapshot.Tip.Height);
    }

    [Fact]
    public async Task An_event_that_does_not_fit_makes_the_wallet_pull()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.IsMute = true;
        host.Chain.Mine(await host.PayAsync(wallet, Five));
        host.Chain.IsMute = false;

        host.Chain.Mine();
        await host.SyncedAsync();

        Assert.Equal(Five, WalletHost.Trusted(wallet));
    }

    [Fact]
    public async Task Wallets_at_different_heights_are_fed_together_and_each_block_is_asked_for_once()
    {
        await using WalletHost host = new();
        var alice = await host.NewWalletAsync("alice");
        host.Chain.MineMany(10);
        host.Attach();
        await host.SyncedAsync();
        await host.NodeDiesAsync();
        var bob = await host.NewWalletAsync("bob");
        var forAlice = await WalletHost.NewScriptAsync(alice);
        var forBob = await WalletHost.NewScriptAsync(bob);
        host.Chain.Mine(host.Chain.Pay(forAlice, Five), host.Chain.Pay(forBob, Five));
        host.Chain.MineMany(3);
        host.Chain.Served.Clear();

        host.Attach();
        await host.SyncedAsync();

        Assert.Equal(Five, WalletHost.Trusted(alice));
        Assert.Equal(Five, WalletHost.Trusted(bob));
        Assert.Equal(Enumerable.Range(1, 14), host.Chain.Served);
    }

    [Fact]
    public async Task Many_payments_in_many_blocks_are_all_found()
    {
        await using WalletHost host = new();
        var wallet = await host.NewWalletAsync("alice");
        var script = await WalletHost.NewScriptAsync(wallet);
        for (var i = 0; i < 150; i++)
        {
            if (i % 3 == 0) host.Chain.Mine(host.Chain.Pay(script, Five));
            else host.Chain.Mine();
        }

        host.Attach();
        await host.SyncedAsync();

        Assert.Equal(Five * 50, WalletHost.Trusted(wallet));
    }

    [Fact]
    public async Task A_payment_far_down_the_keypool_is_found_after_nearer_ones()
    {
        await using WalletHost host = new();
        var wallet = await host.NewWalletAsync("alice");
        var chain = wallet.Snapshot.Keychains[wallet.Snapshot.ActiveExternal];
        var wider = chain.ToppedUp(40, null) ?? throw new InvalidOperationException("no keys");
        foreach (var index in (int[])[8, 16, 24, 32]) host.Chain.Mine(host.Chain.Pay(wider.ScriptAt(index), Five));

        host.Attach();
        await host.SyncedAsync();

        Assert.Equal(Five * 4, WalletHost.Trusted(wallet));
    }

    [Fact]
    public async Task Nothing_older_than_the_wallet_is_taken_into_account()
    {
        await using WalletHost host = new();
        host.Clock.SetMockTime(host.Clock.MockTime + 100_000);
        var wallet = await host.NewWalletAsync("alice");
        var script = await WalletHost.NewScriptAsync(wallet);
        host.Chain.Mine(host.Chain.Pay(script, Five));
        host.Chain.Mine(100_000 - 7200 - 600, host.Chain.Pay(script, Five));

        host.Attach();
        await host.SyncedAsync();

        Assert.Equal(Five, WalletHost.Trusted(wallet));
    }

    // The node takes one block back after the other, or is another one that lacks some, or both in turn: the depth is that of all.
    [Fact]
    public async Task A_rescan_finds_what_is_older_than_the_wallet()
    {
        await using WalletHost host = new();
        host.Clock.SetMockTime(host.Clock.MockTime + 100_000_000);
        var wallet = await host.NewWalletAsync("alice");
        var script = await WalletHost.NewScriptAsync(wallet);
        for (var i = 0; i < 60; i++)
        {
            if (i % 20 == 0) host.Chain.Mine(host.Chain.Pay(script, Five));
            else host.Chain.Mine();
        }

        host.Attach();
        await host.SyncedAsync();
        Assert.Equal(Amount.Zero, WalletHost.Trusted(wallet));

        var outcome = await host.Sync.RescanAsync(wallet, 0, null, Ct);

        Assert.Equal(new RescanOutcome(0, 60), outcome);
        Assert.Equal(Five * 3, WalletHost.Trusted(wallet));
        Assert.Null(host.Sync.RescanOf(wallet));
        host.Chain.Mine();
        await host.SyncedAsync();
    }

    [Fact]
    public async Task A_rescan_keeps_to_its_heights()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.MineMany(20);
        await host.SyncedAsync();

        Assert.Equal(new RescanOutcome(7, 12), await host.Sync.RescanAsync(wallet, 7, 12, Ct));
        Assert.Equal(new RescanOutcome(20, 20), await host.Sync.RescanAsync(wallet, 20, null, Ct));
    }

    [Fact]
    public async Task Payments_are_seen_while_a_rescan_looks_at_blocks_and_new_blocks_after_it()
    {
        await using var host = WalletHost.Attached();
        var (alice, bob) = (await host.NewWalletAsync("alice"), await host.NewWalletAsync("bob"));
        host.Chain.MineMany(3);
        await host.SyncedAsync();
        var asked = host.Chain.BlocksAsked;
        TaskCompletionSource mayServe = new(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Chain.MayServe = mayServe.Task;
        var rescan = host.Sync.RescanAsync(alice, 0, null, Ct);
        await WalletHost.UntilAsync(() => host.Chain.BlocksAsked > asked);

        host.Chain.Receive(await host.PayAsync(alice, Five));
        host.Chain.Receive(await host.PayAsync(bob, Five * 2));
        await host.SyncedAsync();
        Assert.Equal(Five, WalletHost.Pending(alice));
        Assert.Equal(Five * 2, WalletHost.Pending(bob));
        Assert.False(rescan.IsCompleted);

        host.Chain.Mine();
        var seen = host.Sync.SyncedAsync(alice, Ct).AsTask();
        Assert.Equal(3, alice.Snapshot.Tip.Height);
        mayServe.SetResult();
        await rescan;
        await seen;
        await host.SyncedAsync();
        Assert.Equal(4, alice.Snapshot.Tip.Height);
    }

    [Fact]
    public async Task A_rescan_waits_for_a_node_that_comes_back_and_can_be_aborted()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.MineMany(3);
        await host.SyncedAsync();
        await host.NodeDiesAsync();
        host.Node.Attach(host.Chain.Connect()); // attached, and nobody follows yet
        var rescan = host.Sync.RescanAsync(wallet, 0, null, Ct);
        var refused = await Assert.ThrowsAsync<WalletException>(() => host.Sync.RescanAsync(wallet, 0, null, Ct));
        Assert.Equal("Wallet is currently rescanning. Abort existing rescan or wait.", refused.Message);
        Assert.NotNull(host.Sync.RescanOf(wallet));
        Assert.False(rescan.IsCompleted);

        host.Attach();
        Assert.Equal(3, (await rescan).StopHeight);

        await host.NodeDiesAsync();
        host.Node.Attach(host.Chain.Connect());
        rescan = host.Sync.RescanAsync(wallet, 0, null, Ct);
        Assert.True(await host.Sync.AbortRescanAsync(wallet));
        host.Attach();
        Assert.Equal("Rescan aborted.", (await Assert.ThrowsAsync<WalletException>(() => rescan)).Message);
        Assert.False(await host.Sync.AbortRescanAsync(wallet));
    }

    [Fact]
    public async Task Without_a_node_nobody_waits()
    {
        await using WalletHost host = new();
        var wallet = await host.NewWalletAsync("alice");

        await host.Sync.SyncedAsync(wallet, Ct);
        await host.Sync.SyncedAsync(Ct);
        await host.Sync.ReachedAsync(1000, Ct);

        Assert.Equal(BlockPoint.None, wallet.Snapshot.Tip);
        await Assert.ThrowsAsync<Ipc.Capabilities.IpcException>(() => host.Sync.RescanAsync(wallet, 0, null, Ct));
    }

    [Fact]
    public async Task Who_waits_for_a_node_that_dies_goes_on()
    {
        await using var host = WalletHost.Attached();
        await host.NewWalletAsync("alice");
        var waiting = host.Sync.ReachedAsync(1000, Ct);
        Assert.False(waiting.IsCompleted);

        await host.NodeDiesAsync();

        await waiting;
    }

    [Fact]
    public async Task A_wallet_may_leave_while_the_chain_goes_on()
    {
        await using var host = WalletHost.Attached();
        await host.NewWalletAsync("alice");
        var bob = await host.NewWalletAsync("bob");
        for (var i = 0; i < 20; i++)
        {
            host.Chain.Mine();
            if (i == 10) await host.Wallets.UnloadAsync("alice", loadOnStart: null);
        }

        await host.SyncedAsync();

        Assert.Equal(20, bob.Snapshot.Tip.Height);
        await host.Sync.ReachedAsync(host.Chain.Sequence, Ct);
    }

    [Fact]
    public async Task A_block_that_is_not_what_it_is_said_to_be_ends_the_session_and_changes_nothing()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.Mine();
        await host.SyncedAsync();
        var tip = wallet.Snapshot.Tip;

        host.Chain.MineForged();

        var failure = Assert.IsType<FeedException>(await host.EndedAsync());
        Assert.Contains("has the hash", failure.Message, StringComparison.Ordinal);
        Assert.Equal(tip, wallet.Snapshot.Tip);
    }

    /// <summary>A header that is real work, and a payment to the wallet that nobody ever mined.</summary>
    [Theory]
    [InlineData("added")]
    [InlineData("instead")]
    [InlineData("cut")]
    public async Task A_payment_that_a_block_does_not_hold_is_not_believed(string kind)
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.Mine();
        await host.SyncedAsync();
        var tip = wallet.Snapshot.Tip;
        var payment = await host.PayAsync(wallet, new Amount(100_000_000));

        var forged = host.Chain.MineForged(bytes =>
        {
            var honest = Block.Parse(bytes);
            return kind switch
            {
                "added" => new Block(honest.Header, [.. honest.Transactions, payment]).ToBytes(),
                "instead" => new Block(honest.Header, [payment]).ToBytes(),
                _ => new Block(honest.Header, [.. honest.Transactions, payment]).ToBytes()[..^1],
            };
        });

        var failure = Assert.IsType<FeedException>(await host.EndedAsync());
        Assert.Contains(kind == "cut" ? "cannot be read" : "holds other transactions", failure.Message, StringComparison.Ordinal);
        Assert.Equal(tip, wallet.Snapshot.Tip);
        Assert.Equal(Amount.Zero, WalletHost.Trusted(wallet));
        Assert.Equal(0, wallet.Snapshot.TxCount);

        // Nor when it is read again, with those before it and after it.
        host.Attach();
        Assert.IsType<FeedException>(await host.EndedAsync());
        Assert.Equal(tip, wallet.Snapshot.Tip);
        Assert.Equal(forged.Ref.Height - 1, tip.Height);
    }

    [Fact]
    public async Task The_nodes_mock_time_is_the_wallets()
    {
        await using var host = WalletHost.Attached();

        host.Chain.SetMockTime(1_700_000_000);

        Assert.Equal(1_700_000_000, host.Clock.UnixSeconds);
    }
}
