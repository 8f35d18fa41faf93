using Dash.Node.Net.Addresses;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Node.Tests.Net.Addresses;

public class LocalAddressesTests
{
    private readonly LocalAddresses _local = new(new ReachableNetworks([NetworkKind.Ipv4]), discovers: true, requiresRoutable: true, NullLogger.Instance);

    [Fact]
    public void An_address_that_others_see_is_trusted_more()
    {
        var ours = Endpoint("8.8.8.8:9999");
        Assert.True(_local.Add(ours, LocalScore.Manual));
        _local.NoteSeen(ours.Address);
        _local.NoteSeen(Endpoint("9.9.9.9:9999").Address);
        Assert.Equal(LocalScore.Manual + 1, _local.ScoreOf(ours.Address));
        Assert.Equal(ours, Assert.Single(_local.All).Endpoint);
    }

    [Fact]
    public void Of_two_that_a_peer_can_reach_it_is_told_the_one_that_others_see()
    {
        var (one, two) = (Endpoint("8.8.8.8:9999"), Endpoint("9.9.9.9:9999"));
        _local.Add(one, LocalScore.Manual);
        _local.Add(two, LocalScore.Manual);
        _local.NoteSeen(two.Address);
        Assert.Equal(two, _local.BestFor(Endpoint("1.1.1.1:9999").Address, NetworkKind.Ipv4));
        _local.NoteSeen(one.Address);
        _local.NoteSeen(one.Address);
        Assert.Equal(one, _local.BestFor(Endpoint("1.1.1.1:9999").Address, NetworkKind.Ipv4));
    }

    private static NetEndpoint Endpoint(string text) => NetEndpoint.TryParse(text, 0, out var endpoint) ? endpoint : throw new FormatException(text);
}
