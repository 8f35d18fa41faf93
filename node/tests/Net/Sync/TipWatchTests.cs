using Dash.Node.Net.Peers;

namespace Dash.Node.Tests.Net.Sync;

public class TipWatchTests
{
    [Fact]
    public async Task Of_more_peers_than_usual_the_youngest_without_blocks_goes_once_it_had_its_time()
    {
        await using NetworkNode one = new();
        await using NetworkNode two = new("-maxconnections=125");
        for (var i = 0; i < 9; i++)
        {
            await one.Connect(two, ConnectionType.OutboundFullRelay);
        }

        var youngest = one.Network.Peers.All[^1];
        await one.Look();
        Assert.Equal(9, one.Network.Peers.All.Length);
        one.Node.Clock.SetMockTime(one.Node.Clock.UnixSeconds + 31);
        await one.Look();
        await NetworkNode.Until(() => one.Network.Peers.All.Length == 8, "one to go");
        Assert.DoesNotContain(youngest, one.Network.Peers.All);
        await one.Look();
        Assert.Equal(8, one.Network.Peers.All.Length);
    }

    [Fact]
    public async Task Of_three_peers_for_blocks_the_youngest_goes_unless_it_gave_the_last_block()
    {
        await using NetworkNode one = new();
        await using NetworkNode two = new();
        for (var i = 0; i < 3; i++)
        {
            await one.Connect(two, ConnectionType.BlockRelay);
        }

        var (second, third) = (one.Network.Peers.All[1], one.Network.Peers.All[2]);
        third.LastBlock = one.Node.Clock.UnixSeconds;
        one.Node.Clock.SetMockTime(one.Node.Clock.UnixSeconds + 30);
        await one.Look();
        await NetworkNode.Until(() => one.Network.Peers.All.Length == 2, "one to go");
        Assert.DoesNotContain(second, one.Network.Peers.All);
        Assert.Contains(third, one.Network.Peers.All);
    }

    [Fact]
    public async Task A_tip_that_stands_still_makes_the_node_look_for_one_more_peer_until_it_moves()
    {
        await using var searching = NetworkNode.Searching();
        var outgoing = searching.Network.Automatic;
        Assert.NotNull(outgoing);
        await searching.Look();
        Assert.False(outgoing.WantsAnother);
        searching.Node.Clock.SetMockTime(searching.Node.Clock.UnixSeconds + (4 * 150));
        await searching.Look();
        await NetworkNode.Until(() => outgoing.WantsAnother, "the wish for one more");
        await searching.Node.Mine(1);
        searching.Node.Clock.SetMockTime(searching.Node.Clock.UnixSeconds + 151);
        await searching.Look();
        await NetworkNode.Until(() => !outgoing.WantsAnother, "the end of the wish");
        Assert.True(outgoing.WantsExtraBlockRelay);
    }
}
