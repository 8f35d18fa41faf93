using Dash.Ipc.Transports;
using Dash.Primitives.Networks;
using Dash.Primitives.Units;
using Dash.WalletServer.NodeLink;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests.NodeLink;

/// <summary>Wallets with two nodes, of which now this one and now that one lacks blocks or is away. What is confirmed stays confirmed.</summary>
public sealed class NodeChoiceTests
{
    private static readonly Amount Five = new(500_000_000);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_that_is_behind_is_left_for_one_that_is_not()
    {
        await using TwoNodes nodes = new();
        var wallet = await nodes.PaidAsync(10);
        nodes.Give(nodes.B, 6);
        await nodes.GoesAsync(nodes.A);
        await WalletHost.UntilAsync(() => nodes.IsHeld(wallet, "the wallet is at height 10 and the node only at 6: "));
        Assert.Equal((10, Five), (wallet.Snapshot.Tip.Height, WalletHost.Trusted(wallet)));

        nodes.Comes(nodes.A);
        await WalletHost.UntilAsync(() => nodes.IsFollowed(nodes.A));

        nodes.Mine(nodes.A);
        await WalletHost.UntilAsync(() => wallet.Snapshot.Tip.Height == 11);
        Assert.Equal(3, nodes.Host.Node.Attached);
        nodes.NothingWasTakenBack();
    }

    [Fact]
    public async Task A_node_that_is_behind_is_followed_once_it_has_caught_up_and_then_kept()
    {
        await using TwoNodes nodes = new();
        var wallet = await nodes.PaidAsync(10);
        nodes.Give(nodes.B, 6);
        await nodes.GoesAsync(nodes.A);
        await WalletHost.UntilAsync(() => nodes.IsHeld(wallet, "the wallet is at height 10 and the node only at 6: "));

        for (var height = 7; height <= 10; height++)
        {
            Assert.Equal(10, wallet.Snapshot.Tip.Height);
            nodes.Give(nodes.B, height);
        }

        await WalletHost.UntilAsync(() => nodes.IsFollowed(nodes.B));
        nodes.Comes(nodes.A);
        nodes.Mine(nodes.B);
        await WalletHost.UntilAsync(() => wallet.Snapshot.Tip.Height == 11);
        Assert.True(nodes.IsFollowed(nodes.B));
        Assert.Equal(2, nodes.Host.Node.Attached);
        nodes.NothingWasTakenBack();
    }

    [Fact]
    public async Task Where_both_are_behind_the_first_that_has_the_blocks_is_followed()
    {
        await using TwoNodes nodes = new();
        var wallet = await nodes.PaidAsync(10);
        nodes.Give(nodes.B, 6);
        await nodes.GoesAsync(nodes.A);
        var lost = nodes.A.Chain.Cut(8);
        nodes.Comes(nodes.A);
        await WalletHost.UntilAsync(() => nodes.IsHeld(wallet, "the node only at"));
        await WalletHost.UntilAsync(() => nodes.A.Dialled > 1 && nodes.B.Dialled > 0);
        Assert.Equal((10, Five), (wallet.Snapshot.Tip.Height, WalletHost.Trusted(wallet)));

        // Whichever is followed meanwhile.
        nodes.Give(nodes.B);
        nodes.B.Chain.Restore(lost);
        await WalletHost.UntilAsync(() => nodes.IsFollowed(nodes.B));
        nodes.NothingWasTakenBack();
    }

    [Fact]
    public async Task A_wallet_that_is_loaded_and_is_further_than_the_node_goes_to_the_one_that_has_its_blocks()
    {
        await using TwoNodes nodes = new();
        var wallet = await nodes.PaidAsync(10);
        nodes.Give(nodes.B, 6);
        await nodes.Host.Wallets.UnloadAsync(wallet.Name, loadOnStart: null);
        await nodes.GoesAsync(nodes.A);
        await WalletHost.UntilAsync(() => nodes.IsFollowed(nodes.B));
        nodes.Comes(nodes.A);

        var again = nodes.Host.Wallets.Load("alice", loadOnStart: null).Wallet;
        await nodes.Host.Sync.JoinedAsync(again, Ct);

        await WalletHost.UntilAsync(() => nodes.IsFollowed(nodes.A));
        Assert.Equal((10, Five), (again.Snapshot.Tip.Height, WalletHost.Trusted(again)));
        nodes.NothingWasTakenBack();
    }

    /// <summary>A node that served the wallet is its node, also when it takes blocks back itself.</summary>
    [Fact]
    public async Task What_the_node_itself_takes_back_is_taken_back_at_once()
    {
        await using TwoNodes nodes = new();
        var wallet = await nodes.PaidAsync(10);
        nodes.Give(nodes.B);

        nodes.A.Chain.Invalidate();
        nodes.A.Chain.Invalidate();

        await WalletHost.UntilAsync(() => wallet.Snapshot.Tip.Height == 8);
        Assert.True(nodes.IsFollowed(nodes.A));
        Assert.Equal(1, nodes.Host.Node.Attached);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task However_nodes_come_and_go_and_fall_behind_nothing_goes_back_and_the_end_is_reached(int seed)
    {
        const int Rounds = 12;
        Random random = new(seed);
        await using TwoNodes nodes = new();
        var wallet = await nodes.PaidAsync(10);
        nodes.Give(nodes.B);
        for (var round = 0; round < Rounds; round++)
        {
            var (gone, other) = nodes.Host.Node.Session?.Address == nodes.A.Address.ToString() ? (nodes.A, nodes.B) : (nodes.B, nodes.A);
            for (var left = random.Next(1, 5); left > 0; left--) nodes.Mine(gone);
            await nodes.GoesAsync(gone);
            nodes.Give(other, other.Chain.Tip.Height + random.Next(0, nodes.Height - other.Chain.Tip.Height + 1));
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(60)), TimeProvider.System, Ct);
            nodes.Comes(gone);
            if (random.Next(2) == 0) await Task.Delay(TimeSpan.FromMilliseconds(random.Next(60)), TimeProvider.System, Ct);
            if (random.Next(2) == 0) nodes.Give(other);

            // One of them has everything.
            await WalletHost.UntilAsync(() => nodes.IsServed(wallet));
            nodes.NothingWasTakenBack();
        }

