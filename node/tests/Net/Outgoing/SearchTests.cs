using System.Net;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Connecting;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Node.Tests.Net.Proxies;
using Dash.Node.Tests.Net.Sync;

namespace Dash.Node.Tests.Net.Outgoing;

public class SearchTests
{
    private const string Onion = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion";

    [Fact]
    public async Task Onion_services_are_called_although_there_are_peers_enough()
    {
        TaskCompletionSource called = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FakeSocksServer proxy = new(_ =>
        {
            called.TrySetResult();
            return Task.CompletedTask;
        });
        await using var one = NetworkNode.Searching("-onion=" + proxy.Address);
        await using NetworkNode two = new("-maxconnections=125");
        one.Node.Clock.SetMockTime(one.Node.Clock.UnixSeconds); // so that no address is called for a test of it
        for (var i = 0; i < 10; i++)
        {
            await one.Connect(two, i < 8 ? ConnectionType.OutboundFullRelay : ConnectionType.BlockRelay);
        }

        Assert.False(called.Task.IsCompleted);
        var known = one.Network.Surroundings.Addresses;
        Assert.True(known.Add([Peer(Onion + ":19899", one)], Endpoint("8.8.8.8:1").Address));
        await called.Task.WaitAsync(TimeSpan.FromSeconds(60), TestNode.Ct);
    }

    [Fact]
    public async Task What_a_peer_offers_is_noted_also_if_it_is_refused_for_that()
    {
        await using NetworkNode one = new();
        await using NetworkNode pruned = new("-prune=945");
        var known = one.Network.Surroundings.Addresses;
        var them = Endpoint("8.8.8.8:19899");
        Assert.True(known.Add([Peer("8.8.8.8:19899", one)], them.Address));
        var (left, right) = MemoryStreamPair.Create();
        var us = NetEndpoint.From(new IPEndPoint(IPAddress.Loopback, 1));
        await pruned.Network.Admission.AcceptAsync(right, us, us, PeerPermissions.None, isOnion: false);
        one.Network.Admission.Add(new DialedConnection(left, them, us), ConnectionType.OutboundFullRelay, name: null, useV2: false);
        await NetworkNode.Until(() => one.Network.Peers.All.Length == 0, "the end of a peer without the blocks that are still to come");
        var services = (ServiceFlags)Assert.Single(known.GetAddresses(1, 100)).Services;
        Assert.True(services.HasFlag(ServiceFlags.NetworkLimited));
        Assert.False(services.HasFlag(ServiceFlags.Network));
    }

    [Theory]
    [InlineData(ServiceFlags.Network, true, true)]
    [InlineData(ServiceFlags.Network, false, true)]
    [InlineData(ServiceFlags.NetworkLimited | ServiceFlags.P2pV2, true, false)]
    [InlineData(ServiceFlags.NetworkLimited, false, true)]
    [InlineData(ServiceFlags.Bloom, false, false)]
    public void Peers_with_the_newest_blocks_do_once_the_chain_is_there(object services, bool isInitialDownload, bool areDesirable) =>
        Assert.Equal(areDesirable, ((ServiceFlags)services).AreDesirable(isInitialDownload));

    private static NetEndpoint Endpoint(string text) => NetEndpoint.TryParse(text, 0, out var endpoint) ? endpoint : throw new FormatException(text);

    private static PeerAddress Peer(string text, NetworkNode node) => new(Endpoint(text), (ulong)ServiceFlags.Network, (uint)node.Node.Clock.UnixSeconds);
}
