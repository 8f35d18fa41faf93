using Dash.Cli.Connection;
using Dash.Cli.Settings;
using Dash.Common.Options;

namespace Dash.Cli.Tests.Connection;

public class EndpointTests
{
    [Theory]
    [InlineData(new string[0], "127.0.0.1", 9998)]
    [InlineData(new[] { "-regtest" }, "127.0.0.1", 19898)]
    [InlineData(new[] { "-testnet" }, "127.0.0.1", 19998)]
    [InlineData(new[] { "-devnet=x" }, "127.0.0.1", 19798)]
    [InlineData(new[] { "-rpcport=5" }, "127.0.0.1", 5)]
    [InlineData(new[] { "-rpcconnect=host:7" }, "host", 7)]
    [InlineData(new[] { "-rpcconnect=host:7", "-rpcport=5" }, "host", 5)]
    [InlineData(new[] { "-rpcconnect=::1" }, "::1", 9998)]
    [InlineData(new[] { "-rpcconnect=[::1]" }, "::1", 9998)]
    [InlineData(new[] { "-rpcconnect=[::1]:8" }, "::1", 8)]
    [InlineData(new[] { "-rpcconnect=host:x" }, "host:x", 9998)]
    public void Host_and_port_come_from_the_options(string[] args, string host, int port) =>
        Assert.Equal(new Endpoint(host, port), Endpoint.Of(Options.ParseCommandLine(CliOptions.All, args)));

    [Fact]
    public void A_path_is_sent_as_it_is()
    {
        Assert.Equal("/wallet/..", new Endpoint("::1", 5).Uri("/wallet/..").PathAndQuery);
        Assert.Equal("[::1]", new Endpoint("::1", 5).Uri("/").Host);
    }
}
