using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;

namespace Dash.Node.Tests.Net.Sync;

public class EarlyAnnouncementTests
{
    private static readonly byte[] Unasked = [1, 1, 0, 0, 0, 0, 0, 0, 0];

    [Fact]
    public async Task A_block_made_here_is_told_before_it_is_connected_and_only_once()
    {
        await using NetworkNode one = new();
        await using NetworkNode two = new();
        await one.Node.Mine(2);
        await two.Connect(one);
        await two.Reaches(one);
        await WishUnasked(two, one);
        var watch = await Watch.At(one, one.Peer);
        await one.Node.Mine(1);
        await two.Reaches(one);
        await one.Look();
        Assert.Equal(1, watch.ToldBefore);
        Assert.False(watch.IsToldAgain);
    }

    [Fact]
    public async Task A_block_that_came_from_a_peer_is_told_to_another_before_it_is_connected()
    {
        await using NetworkNode first = new();
        await using NetworkNode middle = new();
        await using NetworkNode last = new();
        await first.Node.Mine(2);
        await middle.Connect(first);
        await middle.Reaches(first);
        await last.Connect(middle);
        await last.Reaches(middle);
        await WishUnasked(last, middle);
        var watch = await Watch.At(middle, middle.Network.Peers.All.Single(static peer => peer.IsInbound));
        middle.Node.Clock.SetMockTime(first.Node.Clock.MockTime);
        await first.Node.Mine(1);
        await last.Reaches(first);
        await middle.Reaches(first); // perhaps after the one it told
        Assert.Equal(1, watch.ToldBefore);
    }

    [Fact]
    public async Task Who_did_not_wish_it_is_told_afterwards()
    {
        await using NetworkNode one = new();
        await using NetworkNode two = new("-blocksonly"); // which wishes no compact blocks
        await one.Node.Mine(2);
        await two.Connect(one);
        await two.Reaches(one);
        var watch = await Watch.At(one, one.Peer, isExpected: false);
        await one.Node.Mine(1);
        await two.Reaches(one);
        Assert.Equal(0, watch.ToldBefore);
    }

    [Fact]
    public async Task A_block_beside_the_tip_is_not_told_before_it_is_connected()
    {
        await using NetworkNode one = new();
        await using NetworkNode two = new();
        await one.Node.Mine(2);
        await two.Connect(one);
        await two.Reaches(one);
        await WishUnasked(two, one);
        List<BlockNode> extending = [];
        var told = one.Node.Chainstate.Events.TipExtending;
        await one.Node.Validation.PostAsync(
            (chainstate, _) => chainstate.Events.TipExtending = (node, block) =>
            {
                extending.Add(node);
                told?.Invoke(node, block);
            },
            TestNode.Ct);
        var besideTip = await one.Node.Build();
        await one.Node.Mine(1);
        await one.Node.Submit(besideTip);
        Assert.Equal(one.Node.Tip, Assert.Single(extending));
    }

    private static async Task WishUnasked(NetworkNode from, NetworkNode to)
    {
        from.Peer.Send(MessageTypes.SendCompact, Unasked);
        await NetworkNode.Until(() => to.Network.Peers.All.Any(static peer => peer.WantsCompactAnnouncements), "the wish");
    }

    // Looks, while a block is being connected, whether a peer was told of it.
    private sealed class Watch(Peer peer, bool isExpected) : IChainFollower
    {
        private readonly long _before = CompactBytes(peer);
        private long _atConnecting;

        public int ToldBefore { get; private set; }

        public bool IsToldAgain => CompactBytes(peer) > _atConnecting;

        public static async Task<Watch> At(NetworkNode node, Peer peer, bool isExpected = true)
        {
            Watch watch = new(peer, isExpected);
            await node.Node.Validation.PostAsync((chainstate, _) => chainstate.AddFollower(watch), TestNode.Ct);
            return watch;
        }

        public void BlockConnected(BlockNode node, Block block, BlockUndo undo)
        {
            if (isExpected)
            {
                NetworkNode.Until(() => CompactBytes(peer) > _before, "the compact block").GetAwaiter().GetResult();
            }

            _atConnecting = CompactBytes(peer);
            ToldBefore += _atConnecting > _before ? 1 : 0;
        }

        public void BlockDisconnected(BlockNode node, Block block, BlockUndo undo)
        {
        }

        public void Reorganised(bool keepTransactions)
        {
        }

        private static long CompactBytes(Peer peer) =>
            peer.Connection.SentTraffic.ByType().Where(static entry => entry.Key == MessageTypes.CompactBlock).Sum(static entry => entry.Value);
    }
}
