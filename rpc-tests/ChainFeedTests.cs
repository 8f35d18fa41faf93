using System.Threading.Channels;
using Dash.Common.Time;
using Dash.Ipc.Interfaces;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Mempool;
using Dash.Node.Mempool.Fees;
using Dash.Node.Services;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.RpcTests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.RpcTests;

/// <summary>What a wallet sees of a node, on a real chain: questions answered from views, events in one order.</summary>
public sealed class ChainFeedTests : IAsyncDisposable
{
    private static readonly Script Anyone = new([(byte)Opcode.Op1]);

    private readonly string _directory = Directory.CreateTempSubdirectory("dash-feed-").FullName;
    private readonly Clock _clock = new();
    private readonly List<IAsyncDisposable> _owned = [];

    [Fact]
    public async Task Blocks_come_in_order_from_the_fork_up_to_the_tip()
    {
        var (node, feed) = await OpenAsync();
        await MineAsync(node, 5);
        var genesis = new BlockRef(node.Context.Network.Genesis.Header.Hash, 0);

        var (blocks, isCurrent, _) = await feed.GetBlocksAsync(genesis, 1_000_000, knowsPruned: true, Token);
        var (some, _, _) = await feed.GetBlocksAsync(genesis, 1, knowsPruned: true, Token);
        var (none, stillCurrent, isPruned) = await feed.GetBlocksAsync(blocks[^1].Ref, 1_000_000, knowsPruned: true, Token);

        Assert.True(isCurrent && stillCurrent && !isPruned);
        Assert.Equal([1, 2, 3, 4, 5], blocks.Select(block => block.Ref.Height));
        Assert.All(blocks, block => Assert.Equal(block.Ref.Hash, Block.Parse(block.Data.Span).Hash));
        Assert.Equal(genesis.Hash, blocks[0].Previous);
        Assert.Single(some);
        Assert.Empty(none);
        Assert.Equal(blocks[2].Ref, await feed.FindForkAsync(new BlockLocator([blocks[2].Ref.Hash, genesis.Hash]), Token));
    }

    [Fact]
    public async Task A_block_that_left_the_chain_is_no_place_to_go_on_from()
    {
        var (node, feed) = await OpenAsync();
        await MineAsync(node, 3);
        var stale = new BlockRef(node.Context.View.Tip.Hash, 3);
        await node.Context.Validation.InvalidateAsync(node.Context.View.Tip, Token);

        var (blocks, isCurrent, _) = await feed.GetBlocksAsync(stale, 1_000_000, knowsPruned: true, Token);

        Assert.Empty(blocks);
        Assert.False(isCurrent);
        Assert.False((await feed.GetBlockHeaderInfoAsync(stale.Hash, Token))!.OnActiveChain);
    }

    [Fact]
    public async Task Blocks_that_are_not_stored_any_more_are_named_to_those_who_know_of_that()
    {
        var (node, feed) = await OpenAsync();
        await MineAsync(node, 9);
        var chain = node.Context.Chainstate;
        BlockRef At(int height) => new(chain.View.At(height)!.Hash, height);
        Assert.Equal((null, 0), await feed.PrunedBlockAsync(0, int.MaxValue, Token));

        // Files may go that have blocks between those that stay.
        chain.Archive.HasPruned = true;
        foreach (var height in (int[])[1, 2, 3, 6]) chain.View.At(height)!.Status &= ~BlockStatus.HasData;

        Assert.Equal((At(6), chain.View.At(6)!.MaxTime), await feed.PrunedBlockAsync(0, int.MaxValue, Token));
        Assert.Equal(At(3), (await feed.PrunedBlockAsync(2, 5, Token)).Result);
        Assert.Null((await feed.PrunedBlockAsync(4, 5, Token)).Result);
        Assert.Null((await feed.PrunedBlockAsync(7, 9, Token)).Result);

        var (before, _, isPruned) = await feed.GetBlocksAsync(At(3), 1_000_000, knowsPruned: false, Token);
        Assert.Equal([4, 5], before.Select(block => block.Ref.Height));
        Assert.False(isPruned);
        var (none, isCurrent, isNextPruned) = await feed.GetBlocksAsync(At(5), 1_000_000, knowsPruned: true, Token);
        Assert.Empty(none);
        Assert.True(isCurrent && isNextPruned);
        var failure = await Assert.ThrowsAsync<StorageException>(async () => await feed.GetBlocksAsync(At(5), 1_000_000, knowsPruned: false, Token));
        Assert.Equal($"Block {At(6).Hash} is not stored", failure.Message);
        Assert.Null(await feed.GetBlockAsync(At(6).Hash, Token));
    }