        nodes.Give(nodes.A);
        nodes.Give(nodes.B);
        await WalletHost.UntilAsync(() => wallet.Snapshot.Tip.Height == nodes.Height);
        Assert.Equal(Five, WalletHost.Trusted(wallet));
    }

    private sealed class Place(string name)
    {
        private int _dialled;

        public IpcAddress Address { get; } = new UnixAddress("/" + name);

        public FakeChain Chain { get; } = new(ChainParams.Regtest);

        public bool IsThere { get; set; } = true;

        public int Dialled => Volatile.Read(ref _dialled);

        public Task<NodeSession> DialAsync()
        {
            Interlocked.Increment(ref _dialled);
            return IsThere ? Task.FromResult(Chain.Connect(Address.ToString())) : Task.FromException<NodeSession>(new IOException("nobody"));
        }
    }

    /// <summary>A and B, in this order; a connector that goes on to the end.</summary>
    [Fact]
    public async Task A_node_that_has_pruned_what_a_wallet_lacks_is_left_for_one_that_has_it()
    {
        await using TwoNodes nodes = new();
        var wallet = await nodes.PaidAsync(10);
        nodes.Give(nodes.B);
        nodes.B.Chain.MineMany(20);
        nodes.B.Chain.PrunedHeight = 15;
        await nodes.GoesAsync(nodes.A);
        await WalletHost.UntilAsync(() => nodes.IsHeld(wallet, "the wallet is at height 10 and the node has pruned blocks up to 15: "));

        nodes.Give(nodes.A);
        nodes.Comes(nodes.A);
        await WalletHost.UntilAsync(() => nodes.IsFollowed(nodes.A));
        await WalletHost.UntilAsync(() => wallet.Snapshot.Tip.Height == 30);
    }

    private sealed class TwoNodes : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        private readonly Task _run;

        public TwoNodes()
        {
            NodeConnector connector = new(
                [A.Address, B.Address],
                ChainParams.Regtest,
                Host.Node,
                (address, _) => (address == A.Address ? A : B).DialAsync(),
                TimeProvider.System,
                Host.Log,
                Host.Sync);
            _run = connector.RunAsync(Host.Sync.FollowAsync, _stop.Token);
        }

        public Place A { get; } = new("a");

        public Place B { get; } = new("b");

        public WalletHost Host { get; } = new();

        /// <summary>Where the longer chain ends; both are of the same blocks.</summary>
        public int Height => Math.Max(A.Chain.Tip.Height, B.Chain.Tip.Height);

        /// <summary>A wallet that was paid in the first block of A, which is that high now; it has seen that.</summary>
        public async Task<Wallet> PaidAsync(int height)
        {
            await WalletHost.UntilAsync(() => Host.Node.Session is not null);
            var wallet = await Host.NewWalletAsync("alice");
            A.Chain.Mine(A.Chain.Pay(await WalletHost.NewScriptAsync(wallet), Five));
            A.Chain.MineMany(height - 1);
            await WalletHost.UntilAsync(() => wallet.Snapshot.Tip.Height == height);
            return wallet;
        }

        /// <summary>The node gets the other one's blocks, up to a height.</summary>
        public void Give(Place to, int height = int.MaxValue)
        {
            var from = to == A ? B : A;
            to.Chain.Restore([.. from.Chain.Blocks.Skip(to.Chain.Tip.Height).TakeWhile(block => block.Ref.Height <= height)]);
        }

        /// <summary>One more block for both chains.</summary>
        public void Mine(Place to)
        {
            Give(to);
            to.Chain.Mine();
        }

        public async Task GoesAsync(Place place)
        {
            place.IsThere = false;
            place.Chain.Die();
            await WalletHost.UntilAsync(() => Host.Node.Session?.Address != place.Address.ToString());
        }

        public void Comes(Place place) => place.IsThere = true;

        public bool IsHeld(Wallet wallet, string why) =>
            Host.Sync.StatusOf(wallet) is { State: NodeState.CatchingUp, Reason: { } reason } && reason.Contains(why, StringComparison.Ordinal);

        public bool IsFollowed(Place place) =>
            Host.Node.Session?.Address == place.Address.ToString() && Host.Sync.StatusOf(null).State == NodeState.Connected;

        public bool IsServed(Wallet wallet) => Host.Sync.StatusOf(wallet).State == NodeState.Connected;

        public void NothingWasTakenBack() =>
            Assert.DoesNotContain(Host.Log.Lines, static line => line.Contains("has left ours", StringComparison.Ordinal));

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _run.WaitAsync(TimeSpan.FromSeconds(60)));
            await Host.DisposeAsync();
            _stop.Dispose();
        }
    }
}
