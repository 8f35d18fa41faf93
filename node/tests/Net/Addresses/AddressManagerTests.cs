using Dash.Common.Hosting;
using Dash.Common.Time;
using Dash.Node.Net.Addresses;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Node.Tests.Net.Addresses;

public class AddressManagerTests
{
    private const long Now = 1_700_000_000;
    private static readonly Uint256 Secret = new(Hex.Decode(new string('0', 62) + "01"));

    private readonly Clock _clock = new();
    private readonly NetGroups _groups = new(map: null);

    public AddressManagerTests() => _clock.SetMockTime(Now);

    [Fact]
    public void What_was_told_can_be_drawn_and_what_answered_is_tried()
    {
        var addresses = Make();
        Assert.Null(addresses.Select());
        Assert.True(addresses.Add([Peer("1.2.3.4:9999")], Address("9.8.7.6")));
        Assert.False(addresses.Add([Peer("10.0.0.1:9999")], Address("9.8.7.6")));
        Assert.Equal(1, addresses.Count());
        Assert.Equal(Peer("1.2.3.4:9999").Endpoint, addresses.Select()!.Value.Peer.Endpoint);

        Assert.True(addresses.Good(Peer("1.2.3.4:9999").Endpoint));
        Assert.Equal((0, 1), (addresses.Count(isNew: true), addresses.Count(isNew: false)));
        Assert.Null(addresses.Select(onlyNew: true));
        Assert.Null(addresses.Select(network: NetworkKind.Onion));
    }

    [Fact]
    public void Two_ports_of_a_host_are_two_addresses()
    {
        var addresses = Make();
        Assert.True(addresses.Add([Peer("1.2.3.4:9999"), Peer("1.2.3.4:9998")], Address("9.8.7.6")));
        Assert.Equal(2, addresses.Count(NetworkKind.Ipv4));
    }

    [Fact]
    public void A_taken_place_among_the_tried_is_tested_before_it_is_given_away()
    {
        var addresses = Make();
        List<NetEndpoint> endpoints = [];
        NetEndpoint? loser = null;
        for (var i = 1; i < 60 && loser is null; i++)
        {
            for (ushort port = 1; port < 200 && loser is null; port++)
            {
                var peer = Peer($"250.1.1.{i}:{port}");
                addresses.Add([peer], Address("9.8.7.6"));
                if (!addresses.Good(peer.Endpoint) && addresses.SelectTriedCollision() is not null)
                {
                    loser = peer.Endpoint;
                }
            }
        }

        Assert.NotNull(loser);
        var old = addresses.SelectTriedCollision()!.Value.Peer.Endpoint;
        _clock.SetMockTime(Now + (5 * 60 * 60));
        addresses.Attempt(old, countsFailure: false);
        _clock.SetMockTime(Now + (5 * 60 * 60) + 61);
        addresses.ResolveCollisions();
        Assert.Null(addresses.SelectTriedCollision());
        addresses.Read(table =>
        {
            Assert.True(table.TryFind(loser.Value, out var winner) && winner.IsTried);
            Assert.True(table.TryFind(old, out var evicted) && !evicted.IsTried);
            Assert.Null(table.FindFault());
        });
    }

    [Fact]
    public void Others_are_told_a_quarter_and_nothing_terrible()
    {
        var addresses = Make();
        for (var i = 0; i < 200; i++)
        {
            addresses.Add([Peer($"{20 + i}.7.3.4:9999")], Address($"{20 + i}.8.7.6"));
        }

        addresses.Add([new PeerAddress(Peer("250.7.3.4:9999").Endpoint, 1, (uint)(Now - (31 * 24 * 60 * 60)))], Address("9.8.7.6"));
        var all = addresses.Count();
        var told = addresses.GetAddresses(most: 1000, percent: 23);
        Assert.Equal(all * 23 / 100, told.Count);
        Assert.Equal(told.Count, told.Distinct().Count());
        Assert.DoesNotContain(addresses.GetAddresses(0, 0), peer => peer.Endpoint == Peer("250.7.3.4:9999").Endpoint);
    }

