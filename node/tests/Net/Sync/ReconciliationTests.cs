using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;

namespace Dash.Node.Tests.Net.Sync;

public class ReconciliationTests
{
    [Fact]
    public async Task Both_offer_it_with_the_option()
    {
        await using NetworkNode one = new("-txreconciliation");
        await using NetworkNode two = new("-txreconciliation");
        await one.Connect(two);
        Assert.True(Offered(one) && Offered(two));
    }

    [Fact]
    public async Task Nobody_offers_it_without_the_option_or_without_transactions()
    {
        await using NetworkNode one = new("-txreconciliation", "-blocksonly");
        await using NetworkNode two = new();
        await one.Connect(two);
        Assert.False(Offered(one) || Offered(two));
    }

    [Fact]
    public async Task A_peer_for_blocks_only_is_not_offered_it()
    {
        await using NetworkNode one = new("-txreconciliation");
        await using NetworkNode two = new("-txreconciliation");
        await one.Connect(two, ConnectionType.BlockRelay);
        Assert.False(Offered(one) || Offered(two));
    }

    [Fact]
    public async Task Who_offers_it_after_the_handshake_is_parted_from()
    {
        await using NetworkNode one = new("-txreconciliation");
        await using NetworkNode two = new("-txreconciliation");
        await one.Connect(two);
        one.Peer.Send(MessageTypes.SendReconciliation, new byte[12]);
        await NetworkNode.Until(() => two.Network.Peers.All.IsEmpty, "the end of the connection");
    }

    // Whether an offer came from the other side.
    private static bool Offered(NetworkNode node) =>
        node.Peer.Connection.ReceivedTraffic.ByType().Any(static entry => entry.Key == MessageTypes.SendReconciliation && entry.Value > 0);
}
