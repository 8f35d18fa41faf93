using System.Buffers.Binary;
using Dash.Node.Services.Zmq;
using Dash.Primitives.Units;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Node.Tests.Services;

/// <summary>What subscribers of ZeroMQ hear, read off the wire.</summary>
public sealed class ZmqPublisherTests
{
    private static readonly ZmqTopicKind[] Kinds = Enum.GetValues<ZmqTopicKind>();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Blocks_and_transactions_are_told_in_their_order_and_numbered_by_topic()
    {
        using TempDirectory directory = new();
        await using var node = TestNode.Open(directory);
        await node.Mine(101);
        var path = Path.Combine(directory.Path, "zmq");
        using var publisher = Open(node, path);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var running = publisher.RunAsync(stop.Token);
        using var subscriber = await SubscribeAsync(node, path);

        // A transaction comes to the mempool.
        var spend = node.Wallet.Spend(node.Coinbase(1), new Amount(10_000));
        await node.Send(spend);
        var first = await HearAsync(subscriber, 3);
        var id = Convert.FromHexString(spend.Txid.ToString());
        Assert.Equal(["hashtx", "rawtx", "sequence"], first.Select(static heard => heard.Topic));
        Assert.Equal(id, first[0].Body);
        Assert.Equal(spend.ToBytes(), first[1].Body);
        Assert.Equal([.. id, (byte)'A'], first[2].Body[..33]);
        var change = BinaryPrimitives.ReadUInt64LittleEndian(first[2].Body.AsSpan(33));

        // A block takes it in: both its transactions, then the block, which is the tip.
        await node.Mine(1);
        var second = await HearAsync(subscriber, 7);
        var block = node.ReadBlock(node.Tip.Height);
        var hash = Convert.FromHexString(block.Hash.ToString());
        Assert.Equal(["hashtx", "rawtx", "hashtx", "rawtx", "sequence", "hashblock", "rawblock"], second.Select(static heard => heard.Topic));
        Assert.Equal(block.Transactions[0].ToBytes(), second[1].Body);
        Assert.Equal(id, second[2].Body);
        Assert.Equal([.. hash, (byte)'C'], second[4].Body);
        Assert.Equal(hash, second[5].Body);
        Assert.Equal(block.ToBytes(), second[6].Body);

        // It leaves the chain again, and what it held is back in the mempool.
        await node.Validation.InvalidateAsync(node.Tip, Ct);
        var third = await HearAsync(subscriber, 10);
        var below = node.ReadBlock(node.Tip.Height);
        Assert.Equal(Convert.FromHexString(below.Hash.ToString()), third.Single(static heard => heard.Topic == "hashblock").Body);
        Assert.Equal(below.ToBytes(), third.Single(static heard => heard.Topic == "rawblock").Body);
        Assert.Equal([.. hash, (byte)'D'], third.First(static heard => heard.Topic == "sequence").Body);
        var back = third.Last(static heard => heard.Topic == "sequence").Body;
        Assert.Equal([.. id, (byte)'A'], back[..33]);
        Assert.Equal(change + 2, BinaryPrimitives.ReadUInt64LittleEndian(back.AsSpan(33))); // one for leaving with the block

        // Nothing is missed: within a topic numbers follow one another.
        foreach (var topic in first.Concat(second).Concat(third).GroupBy(static heard => heard.Topic))
        {
            Assert.Equal(Enumerable.Range((int)topic.First().Number, topic.Count()), topic.Select(static heard => (int)heard.Number));
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task An_address_that_cannot_be_opened_leaves_the_node_without_a_publisher()
    {
        using TempDirectory directory = new();
        await using var node = TestNode.Open(directory);

        Assert.Null(ZmqPublisher.Open([], node.Chainstate, NullLoggerFactory.Instance));
        Assert.Null(ZmqPublisher.Open([new ZmqTopic(ZmqTopicKind.HashBlock, "nonsense", 1000)], node.Chainstate, NullLoggerFactory.Instance));
    }

    private static ZmqPublisher Open(TestNode node, string path)
    {
        var publisher = ZmqPublisher.Open(
            [.. Kinds.Select(kind => new ZmqTopic(kind, "ipc://" + path, 1000))], node.Chainstate, NullLoggerFactory.Instance);
        if (publisher is null)
        {
            Assert.Skip("libzmq is not here");
        }

        Assert.Equal(Kinds, publisher.Topics.Select(static topic => topic.Kind));
        return publisher;
    }

    // A publisher learns of a wish some time after it was made: blocks are mined until one is heard of, and one more.
    private static async Task<ZmtpSubscriber> SubscribeAsync(TestNode node, string path)
    {
        var subscriber = await ZmtpSubscriber.ConnectAsync(path, Kinds.Select(ZmqTopic.NameOf), Ct);
        do
        {
            await node.Mine(1);
        }
        while (!await subscriber.HasNextAsync(TimeSpan.FromSeconds(1), Ct));

        var last = Convert.FromHexString((await node.Mine(1))[0].ToString());
        ZmtpSubscriber.Message heard;
        do
        {
            heard = await subscriber.NextAsync(Ct);
        }
        while (heard.Topic != "hashblock" || !heard.Body.AsSpan().SequenceEqual(last));

        Assert.Equal("rawblock", (await subscriber.NextAsync(Ct)).Topic);
        return subscriber;
    }

    private static async Task<List<ZmtpSubscriber.Message>> HearAsync(ZmtpSubscriber subscriber, int count)
    {
        List<ZmtpSubscriber.Message> heard = [];
        while (heard.Count < count)
        {
            Assert.True(
                await subscriber.HasNextAsync(TimeSpan.FromSeconds(60), Ct),
                $"only {string.Join(", ", heard.Select(static each => each.Topic))} came");
            heard.Add(await subscriber.NextAsync(Ct));
        }

        return heard;
    }
}