    [Fact]
    public void Tables_of_many_thousand_addresses_stay_consistent_and_survive_a_file()
    {
        Random random = new(7);
        var addresses = Make(random: random);
        for (var i = 0; i < 3000; i++)
        {
            var peer = Peer($"{random.Next(1, 200)}.{random.Next(256)}.3.{random.Next(256)}:{random.Next(1, 65536)}");
            var source = Address($"{random.Next(11, 99)}.{random.Next(256)}.1.1");
            addresses.Add([peer], source, penaltySeconds: random.Next(7200));
            if (i % 3 == 0)
            {
                addresses.Good(peer.Endpoint);
            }
        }

        using TempDirectory directory = new();
        AddressFile file = new(Path.Combine(directory.Path, "peers.dat"), ChainParams.Regtest, _clock, NullLogger.Instance, NullLogger.Instance);
        file.Save(addresses);
        var loaded = file.Load(_groups, random, checkRatio: 1);
        Assert.Equal(
            (addresses.Count(isNew: true), addresses.Count(isNew: false)), (loaded.Count(isNew: true), loaded.Count(isNew: false)));
        ByteWriter first = new(), second = new();
        addresses.Read(table => Assert.Null(table.FindFault()));
        loaded.Read(table => AddressTableCodec.Write(first, table));
        loaded.Read(table => AddressTableCodec.Write(second, table));
        Assert.Equal(first.ToArray(), second.ToArray());
    }

    [Theory]
    [InlineData(0, 1, "Invalid network magic number")]
    [InlineData(5, 3, "lower than the expected minimum value 32.: iostream error")]
    [InlineData(38, 0xff, "nNew=16777215")]
    [InlineData(70, 0xff, "Checksum mismatch, data corrupted")]
    public void A_damaged_file_stops_the_start(int position, byte value, string reason)
    {
        using TempDirectory directory = new();
        var path = Path.Combine(directory.Path, "peers.dat");
        AddressFile file = new(path, ChainParams.Regtest, _clock, NullLogger.Instance, NullLogger.Instance);
        file.Save(Make());
        var bytes = File.ReadAllBytes(path);
        bytes.AsSpan(position, position == 38 ? 3 : 1).Fill(value);
        if (position == 70)
        {
            bytes[position] = 0;
            bytes[^1] ^= 1;
            bytes[54] = 0; // the count of the first bucket stays zero
        }

        File.WriteAllBytes(path, bytes);
        var failure = Assert.Throws<StartupException>(() => file.Load(_groups, new Random(1), 0));
        Assert.StartsWith("Invalid or corrupt peers.dat (", failure.Message, StringComparison.Ordinal);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_a_later_version_is_put_aside()
    {
        using TempDirectory directory = new();
        var path = Path.Combine(directory.Path, "peers.dat");
        AddressFile file = new(path, ChainParams.Regtest, _clock, NullLogger.Instance, NullLogger.Instance);
        file.Save(Make());
        var bytes = File.ReadAllBytes(path);
        bytes[5] = 32 + 111;
        File.WriteAllBytes(path, bytes);
        Assert.Equal(0, file.Load(_groups, new Random(1), 0).Count());
        Assert.Equal(bytes, File.ReadAllBytes(path + ".bak"));
        Assert.NotEqual(bytes, File.ReadAllBytes(path));
    }

    [Fact]
    public void Anchors_are_read_once()
    {
        using TempDirectory directory = new();
        AnchorFile file = new(Path.Combine(directory.Path, "anchors.dat"), ChainParams.Regtest, NullLogger.Instance);
        Assert.Empty(file.Take());
        file.Save([Peer("1.2.3.4:9999"), Peer("pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion:1")]);
        Assert.Equal(2, file.Take().Count);
        Assert.Empty(file.Take());
    }

    private static NetAddress Address(string text) => NetAddress.TryParse(text, out var address) ? address : throw new FormatException(text);

    private static PeerAddress Peer(string text) =>
        NetEndpoint.TryParse(text, 0, out var endpoint) ? new PeerAddress(endpoint, 1, (uint)Now) : throw new FormatException(text);

    private AddressManager Make(Random? random = null)
    {
        random ??= new Random(3);
        return new AddressManager(new AddressTable(new BucketHash(Secret, _groups), random), _clock, NullLogger.Instance, random, checkRatio: 10);
    }
}
