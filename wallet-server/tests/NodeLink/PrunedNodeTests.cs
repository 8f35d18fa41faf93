using Dash.Ipc.Capabilities;
using Dash.Primitives.Units;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.NodeLink;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests.NodeLink;

/// <summary>A node that does not store old blocks any more: who needs them is told, and nobody else notices.</summary>
public sealed class PrunedNodeTests
{
    private static readonly Amount Five = new(500_000_000);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, null, true)]
    [InlineData(5, 8, true)]
    [InlineData(10, 10, true)]
    [InlineData(11, null, false)]
    [InlineData(15, 20, false)]
    public async Task Blocks_that_are_pruned_are_not_promised(int start, int? stop, bool isRefused)
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.MineMany(20);
        await host.SyncedAsync();
        host.Chain.PrunedHeight = 10;

        var refusal = await Record.ExceptionAsync(() => host.Sync.RequireBlocksAsync(wallet, start, stop, Ct));

        Assert.Equal(isRefused, refusal is not null);
        if (refusal is not null)
        {
            Assert.Equal(WalletError.Misc, Assert.IsType<WalletException>(refusal).Error);
            Assert.Equal("Can't rescan beyond pruned data. Use RPC call getblockchaininfo to determine your pruned height.", refusal.Message);
        }

        host.Chain.IsOlder = true; // does not say
        await host.Sync.RequireBlocksAsync(wallet, start, stop, Ct);
    }

    [Fact]
    public async Task A_rescan_fails_that_reaches_pruned_blocks_and_finds_what_is_in_the_others()
    {
        await using WalletHost host = new();
        host.Clock.SetMockTime(host.Clock.MockTime + 100_000_000);
        var (alice, bob) = (await host.NewWalletAsync("alice"), await host.NewWalletAsync("bob"));
        for (var i = 1; i <= 20; i++) host.Chain.Mine(await host.PayAsync(alice, Five));
        host.Attach();
        await host.SyncedAsync();
        Assert.Equal(Amount.Zero, WalletHost.Trusted(alice));
        host.Chain.PrunedHeight = 12;

        var refusal = await Assert.ThrowsAsync<WalletException>(() => host.Sync.RescanAsync(alice, 0, null, Ct));

        Assert.Equal((WalletError.Misc, "Rescan failed. Potentially corrupted data files."), (refusal.Error, refusal.Message));
        Assert.Equal(Five * 8, WalletHost.Trusted(alice));
        Assert.Equal((JobState.Failed, 20), (alice.Snapshot.Jobs[^1].State, alice.Snapshot.Jobs[^1].Reached));
        Assert.Null(host.Sync.RescanOf(alice));

        // It was no more than this rescan.
        await Assert.ThrowsAsync<WalletException>(() => host.Sync.RescanAsync(bob, 3, 7, Ct));
        Assert.Equal(new RescanOutcome(13, 20), await host.Sync.RescanAsync(alice, 13, null, Ct));
        host.Chain.Mine();
        await host.SyncedAsync();
        Assert.DoesNotContain(host.Log.Lines, line => line.Contains("failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rescan_with_filters_fails_at_the_blocks_that_may_concern_the_wallet()
    {
        await using WalletHost host = new();
        host.Chain.HasFilters = true;
        host.Clock.SetMockTime(host.Clock.MockTime + 100_000_000);
        var (alice, bob) = (await host.NewWalletAsync("alice"), await host.NewWalletAsync("bob"));
        for (var i = 1; i <= 20; i++) host.Chain.Mine(i % 5 == 0 ? [await host.PayAsync(alice, Five)] : []);
        host.Attach();
        await host.SyncedAsync();
        host.Chain.PrunedHeight = 12;

        await Assert.ThrowsAsync<WalletException>(() => host.Sync.RescanAsync(alice, 0, null, Ct));
        Assert.Equal(Five * 2, WalletHost.Trusted(alice));
        Assert.Equal(new RescanOutcome(0, 20), await host.Sync.RescanAsync(bob, 0, null, Ct));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_import_that_fails_keeps_what_its_caller_is_answered(bool isAfterRestart)
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.MineMany(20);
        await host.SyncedAsync();
        host.Chain.PrunedHeight = 12;
        var time = host.Chain.Blocks[11].MedianTime; // that of block 12
        var late = time + 7201;
        if (isAfterRestart)
        {
            host.Chain.MayServe = new TaskCompletionSource().Task;
        }

        var asked = host.Chain.BlocksAsked;
        var import = await host.Sync.ImportAsync(
            wallet,
            0,
            async (plan, ct) => await wallet.BeginJobAsync(
                plan with { Answer = """[{"success":true},{"success":true,"warnings":["w"]},{"success":false,"error":{"code":-8,"message":"m"}}]""", Timestamps = [5, late, 0] },
                ct),
            Ct);
        if (isAfterRestart)
        {
            await WalletHost.UntilAsync(() => host.Chain.BlocksAsked > asked); // it is under way, and does not end
            await host.NodeDiesAsync();
            await host.Wallets.UnloadAsync("alice", loadOnStart: null);
            host.Chain.MayServe = Task.CompletedTask;
            host.Chain.PrunedHeight = -1;
            wallet = host.Wallets.Load("alice", loadOnStart: null).Wallet;
            Assert.Equal(JobState.Running, wallet.Snapshot.Jobs[^1].State);
            host.Chain.PrunedHeight = 12;
            host.Attach();
            await WalletHost.UntilAsync(() => wallet.Snapshot.Jobs[^1].State != JobState.Running);
        }
        else
        {
            Assert.Equal(new RescanOutcome(0, 20, time), await Assert.IsType<Rescan>(import).Done.WaitAsync(Ct));
        }

        using var view = wallet.OpenView();
        Assert.Equal(JobState.Failed, wallet.Snapshot.Jobs[^1].State);
        using var answer = System.Text.Json.JsonDocument.Parse(view.JobAnswer(wallet.Snapshot.Jobs[^1].Id)!);
        Assert.Equal(3, answer.RootElement.GetArrayLength());
        Assert.False(answer.RootElement[0].GetProperty("success").GetBoolean());
        Assert.Equal(-1, answer.RootElement[0].GetProperty("error").GetProperty("code").GetInt32());
        Assert.StartsWith(
            $"Rescan failed for descriptor with timestamp 5. There was an error reading a block from time {time}, ",
            answer.RootElement[0].GetProperty("error").GetProperty("message").GetString(),
            StringComparison.Ordinal);
        Assert.Equal("""{"success":true,"warnings":["w"]}""", answer.RootElement[1].GetRawText());
        Assert.Equal("""{"success":false,"error":{"code":-8,"message":"m"}}""", answer.RootElement[2].GetRawText());
    }

    [Fact]
    public async Task A_job_that_is_found_at_a_start_ends_too()
    {
        await using var host = WalletHost.Attached();
        await host.NewWalletAsync("alice");
        host.Chain.MineMany(20);
        await host.SyncedAsync();
        await host.NodeDiesAsync();
        var wallet = host.Wallets.Find("alice")!;
        await host.Sync.StartRescanAsync(wallet, 0, null, Ct);
        await host.Wallets.UnloadAsync("alice", loadOnStart: null);
        host.Chain.PrunedHeight = 12;

        wallet = host.Wallets.Load("alice", loadOnStart: null).Wallet;
        Assert.Equal(JobState.Running, wallet.Snapshot.Jobs[^1].State);
        host.Attach();

        await WalletHost.UntilAsync(() => wallet.Snapshot.Jobs[^1].State == JobState.Failed);
        host.Chain.Mine();
        await host.SyncedAsync();
    }

    [Fact]
    public async Task A_wallet_that_lacks_pruned_blocks_waits_and_the_others_do_not()
    {
        await using var host = WalletHost.Attached();
        var alice = await host.NewWalletAsync("alice");
        host.Chain.MineMany(5);
        await host.SyncedAsync();
        await host.NodeDiesAsync();
        host.Chain.MineMany(15);
        host.Chain.PrunedHeight = 12;

        host.Attach();
        await WalletHost.UntilAsync(() => host.Sync.StatusOf(alice) is { State: NodeState.CatchingUp, Reason: not "blocks are missing" });
        Assert.Equal(
            "the wallet is at height 5 and the node has pruned blocks up to 12: waiting for a node that has them (-reindex brings them back)",
            host.Sync.StatusOf(alice).Reason);
        Assert.StartsWith("[alice] the wallet is at height 5 ", host.Sync.StatusOf(null).Reason, StringComparison.Ordinal);
        Assert.False(host.Sync.AcceptChain(alice));

        // Whoever comes is served, and what alice asks for is answered.
        var bob = await host.NewWalletAsync("bob");
        host.Chain.Mine(await host.PayAsync(bob, Five));
        await host.Sync.SyncedAsync(bob, Ct);
        await WalletHost.UntilAsync(() => WalletHost.Trusted(bob) == Five);
        Assert.Equal((5, 21), (alice.Snapshot.Tip.Height, bob.Snapshot.Tip.Height));
        await Assert.ThrowsAsync<WalletException>(() => host.Sync.RescanAsync(alice, 0, null, Ct));
        Assert.Equal(JobState.Failed, alice.Snapshot.Jobs[^1].State);
        await WalletHost.UntilAsync(() => host.Sync.StatusOf(alice) is { State: NodeState.CatchingUp, Reason: not "blocks are missing" });
        Assert.Single(host.Log.Lines, line => line.Contains("The node has pruned blocks that are missing here", StringComparison.Ordinal));

        host.Chain.PrunedHeight = -1;
        host.Chain.Mine();
        await host.SyncedAsync();
        await WalletHost.UntilAsync(() => host.Sync.StatusOf(null).State == NodeState.Connected);
        Assert.Equal(22, alice.Snapshot.Tip.Height);
    }

    [Fact]
    public async Task A_wallet_that_lacks_pruned_blocks_goes_on_waiting_for_another_node_with_each_new_block()
    {
        await using var host = WalletHost.Attached();
        var alice = await host.NewWalletAsync("alice");
        host.Chain.MineMany(5);
        await host.SyncedAsync();
        await host.NodeDiesAsync();
        host.Chain.MineMany(15);
        host.Chain.PrunedHeight = 12;
        host.Attach();
        await host.Sync.UnservedAsync(true, Ct);
        await WalletHost.UntilAsync(() => host.Sync.StatusOf(alice) is { State: NodeState.CatchingUp, Reason: not "blocks are missing" });

        var asked = host.Chain.BlocksAsked;
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Chain.MayServe = gate.Task;
        host.Chain.Mine();
        await WalletHost.UntilAsync(() => host.Chain.BlocksAsked > asked); // its place is found, and what it lacks is asked for
        var served = host.Sync.UnservedAsync(false, Ct);
        Assert.False(served.IsCompleted);
        gate.SetResult();

        host.Chain.PrunedHeight = -1;
        host.Chain.Mine();
        await served.WaitAsync(TimeSpan.FromSeconds(60), Ct);
        await host.SyncedAsync();
    }

    [Fact]
    public async Task A_wallet_that_lacks_pruned_blocks_is_not_loaded()
    {
        await using var host = WalletHost.Attached();
        await host.NewWalletAsync("alice");
        host.Chain.MineMany(5);
        await host.SyncedAsync();
        await host.Wallets.UnloadAsync("alice", loadOnStart: null);
        host.Chain.MineMany(15);

        host.Chain.PrunedHeight = 6;
        var refusal = Assert.Throws<WalletException>(() => host.Wallets.Load("alice", loadOnStart: null));
        const string Cause =
            "Prune: last wallet synchronisation goes beyond pruned data. You need to -reindex (download the whole blockchain again in case of pruned node)";
        Assert.Equal((WalletError.Wallet, "Wallet loading failed. " + Cause), (refusal.Error, refusal.Message));
        Assert.Equal(Cause, refusal.Cause);
        Assert.Null(host.Wallets.Find("alice"));

        // The last block that it has may be gone.
        host.Chain.PrunedHeight = 5;
        await host.LoadAsync("alice");
        await host.SyncedAsync();
    }

    [Fact]
    public async Task Options_that_want_a_rescan_want_all_blocks()
    {
        await using WalletHost host = new(WalletSettings.Default with { KeypoolSize = 10, RescanMode = 1 });
        host.Attach();
        await host.NewWalletAsync("alice");
        host.Chain.MineMany(5);
        await host.SyncedAsync();
        await host.Wallets.UnloadAsync("alice", loadOnStart: null);

        host.Chain.PrunedHeight = 1;
        Assert.Throws<WalletException>(() => host.Wallets.Load("alice", loadOnStart: null));
        host.Chain.PrunedHeight = -1;
        await host.LoadAsync("alice");
    }

    [Fact]
    public async Task A_node_that_has_pruned_what_wallets_lack_is_none_to_go_to()
    {
        await using var host = WalletHost.Attached();
        await host.NewWalletAsync("alice");
        host.Chain.MineMany(5);
        await host.SyncedAsync();
        await host.NodeDiesAsync();
        host.Chain.MineMany(15);
        await using var other = host.Chain.Connect("other");

        Assert.True(await host.Sync.IsServedByAsync(other, Ct));
        host.Chain.PrunedHeight = 12;
        Assert.False(await host.Sync.IsServedByAsync(other, Ct));
    }

    /// <summary>One that knows nothing of pruning fails as ever; the wallets go on with what they have.</summary>
    [Fact]
    public async Task An_older_node_that_lacks_blocks_ends_the_session()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.MineMany(5);
        await host.SyncedAsync();
        await host.NodeDiesAsync();
        host.Chain.MineMany(15);
        (host.Chain.PrunedHeight, host.Chain.IsOlder) = (12, true);

        host.Attach();

        Assert.Equal(IpcErrorKind.Failed, Assert.IsType<IpcException>(await host.EndedAsync()).Kind);
        Assert.Equal(5, wallet.Snapshot.Tip.Height);
    }
}
