using System.Net;
using Dash.Primitives.Evo;

namespace Dash.Primitives.Tests.Evo;

/// <summary>Addresses of masternodes: which are taken, how they are read and written.</summary>
public sealed class NetInfoTests
{
    internal static readonly NetInfoRules Mainnet = new(true, 9999, true, 9999);

    [Theory]
    [InlineData("1.2.3.4", 9999, NetInfoStatus.Success)]
    [InlineData("1.2.3.4", 9998, NetInfoStatus.BadPort)]
    [InlineData("192.168.1.1", 9999, NetInfoStatus.NotRoutable)]
    [InlineData("100.64.0.1", 9999, NetInfoStatus.NotRoutable)]
    [InlineData("2a01:4f8::1", 9999, NetInfoStatus.BadType)]
    [InlineData("0.0.0.0", 9999, NetInfoStatus.Malformed)]
    [InlineData("255.255.255.255", 9999, NetInfoStatus.Malformed)]
    public void A_single_address_is_held_to_its_network(string address, ushort port, NetInfoStatus expected) =>
        Assert.Equal(expected, Single(address, port).Validate(Mainnet));

    [Theory]
    [InlineData("192.168.1.1", NetInfoStatus.Success)]
    [InlineData("172.31.0.1", NetInfoStatus.Success)]
    [InlineData("100.64.0.1", NetInfoStatus.NotRoutable)]
    [InlineData("127.0.0.1", NetInfoStatus.NotRoutable)]
    public void Private_networks_may_count_as_routable(string address, NetInfoStatus expected) =>
        Assert.Equal(expected, Single(address, 9999).Validate(Mainnet with { AllowsPrivate = true }));

    [Theory]
    [InlineData("dash.org", 443, NetInfoStatus.Success)]
    [InlineData("dash.org", 80, NetInfoStatus.BadPort)]
    [InlineData("a.local", 443, NetInfoStatus.BadInput)]
    [InlineData("a.b1", 443, NetInfoStatus.BadInput)]
    [InlineData("Dash.org", 443, NetInfoStatus.Malformed)]
    [InlineData("dashorg", 443, NetInfoStatus.Malformed)]
    [InlineData("-a.org", 443, NetInfoStatus.Malformed)]
    public void Domains_are_for_the_platforms_clients(string domain, ushort port, NetInfoStatus expected)
    {
        var entry = NetInfoEntry.OfDomain(domain, port);
        Assert.Equal(expected, Of(NetInfoPurpose.PlatformHttps).Validate(Mainnet));
        if (expected == NetInfoStatus.Success)
        {
            Assert.Equal(NetInfoStatus.BadInput, Of(NetInfoPurpose.CoreP2p).Validate(Mainnet));
        }

        NetInfo Of(NetInfoPurpose purpose) => NetInfo.OfEntries([new(purpose, [entry])]);
    }