    [Fact]
    public async Task Events_are_numbered_without_gap_and_end_at_the_position()
    {
        var (node, feed) = await OpenAsync();
        await MineAsync(node, 2);
        Listener listener = new();
        var (handler, sequence) = await feed.SubscribeAsync(listener, Token);

        await MineAsync(node, 2);
        await node.Context.Validation.InvalidateAsync(node.Context.View.Tip, Token);
        var (reached, tip) = await feed.PositionAsync(Token);

        List<string> told = [];
        for (var next = sequence + 1; next <= reached; next++)
        {
            var (number, what) = await listener.News.Reader.ReadAsync(Token);
            Assert.Equal(next, number);
            told.Add(what);
        }

        Assert.Equal(["connected 3", "connected 4", "disconnected 4"], told);
        Assert.Equal(3, tip.Height);
        await handler.DisposeAsync();
    }

    [Fact]
    public async Task Waiting_for_wallets_returns_when_they_were_told_and_when_there_are_none()
    {
        var (node, feed) = await OpenAsync();
        ChainSubscribers subscribers = Subscribers(node);
        await subscribers.CaughtUpAsync(Token);
        Listener slow = new() { Gate = new TaskCompletionSource() };
        ChainFeedService own = new(node.Context.Chainstate, node.Mempool, subscribers);
        await own.SubscribeAsync(slow, Token);

        await MineAsync(node, 1);
        var waiting = subscribers.CaughtUpAsync(Token);
        Assert.False(waiting.IsCompleted);
        slow.Gate.SetResult();
        await waiting;

        Assert.Equal("connected 1", (await slow.News.Reader.ReadAsync(Token)).What);
        await subscribers.AnnounceMockTimeAsync(1234, Token);
        Assert.Equal(1234, slow.MockTime);
        Assert.Equal("regtest", (await feed.IdentityAsync(Token)).Network);
    }

    [Fact]
    public async Task A_transaction_that_spends_nothing_known_is_refused_with_the_reason()
    {
        var (_, feed) = await OpenAsync();
        Transaction stranger = new(
            [new TxIn(new OutPoint(Txid.Parse(new string('1', 64)), 0), Script.Empty, TxIn.FinalSequence)],
            [new TxOut(Amount.OneDash, ScriptTemplates.PayToPubKeyHash(default))]);

        var (error, sent) = await feed.BroadcastAsync(stranger.ToBytes(), Amount.Zero, relay: true, Token);
        var (garbage, taken) = await feed.BroadcastAsync(new byte[] { 1, 2, 3 }, Amount.Zero, relay: true, Token);

        Assert.False(sent || taken);
        Assert.Equal("bad-txns-inputs-missingorspent", error);
        Assert.Equal("TX decode failed", garbage);
    }

    /// <summary>The market has fallen: cheap transactions waited for 19 blocks, and do not for the last 90.</summary>
    [Fact]
    public async Task A_quote_has_both_estimates_and_which_they_are()
    {
        var (node, feed) = await OpenAsync();
        var fees = node.Mempool.Fees;
        Queue<MempoolEntry[]> slow = [];
        for (var height = 1; height <= 300; height++)
        {
            var hasFallen = height > 210;
            var costly = hasFallen ? [] : Arrive(fees, 20_000, height - 1);
            slow.Enqueue(Arrive(fees, 2_000, height - 1));
            var confirmed = costly.ToList();
            while (slow.Count > (hasFallen ? 0 : 19)) confirmed.AddRange(slow.Dequeue());
            fees.ProcessBlock(height, confirmed);
        }

        var quote = await feed.FeeQuoteAsync([6, 2000], Token);

        Assert.Equal(
            [
                new FeeEstimate(
                    6, new FeeRate(20_000), 6, new FeeRate(2_000), "Conservative Double Target longer horizon", "Half Target 60% Threshold"),
                new FeeEstimate(2000, null, 2000, null, "None", "None"),
            ],
            quote.Estimates);
    }

