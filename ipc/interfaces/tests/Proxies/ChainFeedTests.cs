using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces.Tests.Support;
using Dash.Primitives.Blocks;
using Dash.Primitives.Units;

namespace Dash.Ipc.Interfaces.Tests.Proxies;

/// <summary>A feed in one process, used from another.</summary>
public sealed class ChainFeedTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_node_offers_what_every_process_offers_and_its_own()
    {
        await using var pair = await ProcessPair.StartNodeAsync(new FakeNode(new FakeFeed(3)), Ct);

        await using var echo = await pair.Remote.MakeEchoAsync(Ct);
        await using var rpc = await pair.Remote.MakeRpcAsync(Ct);

        Assert.Equal("Grüße 🜲", await echo.EchoAsync("Grüße 🜲", Ct));
        Assert.Equal("me@/wallet/w: {}", await rpc.ExecuteRpcAsync("{}", "/wallet/w", "me", Ct));
    }

    [Fact]
    public async Task A_refusal_arrives_with_its_text()
    {
        await using var pair = await ProcessPair.StartNodeAsync(new FakeNode(new FakeFeed(3)), Ct);

        var error = await Assert.ThrowsAsync<IpcException>(async () => await pair.Remote.MakeWalletHostAsync(Ct));

        Assert.Equal(IpcErrorKind.Failed, error.Kind);
        Assert.Equal("std::exception: not the process that was started", error.Reason);
    }

    [Fact]
    public async Task Every_question_is_answered_with_its_types()
    {
        var fake = new FakeFeed(10);
        await using var pair = await ProcessPair.StartNodeAsync(new FakeNode(fake), Ct);
        await using var feed = await pair.Remote.MakeChainFeedAsync(Ct);

        Assert.Equal(("regtest", FakeFeed.HashOf(0), 70240, "fake"), await feed.IdentityAsync(Ct));
        Assert.Equal((0UL, new BlockRef(FakeFeed.HashOf(10), 10)), await feed.PositionAsync(Ct));

        Assert.Equal(
            new BlockRef(FakeFeed.HashOf(4), 4),
            await feed.FindForkAsync(new BlockLocator([FakeFeed.HashOf(99), FakeFeed.HashOf(4), FakeFeed.HashOf(0)]), Ct));
        Assert.Null(await feed.FindForkAsync(BlockLocator.Empty, Ct));

        var header = await feed.GetBlockHeaderInfoAsync(FakeFeed.HashOf(5), Ct);
        Assert.Equal(new HeaderInfo(FakeFeed.HashOf(5), 5, 1_006, 1_005, true), header);
        Assert.Null(await feed.GetBlockHeaderInfoAsync(FakeFeed.HashOf(50), Ct));
        Assert.Equal(FakeFeed.HashOf(4), (await feed.GetBlockAsync(FakeFeed.HashOf(5), Ct))?.Previous);
        Assert.Null(await feed.GetBlockAsync(FakeFeed.HashOf(50), Ct));
        Assert.Equal(FakeFeed.HashOf(10), await feed.GetBlockHashAsync(10, Ct));
        Assert.Null(await feed.GetBlockHashAsync(11, Ct));

        var (transactions, sequence) = await feed.GetMempoolAsync(Ct);
        Assert.Equal(["01", "0202"], transactions.Select(tx => Convert.ToHexString(tx.Span)));
        Assert.Equal(0UL, sequence);
        var (part, moment, next) = await feed.GetMempoolPartAsync(5, 7, Ct);
        Assert.Equal(["0705"], part.Select(tx => Convert.ToHexString(tx.Span)));
        Assert.Equal((1UL, (ulong.MaxValue / 2) + 5), (moment, next));

        Assert.Equal([true, false], await feed.CollateralsAsync([new byte[] { 1, 2 }, new byte[] { 2, 1 }], Ct));

        Assert.True(await feed.HasRoomForAsync(new byte[] { 1, 2 }, Ct));
        Assert.False(await feed.HasRoomForAsync(new byte[] { 1, 2, 3 }, Ct));

        var quote = await feed.FeeQuoteAsync([1, 6], Ct);
        Assert.Equal(new FeeRate(1001), quote.MempoolMin);
        Assert.Equal(
            [new FeeEstimate(1, null, 2, null, "sure", "cheap"), new FeeEstimate(6, new FeeRate(6000), 6, new FeeRate(5400), "sure", "cheap")],
            quote.Estimates);

        Assert.Equal(("", true), await feed.BroadcastAsync(new byte[] { 1, 2, 3 }, default, true, Ct));
        Assert.Equal([1, 2, 3], fake.Broadcasted.ToArray());
        Assert.Equal(
            ("Fee exceeds maximum configured by user", false),
            await feed.BroadcastAsync(new byte[] { 1 }, new Amount(5), true, Ct));
    }

    [Fact]
    public async Task Blocks_come_in_order_until_the_tip()
    {
        await using var pair = await ProcessPair.StartNodeAsync(new FakeNode(new FakeFeed(25, 1_000)), Ct);
        await using var feed = await pair.Remote.MakeChainFeedAsync(Ct);
        var at = new BlockRef(FakeFeed.HashOf(0), 0);
        var heights = new List<int>();

        while (true)
        {
            var (blocks, current, _) = await feed.GetBlocksAsync(at, 10_000, knowsPruned: false, Ct);
            Assert.True(current);
            if (blocks.Count == 0)
            {
                break;
            }

            Assert.All(blocks, b => Assert.Equal(FakeFeed.Make(b.Ref.Height, 1_000).Data.ToArray(), b.Data.ToArray()));
            heights.AddRange(blocks.Select(b => b.Ref.Height));
            at = blocks[^1].Ref;
        }

        Assert.Equal(Enumerable.Range(1, 25), heights);
        var (none, isCurrent, isPruned) = await feed.GetBlocksAsync(new BlockRef(FakeFeed.HashOf(77), 3), 10_000, knowsPruned: true, Ct);
        Assert.Empty(none);
        Assert.False(isCurrent);
        Assert.True(isPruned); // this fake says what it was told
        Assert.Equal((new BlockRef(FakeFeed.HashOf(2), 2), 1_002), await feed.PrunedBlockAsync(2, 9, Ct));
        Assert.Equal((null, 0), await feed.PrunedBlockAsync(9, 2, Ct));
    }

    [Fact]
    public async Task Twenty_megabytes_of_blocks_arrive_whole()
    {
        await using var pair = await ProcessPair.StartNodeAsync(new FakeNode(new FakeFeed(20, 1_000_000)), Ct);
        await using var feed = await pair.Remote.MakeChainFeedAsync(Ct);

        var (blocks, _, _) = await feed.GetBlocksAsync(new BlockRef(FakeFeed.HashOf(0), 0), 30_000_000, knowsPruned: false, Ct);

        Assert.Equal(20, blocks.Count);
        Assert.All(blocks, b => Assert.Equal(1_000_000, b.Data.Span.Count((byte)b.Ref.Height)));
    }

    [Fact]
    public async Task A_listener_hears_what_happens_until_it_is_disconnected()
    {
        var fake = new FakeFeed(3);
        var listener = new RecordingListener();
        await using var pair = await ProcessPair.StartNodeAsync(new FakeNode(fake), Ct);
        await using var feed = await pair.Remote.MakeChainFeedAsync(Ct);

        var (subscription, sequence) = await feed.SubscribeAsync(listener, Ct);
        Assert.Equal(0UL, sequence);
        await fake.MineAsync(Ct);
        Assert.Equal("1 connected 4 with 100 bytes", await listener.NextAsync(Ct));

        var heard = Assert.Single(fake.Listeners);
        await heard.BlockDisconnectedAsync(2, FakeFeed.Make(4, 10), Ct);
        await heard.TransactionAddedAsync(3, new byte[] { 0xab }, Ct);
        await heard.TransactionRemovedAsync(4, default, "conflict", Ct);
        await heard.BehindAsync(5, Ct);
        await heard.MockTimeChangedAsync(-6, Ct);
        Assert.Equal("2 disconnected 4", await listener.NextAsync(Ct));
        Assert.Equal("3 added AB", await listener.NextAsync(Ct));
        Assert.Equal($"4 removed {new string('0', 64)} conflict", await listener.NextAsync(Ct));
        Assert.Equal("behind 5", await listener.NextAsync(Ct));
        Assert.Equal("time -6", await listener.NextAsync(Ct));

        await subscription.DisconnectAsync(Ct);
        Assert.Equal("disposed", await listener.NextAsync(Ct));
        Assert.Empty(fake.Listeners);
        await subscription.DisposeAsync();
    }

    [Fact]
    public async Task Disposing_the_client_ends_the_object()
    {
        var fake = new FakeFeed(3);
        await using var pair = await ProcessPair.StartNodeAsync(new FakeNode(fake), Ct);
        var feed = await pair.Remote.MakeChainFeedAsync(Ct);

        await feed.DisposeAsync();

        Assert.True(fake.Disposed);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await feed.PositionAsync(Ct));
    }

    [Fact]
    public async Task When_the_other_process_goes_calls_fail_as_disconnected()
    {
        var pair = await ProcessPair.StartNodeAsync(new FakeNode(new FakeFeed(3)), Ct);
        await using var feed = await pair.Remote.MakeChainFeedAsync(Ct);

        await pair.DisposeAsync();

        var error = await Assert.ThrowsAsync<IpcException>(async () => await feed.PositionAsync(Ct));
        Assert.Equal(IpcErrorKind.Disconnected, error.Kind);
    }
}