    [Theory] // the default port is mainnet's in the old form only
    [InlineData(false, "1.2.3.4", NetInfoStatus.Success, "1.2.3.4:9999")]
    [InlineData(false, "1.2.3.4:9999", NetInfoStatus.Success, "1.2.3.4:9999")]
    [InlineData(false, "1.2.3.4:9998", NetInfoStatus.BadPort, null)]
    [InlineData(false, "10.0.0.1:9999", NetInfoStatus.NotRoutable, null)]
    [InlineData(false, "0.0.0.0:9999", NetInfoStatus.BadAddress, null)]
    [InlineData(false, "[2a01:4f8::1]:9999", NetInfoStatus.BadInput, null)]
    [InlineData(false, "dash.org:9999", NetInfoStatus.BadInput, null)]
    [InlineData(false, "1.2.3.400:9999", NetInfoStatus.BadInput, null)]
    [InlineData(false, "1.2.3.4:99999", NetInfoStatus.BadInput, null)]
    [InlineData(true, "1.2.3.4:9999", NetInfoStatus.Success, "1.2.3.4:9999")]
    [InlineData(true, "1.2.3.4", NetInfoStatus.BadPort, null)]
    [InlineData(true, "[2a01:4f8::1]:9999", NetInfoStatus.Success, "[2a01:4f8::1]:9999")]
    [InlineData(true, "2a01:4f8::1", NetInfoStatus.BadPort, null)]
    [InlineData(true, "[::ffff:1.2.3.4]:9999", NetInfoStatus.Success, "1.2.3.4:9999")]
    [InlineData(true, "1.2.3.4:22", NetInfoStatus.BadPort, null)]
    [InlineData(true, "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion:9999", NetInfoStatus.Success,
        "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion:9999")]
    [InlineData(true, "3gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion:9999", NetInfoStatus.BadInput, null)]
    [InlineData(true, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.b32.i2p:0", NetInfoStatus.Success,
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.b32.i2p:0")]
    [InlineData(true, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.b32.i2p:1", NetInfoStatus.BadPort, null)]
    [InlineData(true, "dash.org:443", NetInfoStatus.BadInput, null)] // not for peers
    [InlineData(true, "under_score.org:443", NetInfoStatus.BadInput, null)]
    public void An_address_is_read_from_text(bool isExtended, string text, NetInfoStatus expected, string? entry)
    {
        var empty = isExtended ? NetInfo.OfEntries([]) : NetInfo.OfAddress(null);

        Assert.Equal(expected, empty.Add(NetInfoPurpose.CoreP2p, text, Mainnet, out var info));

        Assert.Equal(entry is null ? [] : [entry], info.Entries.Select(static e => e.ToString()));
        if (entry is not null)
        {
            Assert.Equal(NetInfoStatus.Success, info.Validate(Mainnet));
        }
    }

    [Fact]
    public void Addresses_are_added_up_to_four_for_a_purpose()
    {
        var info = NetInfo.OfEntries([]);
        for (var i = 1; i <= 4; i++)
        {
            Assert.Equal(NetInfoStatus.Success, info.Add(NetInfoPurpose.CoreP2p, $"1.2.3.{i}:9999", Mainnet, out info));
        }

        Assert.Equal(NetInfoStatus.MaxLimit, info.Add(NetInfoPurpose.CoreP2p, "1.2.3.5:9999", Mainnet, out _));
        Assert.Equal(NetInfoStatus.Duplicate, info.Add(NetInfoPurpose.PlatformP2p, "1.2.3.4:9999", Mainnet, out _));
        Assert.Equal(NetInfoStatus.Success, info.Add(NetInfoPurpose.PlatformHttps, "DASH.org:443", Mainnet, out info));
        Assert.Equal(NetInfoStatus.Duplicate, info.Add(NetInfoPurpose.PlatformHttps, "dash.org:8443", Mainnet, out _));
        Assert.Equal(NetInfoStatus.MaxLimit, info.Add((NetInfoPurpose)3, "1.2.3.9:9999", Mainnet, out _));
        Assert.Equal(NetInfoStatus.MaxLimit, Single("1.2.3.4", 9999).Add(NetInfoPurpose.CoreP2p, "1.2.3.5", Mainnet, out _));
        Assert.Equal(5, info.Entries.Count());
    }

    [Fact]
    public void Addresses_of_other_networks_are_written_as_people_write_them()
    {
        Assert.True(ServiceAddress.TryCreate(ServiceNetwork.I2p, new byte[32], 0, out var i2p));
        Assert.Equal(new string('a', 52) + ".b32.i2p:0", i2p.ToString());
        Assert.True(ServiceAddress.TryCreate(IPAddress.Parse("2a01:4f8::1"), 1234, out var ip));
        Assert.Equal("[2a01:4f8::1]:1234", ip.ToString());
        Assert.False(ServiceAddress.TryCreate(ServiceNetwork.Cjdns, new byte[16], 1, out _));

        // The address of the Tor project's site, whose key is its text without the checksum.
        const string Onion = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid";
        var key = new byte[35];
        for (var i = 0; i < Onion.Length; i++)
        {
            var value = "abcdefghijklmnopqrstuvwxyz234567".IndexOf(Onion[i], StringComparison.Ordinal);
            for (var bit = 0; bit < 5; bit++)
            {
                key[((i * 5) + bit) / 8] |= (byte)(((value >> (4 - bit)) & 1) << (7 - (((i * 5) + bit) % 8)));
            }
        }

        Assert.True(ServiceAddress.TryCreate(ServiceNetwork.TorV3, key.AsSpan(..32), 9999, out var tor));
        Assert.Equal(Onion + ".onion:9999", tor.ToString());
    }

    internal static NetInfo Single(string address, ushort port) =>
        NetInfo.OfAddress(ServiceAddress.TryCreate(IPAddress.Parse(address), port, out var service) ? service : null);
}