    public async ValueTask DisposeAsync()
    {
        _owned.Reverse();
        foreach (var owned in _owned) await owned.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Task<IReadOnlyList<BlockHash>> MineAsync(NodeFixture node, int blocks) => node.Context.Generator.GenerateAsync(blocks, Anyone, 1_000_000, Token);

    private async Task<(NodeFixture Node, ChainFeedService Feed)> OpenAsync()
    {
        var node = await NodeFixture.OpenAsync(_directory);
        _owned.Add(node);
        return (node, new ChainFeedService(node.Context.Chainstate, node.Mempool, Subscribers(node)));
    }

    private static MempoolEntry[] Arrive(FeeEstimator fees, int rate, int height)
    {
        const int size = 1000; // so that the fee is the rate
        MempoolEntry[] entries = [.. Enumerable.Range(0, 10).Select(i => new MempoolEntry(
            new Transaction(
                [new TxIn(new OutPoint(new Txid(Hashes.Sha256(BitConverter.GetBytes((rate * 1000L) + height))), (uint)i), Script.Empty)],
                [new TxOut(Amount.OneDash, Script.Empty)]),
            new Amount(rate), Time: 0, height, SigOps: 0, size, SpendsCoinBase: false, Amount.Zero))];
        foreach (var entry in entries) fees.Add(entry);
        return entries;
    }

    private ChainSubscribers Subscribers(NodeFixture node)
    {
        ChainSubscribers subscribers = new(node.Context.Events, _clock, NullLoggerFactory.Instance);
        _owned.Add(subscribers);
        return subscribers;
    }

    private sealed class Listener : IChainListener
    {
        public Channel<(ulong Number, string What)> News { get; } = Channel.CreateUnbounded<(ulong, string)>();

        public TaskCompletionSource? Gate { get; init; }

        public long MockTime { get; private set; }

        public ValueTask BlockConnectedAsync(ulong sequence, FeedBlock block, CancellationToken ct) => TellAsync(sequence, $"connected {block.Ref.Height}");

        public ValueTask BlockDisconnectedAsync(ulong sequence, FeedBlock block, CancellationToken ct) => TellAsync(sequence, $"disconnected {block.Ref.Height}");

        public ValueTask TransactionAddedAsync(ulong sequence, ReadOnlyMemory<byte> tx, CancellationToken ct) => TellAsync(sequence, "added");

        public ValueTask TransactionRemovedAsync(ulong sequence, Txid txid, string reason, CancellationToken ct) => TellAsync(sequence, "removed " + reason);

        public ValueTask TransactionLockedAsync(ulong sequence, Txid txid, CancellationToken ct) => TellAsync(sequence, $"locked {txid}");

        public ValueTask ChainLockedAsync(ulong sequence, BlockRef block, CancellationToken ct) => TellAsync(sequence, $"chain locked {block.Height}");

        public ValueTask BehindAsync(ulong sequence, CancellationToken ct) => TellAsync(sequence, "behind");

        public ValueTask MockTimeChangedAsync(long time, CancellationToken ct)
        {
            MockTime = time;
            return ValueTask.CompletedTask;
        }

        public ValueTask SchedulerAdvancedAsync(long seconds, CancellationToken ct) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private async ValueTask TellAsync(ulong sequence, string what)
        {
            if (Gate is not null) await Gate.Task;
            await News.Writer.WriteAsync((sequence, what));
        }
    }
}
