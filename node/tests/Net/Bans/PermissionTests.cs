using Dash.Node.Net.Addresses;
using Dash.Node.Net.Bans;
using Dash.Node.Net.Peers;

namespace Dash.Node.Tests.Net.Bans;

public class PermissionTests
{
    [Theory]
    [InlineData("noban@1.2.3.4", "noban download")]
    [InlineData("forcerelay@1.2.3.4", "forcerelay relay")]
    [InlineData("relay,download@1.2.3.4", "relay download")]
    [InlineData("addr,mempool,bloom@1.2.3.4", "bloomfilter mempool addr")]
    [InlineData("bloomfilter@1.2.3.4", "bloomfilter")]
    [InlineData("all@1.2.3.4", "bloomfilter noban forcerelay relay mempool download addr")]
    [InlineData("@1.2.3.4", "")]
    [InlineData(",noban,,@1.2.3.4", "noban download")]
    public void Names_are_read_and_shown(string text, string shown)
    {
        Assert.True(PermissionText.TryParse(text, out var permissions, out var rest, out _));
        Assert.Equal("1.2.3.4", rest);
        Assert.Equal(shown, string.Join(' ', PermissionNames.Of(permissions)));
    }

    [Theory]
    [InlineData("No@1.2.3.4", "No")]
    [InlineData("noban,NOBAN@1.2.3.4", "NOBAN")]
    [InlineData("noban @1.2.3.4", "noban ")]
    [InlineData("in@1.2.3.4", "in")]
    public void Others_are_refused(string text, string name)
    {
        Assert.False(PermissionText.TryParse(text, out _, out _, out var error));
        Assert.Equal($"Invalid P2P permission: '{name}'", error);
    }

    [Fact]
    public void Who_is_listed_without_names_may_what_is_usual_and_what_else_it_was_given()
    {
        const PeerPermissions Usual = PeerPermissions.NoBan | PeerPermissions.Mempool;
        PeerRules rules = new(null!, [(Range("10.0.0.0/8"), PeerPermissions.Implicit), (Range("10.1.0.0/16"), PeerPermissions.Addr)], Usual);
        Assert.Equal(Usual, rules.PermissionsOf(Endpoint("10.2.0.1:1"), isInbound: true, PeerPermissions.None));
        Assert.Equal(Usual | PeerPermissions.Addr, rules.PermissionsOf(Endpoint("10.1.0.1:1"), isInbound: true, PeerPermissions.None));
        Assert.Equal(Usual | PeerPermissions.Relay, rules.PermissionsOf(Endpoint("10.2.0.1:1"), isInbound: true, PeerPermissions.Relay));
        Assert.Equal(Usual, rules.PermissionsOf(Endpoint("11.0.0.1:1"), isInbound: true, PeerPermissions.Implicit));
        Assert.Equal(PeerPermissions.None, rules.PermissionsOf(Endpoint("11.0.0.1:1"), isInbound: true, PeerPermissions.None));
        Assert.Equal(PeerPermissions.None, rules.PermissionsOf(Endpoint("10.1.0.1:1"), isInbound: false, PeerPermissions.None)); // we called it
    }

    private static NetEndpoint Endpoint(string text) => NetEndpoint.TryParse(text, 0, out var endpoint) ? endpoint : throw new FormatException(text);

    private static NetSubnet Range(string text) => NetSubnet.TryParse(text, takesCjdns: false, out var range) ? range : throw new FormatException(text);
}
