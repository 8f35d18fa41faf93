using Dash.Node.Net.Wire;

namespace Dash.Node.Tests.Net.Sync;

public class NodesInMemoryTests
{
    [Fact]
    public async Task The_handshake_tells_each_side_who_the_other_is_and_both_ping_at_once()
    {
        await using NetworkNode one = new("-uacomment=one");
        await using NetworkNode two = new("-uacomment=two");
        await one.Connect(two);
        await NetworkNode.Until(
            () => one.Peer.Pings.MinimumUs is not null && two.Peer.Pings.MinimumUs is not null, "the answers to both pings");
        Assert.EndsWith("(two)/", one.Peer.Subversion, StringComparison.Ordinal);
        Assert.EndsWith("(one)/", two.Peer.Subversion, StringComparison.Ordinal);
        Assert.Equal((false, true), (one.Peer.IsInbound, two.Peer.IsInbound));
        Assert.Equal(NetLimits.ProtocolVersion, one.Peer.CommonVersion);
        var pong = one.Peer.Connection.ReceivedTraffic.ByType().Single(entry => entry.Key == MessageTypes.Pong);
        Assert.Equal(V1Transport.HeaderSize + 8, pong.Value);
    }

    [Fact]
    public async Task A_node_downloads_the_chain_of_another_and_hears_of_new_blocks()
    {
        await using NetworkNode one = new();
        await using NetworkNode two = new();
        await one.Node.Mine(30);
        await two.Connect(one);
        await two.Reaches(one);
        await one.Node.Mine(3);
        await two.Reaches(one);
        two.Node.Clock.SetMockTime(one.Node.Clock.MockTime);
        await two.Node.Mine(2);
        await one.Reaches(two);
    }

    [Fact]
    public async Task Both_sides_end_on_the_longer_of_two_branches()
    {
        await using NetworkNode one = new();
        await using NetworkNode two = new();
        await one.Node.Mine(4, new Dash.Primitives.Scripts.Script(new byte[] { 0x51 }));
        await two.Node.Mine(7);
        var shorter = one.Node.Tip;
        await one.Connect(two);
        await one.Reaches(two);
        Assert.Equal(7, one.Node.Tip.Height);
        Assert.False(one.Node.View.Contains(shorter));
        one.Node.Clock.SetMockTime(two.Node.Clock.MockTime);
        await one.Node.Mine(1);
        await two.Reaches(one);
    }

    [Fact]
    public async Task A_block_of_a_shorter_branch_comes_when_it_is_asked_for()
    {
        await using NetworkNode one = new();
        await using NetworkNode two = new();
        await one.Node.Mine(3);
        await two.Node.Mine(2, new Dash.Primitives.Scripts.Script(new byte[] { 0x51 }));
        var wanted = two.Node.Tip.Hash;
        await one.Connect(two);
        await NetworkNode.Until(() => one.Node.Chainstate.Index.Find(wanted) is not null, "the headers of the shorter branch");
        var node = one.Node.Chainstate.Index.Find(wanted)!;
        Assert.False(node.HasData);
        Assert.Equal("Peer does not exist", await one.Network.FetchBlockAsync(one.Peer.Id + 1, node, TestNode.Ct));
        Assert.Null(await one.Network.FetchBlockAsync(one.Peer.Id, node, TestNode.Ct));
        await NetworkNode.Until(() => node.HasData, "the block");
    }

    [Fact]
    public async Task A_node_does_not_speak_to_itself()
    {
        await using NetworkNode one = new();
        var (left, right) = MemoryStreamPair.Create();
        var end = Node.Net.Addresses.NetEndpoint.From(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 3));
        one.Network.Admission.Add(new Node.Net.Connecting.DialedConnection(left, end, end), Node.Net.Peers.ConnectionType.Manual, name: null, useV2: false);
        await one.Network.Admission.AcceptAsync(right, end, end, Node.Net.Peers.PeerPermissions.None, isOnion: false);
        await NetworkNode.Until(() => one.Network.Peers.All.IsEmpty, "both ends to be closed");
    }

    [Fact]
    public async Task Peers_are_parted_from_when_the_network_is_switched_off()
    {
        await using NetworkNode one = new();
        await using NetworkNode two = new();
        await one.Connect(two);
        one.Network.SetActive(false);
        await NetworkNode.Until(() => one.Network.Peers.All.IsEmpty && two.Network.Peers.All.IsEmpty, "both to be alone");
    }
}
