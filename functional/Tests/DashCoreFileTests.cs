using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>
/// The files about peers: what dashd wrote is what dash-node reads and the other way round, and a spoiled file is the same matter
/// to both. Runs where the environment variable DASHD names a dashd.
/// </summary>
public sealed partial class DashCoreFileTests
{
    private const string Onion = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion";
    private const string I2p = "ukeu3k5oycgaauneqgtnvselmt4yemvoilkln7jpvamvfx7dnkdq.b32.i2p";
    private const string Cjdns = "fc32:17ea:e415:c3bf:9808:149d:b5a2:c9aa";
    private const int Magic = 4;
    private const int Checksum = 32;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly string[] Quiet = ["-listen=0", "-connect=0", "-dnsseed=0", "-debug=net", "-debug=addrman", "-cjdnsreachable"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Addresses_that_one_keeps_are_known_to_the_other(bool isOurs)
    {
        var addresses = Enumerable.Range(1, 300)
            .Select(i => (string.Create(CultureInfo.InvariantCulture, $"{20 + (i % 100)}.{i % 250}.7.{i % 200}"), 9999 + i))
            .Concat([(Onion, 9999), (I2p, 0), (Cjdns, 9999), ("2a00:1450:4001:81b::200e", 19999)])
            .ToArray();
        var file = await WrittenByAsync(isOurs, "peers.dat", async rpc =>
        {
            for (var i = 0; i < addresses.Length; i++)
            {
                await rpc.CallAsync("addpeeraddress", addresses[i].Item1, addresses[i].Item2, i % 3 == 0);
            }
        });
        var (theirs, ours) = await SideBySide.TellAsync(Quiet, directory => File.WriteAllBytes(Path.Combine(directory, "peers.dat"), file), KnownAsync, Lines());
        Assert.Equal(theirs, ours);
        foreach (var kind in (string[])["ipv4", "ipv6", "onion", "i2p", "cjdns"])
        {
            Assert.Contains($"\"network\": \"{kind}\"", ours, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("three bytes")]
    [InlineData("magic alone")]
    [InlineData("half")]
    [InlineData("one byte less")]
    [InlineData("without checksum")]
    [InlineData("one byte more")]
    [InlineData("wrong checksum")]
    [InlineData("a bit in the middle")]
    [InlineData("another network")]
    [InlineData("later format, readable")]
    [InlineData("later format")]
    [InlineData("format 3")]
    [InlineData("format 2")]
    [InlineData("format 0")]
    [InlineData("oldest reader unsaid")]
    [InlineData("new -1")]
    [InlineData("new too many")]
    [InlineData("tried -1")]
    [InlineData("tried too many")]
    [InlineData("new one more")]
    [InlineData("buckets unmarked")]
    [InlineData("buckets few")]
    [InlineData("buckets many")]
    [InlineData("another secret")]
    [InlineData("another map")]
    [InlineData("unknown network")]
    [InlineData("wrong length")]
    [InlineData("too long")]
    [InlineData("unknown disk version")]
    [InlineData("all zero")]
    [InlineData("a folder")]
    public async Task A_spoiled_file_of_addresses_means_the_same_to_both(string fault)
    {
        var file = SpoiledAddresses(fault, await AddressesOfDashdAsync());
        var (theirs, ours) = await SideBySide.TellAsync(
            Quiet,
            directory =>
            {
                var path = Path.Combine(directory, "peers.dat");
                if (fault == "a folder") Directory.CreateDirectory(path);
                else File.WriteAllBytes(path, file);
            },
            KnownAsync,
            Lines());
        Assert.Equal(theirs, ours);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bans_that_one_keeps_hold_at_the_other(bool isOurs)
    {
        var file = await WrittenByAsync(isOurs, "banlist.json", async rpc =>
        {
            foreach (var range in (string[])["192.0.2.0/24", "1.2.3.4", "0.0.0.0/0", "2001:db8::/32", "::1", Onion, I2p, Cjdns, "10.0.0.0/255.255.0.0"])
            {
                await rpc.CallAsync("setban", range, "add", 1_000_000);
            }
        });
        var (theirs, ours) = await SideBySide.TellAsync(Quiet, directory => File.WriteAllBytes(Path.Combine(directory, "banlist.json"), file), BannedAsync, Lines());
        Assert.Equal(theirs, ours);
        Assert.Contains(Onion, ours, StringComparison.Ordinal);
        Assert.Contains(Cjdns, ours, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("nonsense")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("{}")]
    [InlineData("{}x")]
    [InlineData("""{ "banned_nets": {} }""")]
    [InlineData("""{ "banned_nets": null }""")]
    [InlineData("""{ "banned_nets": 5 }""")]
    [InlineData("""{ "banned_nets": "text" }""")]
    [InlineData("""{ "banned_nets": [] }""")]
    [InlineData("""{ "banned_nets": [5] }""")]
    [InlineData("""{ "banned_nets": [[]] }""")]
    [InlineData("""{ "banned_nets": [{}] }""")]
    [InlineData("""{ "banned_nets": [], "banned_nets": [] }""")]
    [InlineData("""{ "others": [ { "version": 1 } ], "banned_nets": [] }""")]
    [InlineData("""{ "banned_nets": [ { "version": 2, "ban_created": 1, "banned_until": 9999999999, "address": "1.2.3.4" } ] }""")]
    [InlineData("""{ "banned_nets": [ { "version": "1", "ban_created": 1, "banned_until": 9999999999, "address": "1.2.3.4" } ] }""")]
    [InlineData("""{ "banned_nets": [ { "version": 1.5, "ban_created": 1, "banned_until": 9999999999, "address": "1.2.3.4" } ] }""")]
    [InlineData("""{ "banned_nets": [ { "version": 99999999999, "ban_created": 1, "banned_until": 9999999999, "address": "1.2.3.4" } ] }""")]
    [InlineData("""{ "banned_nets": [ { "version": 1, "ban_created": 1, "banned_until": 9999999999 } ] }""")]
    [InlineData("""{ "banned_nets": [ { "version": 1, "ban_created": 1, "banned_until": 9999999999, "address": 5 } ] }""")]
    [InlineData("""{ "banned_nets": [ { "version": 1, "ban_created": "x", "banned_until": 9999999999, "address": "1.2.3.4" } ] }""")]
    [InlineData("""{ "banned_nets": [ { "version": 1, "banned_until": 9999999999, "address": "1.2.3.4" } ] }""")]
    [InlineData("""{ "banned_nets": [ { "version": 1, "ban_created": 1, "address": "1.2.3.4" } ] }""")]
    [InlineData("""{ "banned_nets": [ { "version": 1, "ban_created": 1, "banned_until": 99999999999999999999, "address": "1.2.3.4" } ] }""")]
    [InlineData("""{ "banned_nets": [ { "version": 1, "ban_created": 1, "banned_until": 2, "address": "1.2.3.4" } ] }""")]
    [InlineData("""{ "banned_nets": [ { "version": 1, "ban_created": 1, "banned_until": 9999999999, "address": "nonsense" } ] }""")]
    [InlineData("""{ "banned_nets": [ { "version": 1, "ban_created": 1, "banned_until": 9999999999, "address": "" } ] }""")]
    [InlineData("""{ "banned_nets": [ { "version": 1, "ban_created": 1, "banned_until": 9999999999, "address": "localhost" } ] }""")]
    [InlineData("""{ "banned_nets": [ { "version": 1, "ban_created": 1, "banned_until": 9999999999, "address": "1.2.3.4/33" } ] }""")]
    [InlineData("""{ "banned_nets": [ { "version": 1, "ban_created": 1, "banned_until": 9999999999, "address": "1.2.3.4/24" }, { "version": 1, "ban_created": 3, "banned_until": 9999999998, "address": "1.2.3.0/24" } ] }""")]
    [InlineData("""{ "banned_nets": [ { "version": 1, "ban_created": 1, "banned_until": 9999999999, "address": "1.2.3.4/32", "more": 1 }, { "version": 7 } ] }""")]
    public async Task A_spoiled_list_of_bans_means_the_same_to_both(string text)
    {
        var (theirs, ours) = await SideBySide.TellAsync(Quiet, directory => File.WriteAllText(Path.Combine(directory, "banlist.json"), text), BannedAsync, Lines());
        Assert.Equal(theirs, ours);
    }

    [Fact]
    public async Task A_list_of_bans_of_long_ago_is_left_alone_by_both()
    {
        var (theirs, ours) = await SideBySide.TellAsync(Quiet, directory => File.WriteAllText(Path.Combine(directory, "banlist.dat"), "x"), BannedAsync, Lines());
        Assert.Equal(theirs, ours);
        Assert.Contains("banlist.dat ignored", ours, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("whole")]
    [InlineData("empty list")]
    [InlineData("three")]
    [InlineData("nothing")]
    [InlineData("half")]
    [InlineData("wrong checksum")]
    [InlineData("another network")]
    [InlineData("count too great")]
    [InlineData("unknown disk version")]
    [InlineData("one byte more")]
    public async Task Anchors_are_tried_or_dropped_by_both(string fault)
    {
        var (theirs, ours) = await SideBySide.TellAsync(
            ["-listen=0", "-dnsseed=0", "-debug=net", "-cjdnsreachable", "-proxy=127.0.0.1:9", "-i2psam=127.0.0.1:9"],
            directory => File.WriteAllBytes(Path.Combine(directory, "anchors.dat"), Anchors(fault)),
            async daemon =>
            {
                await Wait.Until("anchors are read", () => daemon.ReadLog().Contains("block-relay-only anchors will be tried", StringComparison.Ordinal));
                return File.Exists(Path.Combine(daemon.NetworkDirectory, "anchors.dat")) ? "kept" : "gone";
            },
            Lines());
        Assert.Equal(theirs, ours);
    }

    // dashd and dash-node, one after the other, keep their block-only peers and call them again; then each the other's.
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Anchors_of_one_are_called_by_the_other(bool isWrittenByUs, bool isReadByUs)
    {
        if (Programs.Dashd is not { } dashd)
        {
            Assert.Skip("no dashd: set the environment variable DASHD to its path");
            return;
        }

        using TempDirectory directory = new();
        using TempDirectory peers = new();
        var ports = new[] { Ports.Free(), Ports.Free() };
        await using TestNode peer = new(peers.Path, ["-listen=1", .. ports.Select(static port => $"-bind=127.0.0.1:{port}"), "-connect=0", "-disablewallet"]);
        await peer.StartAsync();
        await using (BareDaemon writer = new(isWrittenByUs ? Programs.Node : dashd, directory.Path, ["-listen=0", "-dnsseed=0", "-maxconnections=20"]))
        {
            await writer.StartAsync();
            foreach (var port in ports)
            {
                await writer.Rpc.CallAsync("addconnection", $"127.0.0.1:{port}", "block-relay-only", true);
            }

            await Wait.Until("both are peers", async () => await peer.Rpc.IntAsync("getconnectioncount") == 2, writer.LastLog);
            await Wait.Until("both are greeted", async () => (await writer.Rpc.CallAsync("getpeerinfo")).EnumerateArray().All(info =>
                info.GetProperty("version").GetInt32() > 0), writer.LastLog);
            await writer.StopAsync();
        }

        // A dashd that was told a peer by a test does not know what it serves, and calls no such anchor: here it is told.
        var path = Path.Combine(directory.Path, "regtest", "anchors.dat");
        var file = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        const int Entry = 4 + 4 + 1 + (1 + 1 + 4) + 2; // disk version, time, services, network and address, port
        if (!isWrittenByUs)
        {
            Assert.Equal(Magic + 1 + (2 * Entry) + Checksum, file.Length);
            (file[Magic + 1 + 8], file[Magic + 1 + Entry + 8]) = (1, 1);
            await File.WriteAllBytesAsync(path, Summed(file), TestContext.Current.CancellationToken);
        }

        await using BareDaemon reader = new(isReadByUs ? Programs.Node : dashd, directory.Path, ["-listen=0", "-dnsseed=0"]);
        await reader.StartAsync();
        await Wait.Until("anchors are read", () => reader.ReadLog().Contains("2 block-relay-only anchors will be tried for connections.", StringComparison.Ordinal));
        await Wait.Until("one of them is called", async () => (await reader.Rpc.CallAsync("getpeerinfo")).EnumerateArray().Any(info =>
            info.GetProperty("connection_type").GetString() == "block-relay-only"), reader.LastLog);
        Assert.False(File.Exists(Path.Combine(directory.Path, "regtest", "anchors.dat")));
        await reader.StopAsync();
    }

    private static async Task<byte[]> WrittenByAsync(bool isOurs, string name, Func<RpcConnection, Task> fill)
    {
        if (Programs.Dashd is not { } dashd)
        {
            Assert.Skip("no dashd: set the environment variable DASHD to its path");
            return [];
        }

        using TempDirectory directory = new();
        await using BareDaemon writer = new(isOurs ? Programs.Node : dashd, directory.Path, Quiet);
        await writer.StartAsync();
        await fill(writer.Rpc);
        await writer.StopAsync();
        return await File.ReadAllBytesAsync(Path.Combine(writer.NetworkDirectory, name), TestContext.Current.CancellationToken);
    }

    private static Task<byte[]> AddressesOfDashdAsync() => WrittenByAsync(isOurs: false, "peers.dat", async rpc =>
    {
        for (var i = 1; i <= 12; i++)
        {
            await rpc.CallAsync("addpeeraddress", $"{i + 20}.{i}.7.9", 9999, i % 3 == 0);
        }
    });

    // Magic 4 | format, oldest reader | secret 32 | new, tried, buckets | entries …
    private static byte[] SpoiledAddresses(string fault, byte[] file)
    {
        const int Format = Magic;
        const int Secret = Format + 2;
        const int NewCount = Secret + 32;
        const int TriedCount = NewCount + 4;
        const int Buckets = TriedCount + 4;
        const int Entry = Buckets + 4;   // disk version 4 | time 4 | services | network, length, address | port
        const int NetworkId = Entry + 4 + 4 + 1;
        byte[] Number(int at, int value)
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
            return Summed(file);
        }

        byte[] Byte(int at, byte value)
        {
            file[at] = value;
            return Summed(file);
        }

        Assert.Equal(1, file[NetworkId]);
        return fault switch
        {
            "nothing" => [],
            "three bytes" => file[..3],
            "magic alone" => file[..4],
            "half" => file[..(file.Length / 2)],
            "one byte less" => file[..^1],
            "without checksum" => file[..^Checksum],
            "one byte more" => [.. file, 0],
            "wrong checksum" => [.. file[..^1], (byte)(file[^1] ^ 1)],
            "a bit in the middle" => [.. file[..Secret], (byte)(file[Secret] ^ 1), .. file[(Secret + 1)..]],
            "another network" => Byte(0, 0xbf),
            "later format, readable" => Byte(Format, 77),
            "later format" => Byte(Format + 1, 32 + 5),
            "format 3" => Byte(Format, 3),
            "format 2" => Byte(Format, 2),
            "format 0" => Byte(Format, 0),
            "oldest reader unsaid" => Byte(Format + 1, 31),
            "new -1" => Number(NewCount, -1),
            "new too many" => Number(NewCount, 70_000),
            "tried -1" => Number(TriedCount, -1),
            "tried too many" => Number(TriedCount, 20_000),
            "new one more" => Number(NewCount, BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(NewCount)) + 1),
            "buckets unmarked" => Number(Buckets, 1024),
            "buckets few" => Number(Buckets, 512 ^ (1 << 30)),
            "buckets many" => Number(Buckets, 1025 ^ (1 << 30)),
            "another secret" => Byte(Secret + 5, (byte)(file[Secret + 5] ^ 1)),
            "another map" => Byte(file.Length - Checksum - 3, 9),
            "unknown network" => Byte(NetworkId, 99),
            "wrong length" => Byte(NetworkId, 2),
            "too long" => Byte(NetworkId + 1, 0xfd),
            "unknown disk version" => Byte(Entry + 3, 0x40),
            "all zero" => new byte[file.Length],
            "a folder" => [],
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
        };
    }

    private static byte[] Summed(byte[] file) =>
        [.. file[..^Checksum], .. SHA256.HashData(SHA256.HashData(file.AsSpan(0, file.Length - Checksum)))];

    private static byte[] Anchors(string fault)
    {
        byte[] onion = [4, 32, .. Enumerable.Repeat((byte)7, 32), 0x27, 0x0f];
        byte[] i2p = [5, 32, .. Enumerable.Repeat((byte)8, 32), 0, 0];
        byte[] cjdns = [6, 16, 0xfc, .. Enumerable.Repeat((byte)9, 15), 0x27, 0x0f];
        var disk = fault == "unknown disk version" ? (byte)0x40 : (byte)0x20;
        byte[] Entry(byte[] address) => [0x60, 0xea, 0, disk, 1, 2, 3, 0x60, 1, .. address];
        byte[] Whole(byte count, params byte[][] addresses) =>
            Summed([0xfc, 0xc1, 0xb7, 0xdc, count, .. addresses.SelectMany(Entry), .. new byte[Checksum]]);
        var two = Whole(2, onion, i2p);
        return fault switch
        {
            "whole" or "unknown disk version" => two,
            "empty list" => Whole(0),
            "three" => Whole(3, onion, cjdns, i2p),
            "nothing" => [],
            "half" => two[..(two.Length / 2)],
            "wrong checksum" => [.. two[..^1], (byte)(two[^1] ^ 1)],
            "another network" => Summed([0xbf, .. two[1..]]),
            "count too great" => Whole(200, onion),
            "one byte more" => [.. two, 0],
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
        };
    }

    private static async Task<string> KnownAsync(BareDaemon daemon)
    {
        var known = await daemon.Rpc.CallAsync("getnodeaddresses", 0);
        StringBuilder text = new();
        foreach (var line in known.EnumerateArray().Select(static address => address.ToString()).Order(StringComparer.Ordinal))
        {
            text.AppendLine(Pretty(line));
        }

        return text.Append("backup: ").Append(File.Exists(Path.Combine(daemon.NetworkDirectory, "peers.dat.bak"))).ToString();
    }

    private static async Task<string> BannedAsync(BareDaemon daemon)
    {
        var banned = await daemon.Rpc.CallAsync("listbanned");
        var file = await File.ReadAllTextAsync(Path.Combine(daemon.NetworkDirectory, "banlist.json"), TestContext.Current.CancellationToken);
        return Passing().Replace(Pretty(banned.ToString()), "$1 …") + Environment.NewLine + Pretty(file);
    }

    private static string Pretty(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document.RootElement, Indented);
    }

    [GeneratedRegex("(\"time_remaining\":) \\d+")]
    private static partial Regex Passing();

    [GeneratedRegex(
        """(?:Loaded \d+ (?:addresses from peers\.dat|banned|addresses from "anchors)|Creating (?:new )?peers\.dat .*|banlist\.dat .*|Cannot (?:load|parse) banlist .*|Dropping entry .*|Recreating the banlist.*|Removed banned .*|\d+ block-relay-only anchors .*|.*addrman lost .*|.*Bucketing method.*)""")]
    private static partial Regex Lines();
}
