using Dash.Common.Time;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Bans;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Node.Tests.Net.Bans;

public sealed class BanListTests : IDisposable
{
    private const long Now = 1_700_000_000;
    private const long Day = 24 * 60 * 60;

    private readonly TempDirectory _directory = new();
    private readonly Clock _clock = new();

    public BanListTests() => _clock.SetMockTime(Now);

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("1.2.3.4", "1.2.3.4/32")]
    [InlineData("1.2.3.4/24", "1.2.3.0/24")]
    [InlineData("1.2.3.4/255.255.0.0", "1.2.0.0/16")]
    [InlineData("1.2.3.4/0", "0.0.0.0/0")]
    [InlineData("2001:db9:abcd::1/33", "2001:db9:8000::/33")]
    [InlineData("2001:db9::1/ffff:ffff::", "2001:db9::/32")]
    [InlineData("::1", "::1/128")]
    [InlineData("pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion", "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion")]
    public void Ranges_are_read_and_written(string text, string written)
    {
        Assert.True(NetSubnet.TryParse(text, takesCjdns: false, out var subnet));
        Assert.Equal(written, subnet.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3.4/33")]
    [InlineData("1.2.3.4/-1")]
    [InlineData("1.2.3.4/255.0.255.0")]
    [InlineData("1.2.3.4/x")]
    [InlineData("1.2.3.4/ffff::")]
    [InlineData("::1/129")]
    [InlineData("example.org/8")]
    [InlineData("pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion/16")]
    public void What_is_no_range_is_not_taken_for_one(string text) => Assert.False(NetSubnet.TryParse(text, takesCjdns: false, out _));

    [Theory]
    [InlineData("1.2.3.0/25", "1.2.3.127", true)]
    [InlineData("1.2.3.0/25", "1.2.3.128", false)]
    [InlineData("0.0.0.0/0", "9.9.9.9", true)]
    [InlineData("::/0", "9.9.9.9", false)]
    [InlineData("2a01::/16", "2a01:1::1", true)]
    [InlineData("pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion", "1.2.3.4", false)]
    public void Ranges_contain_addresses(string range, string address, bool isInside) => Assert.Equal(isInside, Subnet(range).Contains(Address(address)));

    [Fact]
    public void Bans_end_are_kept_and_lifted()
    {
        var bans = Open();
        bans.Ban(Subnet("1.2.3.0/24"), 1000, isAbsolute: false);
        bans.Ban(Subnet("5.6.7.8"), 0, isAbsolute: false);
        bans.Ban(Subnet("5.6.7.8"), 10, isAbsolute: false); // shorter: nothing changes
        Assert.True(bans.IsBanned(Address("1.2.3.4")));
        Assert.False(bans.IsBanned(Subnet("1.2.3.4")));
        Assert.Equal(
            """
            {
                "banned_nets": [
                    {
                        "version": 1,
                        "ban_created": 1700000000,
                        "banned_until": 1700001000,
                        "address": "1.2.3.0/24"
                    },
                    {
                        "version": 1,
                        "ban_created": 1700000000,
                        "banned_until": 1700086400,
                        "address": "5.6.7.8/32"
                    }
                ]
            }

            """,
            File.ReadAllText(Path.Combine(_directory.Path, "banlist.json")));
        Assert.Equal("banlist.json", Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(_directory.Path))));

        _clock.SetMockTime(Now + 1001);
        bans = Open();
        Assert.False(bans.IsBanned(Address("1.2.3.4")));
        Assert.Equal("5.6.7.8/32", Assert.Single(bans.All).Key.ToString());
        Assert.False(bans.Unban(Subnet("5.6.7.0/24")));
        Assert.True(bans.Unban(Subnet("5.6.7.8")));
        Assert.Empty(Open().All);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"banned_nets": 7}""")]
    [InlineData("""{"banned_nets": [{"version": 1, "ban_created": "x", "banned_until": 4, "address": "1.2.3.4"}]}""")]
    [InlineData("""{"banned_nets": [{"version": 2, "ban_created": 1, "banned_until": 9900000000, "address": "1.2.3.4"}]}""")]
    [InlineData("""{"banned_nets": [{"version": 1, "ban_created": 1, "banned_until": 9900000000, "address": "nonsense"}]}""")]
    public void What_a_file_says_that_makes_no_sense_is_left_out(string text)
    {
        File.WriteAllText(Path.Combine(_directory.Path, "banlist.json"), text);
        Assert.Empty(Open().All);
    }

    [Fact]
    public void Who_misbehaved_is_remembered_until_forgotten()
    {
        var bans = Open();
        bans.Discourage(Address("1.2.3.4"));
        Assert.True(bans.IsDiscouraged(Address("1.2.3.4")));
        Assert.False(bans.IsDiscouraged(Address("1.2.3.5")));
        Assert.False(bans.IsBanned(Address("1.2.3.4")));
        bans.ClearDiscouraged();
        Assert.False(bans.IsDiscouraged(Address("1.2.3.4")));
    }

    private static NetSubnet Subnet(string text) => NetSubnet.TryParse(text, takesCjdns: false, out var subnet) ? subnet : throw new FormatException(text);

    private static NetAddress Address(string text) => NetAddress.TryParse(text, out var address) ? address : throw new FormatException(text);

    private BanList Open() =>
        new(new BanFile(_directory.Path, NullLogger.Instance), Day, _clock, NullLogger.Instance, NullLogger.Instance);
}
