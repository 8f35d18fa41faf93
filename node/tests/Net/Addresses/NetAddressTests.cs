using Dash.Node.Net.Addresses;
using Dash.Primitives.Encoding;

namespace Dash.Node.Tests.Net.Addresses;

public class NetAddressTests
{
    private const string Onion = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion";
    private const string I2p = "ukeu3k5oycgaauneqgtnvselmt4yemvoilkln7jpvamvfx7dnkdq.b32.i2p";

    [Theory]
    [InlineData("1.2.3.4", "1.2.3.4", "ipv4")]
    [InlineData("127.0.0.1", "127.0.0.1", "not_publicly_routable")]
    [InlineData("1.2.3", "1.2.0.3", "ipv4")]
    [InlineData("10.1.2.3", "10.1.2.3", "not_publicly_routable")]
    [InlineData("::ffff:1.2.3.4", "1.2.3.4", "ipv4")]
    [InlineData("[2a01::1]", "2a01::1", "ipv6")]
    [InlineData("2A01:0:0:1:0:0:0:1", "2a01:0:0:1::1", "ipv6")]
    [InlineData("2a01:0:1:0:1:0:1:0", "2a01:0:1:0:1:0:1:0", "ipv6")]
    [InlineData("::1", "::1", "not_publicly_routable")]
    [InlineData("fd6b:88c0:8725::1", "fd6b:88c0:8725::1", "not_publicly_routable")]
    [InlineData(Onion, Onion, "onion")]
    [InlineData(I2p, I2p, "i2p")]
    public void Addresses_are_read_and_written(string text, string written, string network)
    {
        Assert.True(NetAddress.TryParse(text, out var address));
        Assert.Equal(written, address.ToString());
        Assert.Equal(network, NetworkNames.Of(address.Network));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3.256")]
    [InlineData("example.org")]
    [InlineData("[1.2.3.4")]
    [InlineData("[::1]:80")]
    [InlineData("qg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion")]
    [InlineData("kpgvmscirrdqpekbqjsvw5teanhatztpp2gl6eee4zkowvwfxwenqaid.onion1")]
    [InlineData("fd6b:88c0:8724::1")]
    public void What_is_no_address_is_not_taken_for_one(string text) => Assert.False(NetAddress.TryParse(text, out _));

    [Theory]
    [InlineData("1.2.3.4", "1.2.3.4", 9999)]
    [InlineData("1.2.3.4:80", "1.2.3.4", 80)]
    [InlineData("[::1]:80", "::1", 80)]
    [InlineData("[::1]", "::1", 9999)]
    [InlineData("::1", "::1", 9999)]
    [InlineData("1.2.3.4:65536", "1.2.3.4:65536", 9999)]
    [InlineData(":80", "", 80)]
    public void A_port_is_taken_off(string text, string host, int port) =>
        Assert.Equal((host, (ushort)port), HostPort.Split(text, 9999));

    [Theory]
    [InlineData("1.2.3.4", "010401020304")]
    [InlineData("1a1b:2a2b:3a3b:4a4b:5a5b:6a6b:7a7b:8a8b", "02101a1b2a2b3a3b4a4b5a5b6a6b7a7b8a8b")]
    [InlineData(Onion, "042079bcc625184b05194975c28b66b66b0469f7f6556fb1ac3189a79b40dda32f1f")]
    public void Bip155_has_these_bytes(string text, string hex)
    {
        Assert.True(NetAddress.TryParse(text, out var address));
        ByteWriter writer = new();
        AddressCodec.WriteV2(writer, address);
        Assert.Equal(hex, Hex.Encode(writer.WrittenSpan));
        SpanReader reader = new(writer.WrittenSpan);
        Assert.Equal(address, AddressCodec.ReadV2(ref reader));
        Assert.True(reader.IsAtEnd);
    }

    [Theory]
    [InlineData("0210fd6b88c08724b10203040506070809aa", false)] // a name: kept, and nobody's address
    [InlineData("021000000000000000000000ffff01020304", true)] // IPv4 as IPv6
    [InlineData("0210fd87d87eeb4300010203040506070809", true)] // an onion address of version 2
    [InlineData("aa0401020304", true)] // a network of the future
    public void What_BIP155_does_not_know_is_read_over(string hex, bool isNone)
    {
        SpanReader reader = new(Hex.Decode(hex));
        var address = AddressCodec.ReadV2(ref reader);
        Assert.True(reader.IsAtEnd);
        Assert.Equal(isNone, address == NetAddress.None);
        Assert.False(address.IsValid);
    }

    [Theory]
    [InlineData("010501020304ff", "BIP155 IPv4 address with length 5 (should be 4)")]
    [InlineData("0400", "BIP155 TORv3 address with length 0 (should be 32)")]
    [InlineData("01fd0102", "Address too long: 513 > 512")]
    public void An_address_of_the_wrong_length_spoils_the_message(string hex, string error)
    {
        var failure = Assert.Throws<EncodingException>(() =>
        {
            SpanReader reader = new(Hex.Decode(hex));
            AddressCodec.ReadV2(ref reader);
        });
        Assert.Equal(error, failure.Message);
    }

    [Theory]
    [InlineData("127.0.0.1", "00")]
    [InlineData("10.0.0.1", "00")]
    [InlineData("1.2.3.4", "010102")]
    [InlineData("::ffff:0:102:304", "010102")]
    [InlineData("64:ff9b::102:304", "010102")]
    [InlineData("2002:102:304:9999::1", "010102")]
    [InlineData("2001:0:9999:9999:9999:9999:fefd:fcfb", "010102")]
    [InlineData("2001:470:abcd:9999::1", "0220010470af")]
    [InlineData("2001:2001:9999::1", "0220012001")]
    public void Groups_are_those_that_others_use(string text, string group)
    {
        Assert.True(NetAddress.TryParse(text, out var address));
        Assert.Equal(group, Hex.Encode(new NetGroups(map: null).Of(address)));
    }

    [Fact]
    public void An_address_of_the_old_form_keeps_its_port_and_services()
    {
        Assert.True(NetEndpoint.TryParse("1.2.3.4:19999", 0, out var endpoint));
        PeerAddress peer = new(endpoint, Services: 0x1405, Time: 1_700_000_000);
        foreach (var isV2 in new[] { false, true })
        {
            ByteWriter writer = new();
            AddressCodec.Write(writer, peer, isV2);
            SpanReader reader = new(writer.WrittenSpan);
            Assert.Equal(peer, AddressCodec.Read(ref reader, isV2));
            Assert.True(reader.IsAtEnd);
        }
    }
}
