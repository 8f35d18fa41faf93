using Dash.Common.Hosting;
using Dash.Common.Options;
using Dash.Node.Net;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Handling;
using Dash.Primitives.Networks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Node.Tests.Net;

public class NetOptionTests
{
    [Theory]
    [InlineData("-bind=127.0.0.1:22", "-bind request to listen on port 22. ")]
    [InlineData("-port=6667", "-port request to listen on port 6667. ")]
    public void A_port_at_which_nobody_looks_for_a_node_is_warned_of(string option, string start)
    {
        var warning = Assert.Single(WarningsOf(option));
        Assert.StartsWith(start + "This port is considered \"bad\"", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-bind=127.0.0.1:9999")]
    [InlineData("-bind=127.0.0.1:22=onion")]
    [InlineData("-bind=127.0.0.1:9999", "-port=22")]
    [InlineData("-port=9999")]
    public void Other_ports_are_not(params string[] options) => Assert.Empty(WarningsOf(options));

    [Fact]
    public void Of_several_addresses_for_the_onion_service_the_first_is_named()
    {
        var warning = Assert.Single(WarningsOf("-bind=127.0.0.1:5555=onion", "-bind=127.0.0.1:5556=onion", "-listenonion=1"));
        Assert.Equal("More than one onion bind address is provided. Using 127.0.0.1:5555 for the automatically created Tor onion service.", warning);
    }

    [Theory]
    [InlineData(400, 240)]
    [InlineData(400, 239, "-bind=127.0.0.1:5555", "-whitebind=127.0.0.1:5556")]
    [InlineData(150, 0)]
    public void Connections_leave_the_node_its_file_descriptors(int descriptors, int connections, params string[] options)
    {
        NetConfiguration configuration = new(Parse(options), ChainParams.Regtest);
        Assert.Null(configuration.Reduction); // there are enough of them where this test runs
        Assert.Equal(connections, configuration.AffordableConnections(descriptors));
    }

    [Fact]
    public void More_connections_than_there_are_file_descriptors_are_fewer()
    {
        NetConfiguration configuration = new(Parse($"-maxconnections={int.MaxValue}"), ChainParams.Regtest);
        var most = configuration.AffordableConnections(FileDescriptors.Limit);
        Assert.Equal($"Reducing -maxconnections from {int.MaxValue} to {most}, because of system limitations.", configuration.Reduction);
    }

    [Fact]
    public void Sockets_are_waited_for_by_epoll_only()
    {
        _ = new NetConfiguration(Parse("-socketevents=epoll"), ChainParams.Regtest);
        var refusal = Assert.Throws<StartupException>(() => new NetConfiguration(Parse("-socketevents=select"), ChainParams.Regtest));
        Assert.Equal("Invalid -socketevents ('select') specified. Only these modes are supported: 'epoll'", refusal.Message);
    }

    [Theory]
    [InlineData(600, 300)]
    [InlineData(299, 0)]
    public void The_median_of_peers_clocks_is_told_up_to_a_limit(long limit, long told)
    {
        PeerClock clock = new(limit);
        for (byte i = 1; i <= 4; i++)
        {
            Assert.Equal(0, clock.Offset);
            clock.Add(NetAddress.From(new System.Net.IPAddress([8, 8, 8, i])), 300);
        }

        Assert.Equal(told, clock.Offset);
    }

    private static Options Parse(params string[] options) => Options.ParseCommandLine(NodeOptions.All, options);

    private static IReadOnlyList<string> WarningsOf(params string[] options) =>
        [.. new ReachConfiguration(Parse(options), ChainParams.Regtest, NullLogger.Instance).Warnings];
}
