using Dash.Ipc.Capabilities;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.NodeLink;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests.NodeLink;

/// <summary>A node whose chain ends below a wallet's, or takes back too much, is waited for; what it takes back itself is taken back.</summary>
public sealed class NodeBehindTests
{
    private static readonly Amount Five = new(500_000_000);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_that_lost_much_of_its_chain_is_waited_for()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.Mine(await host.PayAsync(wallet, Five));
        host.Chain.MineMany(600);
        await host.SyncedAsync();
        await host.NodeDiesAsync();
        var lost = host.Chain.Cut(10);

        host.Attach();
        host.Chain.Restore(lost.Take(300));
        await WalletHost.UntilAsync(() => host.Log.Lines.Any(line => line.Contains("waiting until it has caught up", StringComparison.Ordinal)));
        Assert.Equal(601, wallet.Snapshot.Tip.Height);
        Assert.Equal(Five, WalletHost.Trusted(wallet));

        host.Chain.Restore(lost.Skip(300));
        host.Chain.Mine();
        await host.SyncedAsync();
        Assert.Equal(602, wallet.Snapshot.Tip.Height);
        Assert.DoesNotContain(host.Log.Lines, line => line.Contains("has left ours", StringComparison.Ordinal));
    }

    /// <summary>Where blocks are worth something, or another node has them, not one of them is given up for a node that lacks it.</summary>
    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 3)]
    [InlineData(false, 1)]
    [InlineData(false, 200)]
    public async Task A_node_that_lacks_blocks_is_waited_for(bool hasOthers, int missing)
    {
        await using WalletHost host = new(network: ChainParams.Regtest with { IsMockable = hasOthers });
        host.Attach();
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.Mine(await host.PayAsync(wallet, Five));
        host.Chain.MineMany(missing);
        await host.SyncedAsync();
        await host.NodeDiesAsync();
        var lost = host.Chain.Cut(1);

        host.Attach(hasOthers);
        await WalletHost.UntilAsync(() => host.Sync.StatusOf(wallet) is { State: NodeState.CatchingUp, Reason: not "blocks are missing" });
        Assert.Equal(
            $"the wallet is at height {1 + missing} and the node only at 1: waiting until it has caught up", host.Sync.StatusOf(wallet).Reason);
        Assert.Equal((1 + missing, Five), (wallet.Snapshot.Tip.Height, WalletHost.Trusted(wallet)));

        host.Chain.Restore(lost);
        await WalletHost.UntilAsync(() => host.Sync.StatusOf(wallet).State == NodeState.Connected);
        Assert.DoesNotContain(host.Log.Lines, line => line.Contains("has left ours", StringComparison.Ordinal));
    }

    /// <summary>At whatever point between two questions.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_node_that_gets_its_blocks_while_it_is_asked_for_them_is_not_gone_back_to(int question)
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.MineMany(10);
        await host.SyncedAsync();
        await host.NodeDiesAsync();
        var lost = host.Chain.Cut(7);
        var asked = 0;
        host.Chain.OnPlace = () =>
        {
            if (Interlocked.Increment(ref asked) == question) host.Chain.Restore(lost);
        };

        host.Attach(hasOthers: true);
        if (question > 2)
        {
            await WalletHost.UntilAsync(() => host.Sync.StatusOf(wallet) is { State: NodeState.CatchingUp, Reason: not "blocks are missing" });
            host.Chain.SayBehind(); // it asks again
        }

        await WalletHost.UntilAsync(() => host.Sync.StatusOf(wallet).State == NodeState.Connected);
        Assert.Equal(10, wallet.Snapshot.Tip.Height);
        Assert.DoesNotContain(host.Log.Lines, line => line.Contains("has left ours", StringComparison.Ordinal));
    }

    /// <summary>A node that is below what <c>-maxreorg</c> allows is behind, not wrong; the user may go back to it all the same.</summary>
    [Fact]
    public async Task A_node_that_is_behind_is_called_so_and_is_gone_back_to_where_the_user_says()
    {
        await using WalletHost host = new(WalletSettings.Default with { KeypoolSize = 10, MaxReorganisation = 5 });
        host.Attach();
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.MineMany(20);
        await host.SyncedAsync();
        await host.NodeDiesAsync();
        host.Chain.Cut(10);

        host.Attach();
        await WalletHost.UntilAsync(() => host.Sync.StatusOf(wallet) is { State: NodeState.CatchingUp, Reason: not "blocks are missing" });
        Assert.Contains("at height 20 and the node only at 10", host.Sync.StatusOf(wallet).Reason, StringComparison.Ordinal);
        Assert.Equal(20, wallet.Snapshot.Tip.Height);

        Assert.True(host.Sync.AcceptChain(wallet));
        await WalletHost.UntilAsync(() => wallet.Snapshot.Tip.Height == 10);
        host.Chain.Mine();
        await host.SyncedAsync();
        Assert.False(host.Sync.AcceptChain(wallet));
    }

    [Fact]
    public async Task A_node_that_lost_a_few_blocks_is_followed_back()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.MineMany(10);
        await host.SyncedAsync();
        await host.NodeDiesAsync();
        host.Chain.Cut(7);

        host.Attach();
        await host.SyncedAsync();

        Assert.Equal(7, wallet.Snapshot.Tip.Height);
    }

    /// <summary>Nothing ends until the user says so, which is what is to be answered.</summary>
    [Fact]
    public async Task A_rescan_of_a_wallet_that_waits_for_acceptchain_is_refused_and_one_under_way_says_so_and_goes_on()
    {
        await using WalletHost host = new(WalletSettings.Default with { KeypoolSize = 10, MaxReorganisation = 5 });
        host.Attach();
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.MineMany(20);
        await host.SyncedAsync();
        await host.NodeDiesAsync();
        var underWay = await host.Sync.StartRescanAsync(wallet, 0, null, TestContext.Current.CancellationToken);
        for (var i = 0; i < 8; i++) host.Chain.Invalidate();
        host.Chain.MineMany(10);
        host.Attach();

        var told = await Assert.ThrowsAsync<IpcException>(() => underWay.EndAsync(TestContext.Current.CancellationToken));
        Assert.Equal(NodeState.WrongChain, host.Sync.StatusOf(wallet).State);
        var refused = await Assert.ThrowsAsync<IpcException>(() => host.Sync.RescanAsync(wallet, 0, null, TestContext.Current.CancellationToken));

        Assert.All([told, refused], said => Assert.Equal(
            (IpcErrorKind.Disconnected, $"Not connected to a node ({host.Sync.StatusOf(wallet).Reason})"), (said.Kind, said.Reason)));
        Assert.Equal(JobState.Running, Assert.Single(wallet.Snapshot.Jobs).State);
        Assert.True(host.Sync.AcceptChain(wallet));
        await underWay.Done.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal(JobState.Done, Assert.Single(wallet.Snapshot.Jobs).State);
    }

    [Fact]
    public async Task A_chain_that_goes_back_too_far_in_small_steps_is_waited_out_too()
    {
        await using WalletHost host = new(WalletSettings.Default with { KeypoolSize = 10, MaxReorganisation = 5 });
        host.Attach();
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.MineMany(20);
        await host.SyncedAsync();
        for (var i = 0; i < 4; i++) host.Chain.Invalidate();
        await host.SyncedAsync();
        Assert.Equal(16, wallet.Snapshot.Tip.Height);

        for (var i = 0; i < 4; i++) host.Chain.Invalidate();
        await WalletHost.UntilAsync(() => host.Sync.StatusOf(wallet).State == NodeState.WrongChain);
        Assert.Equal(15, wallet.Snapshot.Tip.Height);
        Assert.Contains("8 blocks ago, at height 12", host.Sync.StatusOf(wallet).Reason, StringComparison.Ordinal);

        // Neither a new connection nor a longer chain changes that.
        await host.NodeDiesAsync();
        host.Chain.MineMany(3);
        host.Attach();
        await WalletHost.UntilAsync(() => host.Sync.StatusOf(wallet).State == NodeState.WrongChain);
        Assert.Equal(15, wallet.Snapshot.Tip.Height);

        // Nor does loading it again.
        await host.NodeDiesAsync();
        await host.Wallets.UnloadAsync("alice", loadOnStart: null);
        wallet = host.Wallets.Load("alice", loadOnStart: null).Wallet;
        host.Attach();
        await WalletHost.UntilAsync(() => host.Sync.StatusOf(wallet).State == NodeState.WrongChain);
        Assert.Equal(15, wallet.Snapshot.Tip.Height);

        Assert.True(host.Sync.AcceptChain(wallet));
        await WalletHost.UntilAsync(() => wallet.Snapshot.Tip.Hash == host.Chain.Tip.Hash);
        host.Chain.Invalidate();
        host.Chain.Mine();
        await host.SyncedAsync();
    }
}
