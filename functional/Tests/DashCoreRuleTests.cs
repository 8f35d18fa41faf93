using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>
/// What peers may do and what they are blamed for: bloom filters, the mempool, addresses, old blocks and the upload target, with
/// permissions of all kinds. A bare peer says the same to dash-node and dashd, and hears the same. Runs where the environment
/// variable DASHD names a dashd.
/// </summary>
public sealed partial class DashCoreRuleTests
{
    private const long Start = 1_700_000_000;
    private const long Day = 24 * 60 * 60;
    private const string Anyone = "raw(51)#8lvh9jxk";
    private const int MostFilter = 36_000;
    private const int MostFunctions = 50;

    private static readonly string[] Told = ["block", "cmpctblock", "merkleblock", "tx", "inv", "notfound", "addr", "addrv2", ""];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("-whitelist=127.0.0.1")]
    [InlineData("-whitelist=127.0.0.1 -whitelistrelay=0")]
    [InlineData("-whitelist=127.0.0.1 -whitelistforcerelay=1")]
    [InlineData("-blocksonly=1")]
    [InlineData("-blocksonly=1 -sporkkey=cP4EKFyJsHT39LDqgdcB43Y3YXjNyjb5Fuas1GQSeAtjnZWmZEQK")]
    [InlineData("-blocksonly=1 -whitelist=127.0.0.1")]
    [InlineData("-blocksonly=1 -whitelist=relay@127.0.0.1")]
    [InlineData("-whitelist=all@127.0.0.1")]
    [InlineData("-whitelist=@127.0.0.1")]
    [InlineData("-whitelist=noban@127.0.0.0/8 -whitelist=,addr,@127.0.0.1")]
    [InlineData("-whitelist=download@127.0.0.2")]
    [InlineData("-whitebind=relay@127.0.0.1:{port1}")]
    [InlineData("-whitebind=127.0.0.1:{port1} -whitelist=bloom@127.0.0.1")]
    [InlineData("-peerbloomfilters=0")]
    [InlineData("-peerbloomfilters=0 -whitelist=bloomfilter@127.0.0.1")]
    [InlineData("-peerbloomfilters=0 -whitelist=mempool@127.0.0.1")]
    [InlineData("-peerbloomfilters=0 -whitelist=noban@127.0.0.1")]
    [InlineData("-peerbloomfilters=0 -blocksonly=1 -whitelist=forcerelay@127.0.0.1")]
    [InlineData("-maxuploadtarget=1K")]
    [InlineData("-maxuploadtarget=1K -whitelist=download@127.0.0.1")]
    [InlineData("-maxuploadtarget=1K -whitelist=mempool@127.0.0.1")]
    [InlineData("-maxuploadtarget=1K -whitelist=noban@127.0.0.1")]
    [InlineData("-maxuploadtarget=300")]
    public async Task A_peer_may_do_the_same_and_is_blamed_for_the_same(string options)
    {
        string[] all =
        [
            "-connect=0", "-dnsseed=0", "-listen=1", "-bind=127.0.0.1:{port0}", "-bind=127.0.0.1:{port2}=onion", "-externalip=8.8.4.4:5",
            "-deprecatedrpc=banscore", "-debug=net", "-debug=netconn", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ];
        var (theirs, ours) = await SideBySide.TellAsync(all, prepare: null, daemon => TalkAsync(daemon, options.Contains("sporkkey", StringComparison.Ordinal)), Judgements());
        Assert.Contains("runs", theirs, StringComparison.Ordinal);
        Assert.Equal(theirs, ours);
    }

    // An old block and a new one; then each conversation with a peer of its own.
    private static async Task<string> TalkAsync(BareDaemon daemon, bool takesLocks)
    {
        var rpc = daemon.Rpc;
        await rpc.CallAsync("setmocktime", Start);
        var old = Hash((await rpc.CallAsync("generatetodescriptor", 1, Anyone))[0].GetString()!);
        await rpc.CallAsync("setmocktime", Start + (8 * Day));
        var tip = Hash((await rpc.CallAsync("generatetodescriptor", 1, Anyone))[0].GetString()!);
        if (takesLocks) await rpc.CallAsync("sporkupdate", "SPORK_2_INSTANTSEND_ENABLED", 0);
        for (var i = 1; i <= 50; i++)
        {
            await rpc.CallAsync("addpeeraddress", $"{i + 20}.2.3.4", 9999);
        }

        StringBuilder told = new();
        var port = int.Parse(Bound().Matches(daemon.ReadLog())[^1].Groups[1].Value, CultureInfo.InvariantCulture);
        foreach (var (name, greeting, messages) in Conversations(old, tip))
        {
            await Wait.Until("nobody is connected", async () => await rpc.IntAsync("getconnectioncount") == 0);
            told.Append(CultureInfo.InvariantCulture, $"{name}: ").AppendLine(await SayAsync(rpc, port, greeting, messages));
            told.AppendLine(await UploadAsync(rpc));
        }

        // The day of the upload target passes.
        foreach (var later in (long[])[1000, Day, Day + 1])
        {
            await rpc.CallAsync("setmocktime", Start + (8 * Day) + later);
            told.AppendLine(await UploadAsync(rpc));
        }

        return told.Append((await rpc.CallAsync("getnetworkinfo")).GetProperty("localaddresses").GetRawText()).ToString();
    }

    private static async Task<string> SayAsync(RpcConnection rpc, int port, RawGreeting greeting, (string Type, byte[] Payload)[] messages)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        using var peer = await RawPeer.GreetAsync(port, greeting, patience.Token);
        List<(string Type, byte[] Payload)> heard = [.. await peer.HearAsync(patience.Token)];
        try
        {
            foreach (var (type, payload) in messages)
            {
                await peer.SendAsync(type, payload, patience.Token);
            }
        }
        catch (IOException)
        {
            // hung up on; it is heard
        }

        heard.AddRange(await peer.HearAsync(patience.Token));
        StringBuilder text = new();
        if (heard.FirstOrDefault(static message => message.Type == "version") is { Payload.Length: > 12 } version)
        {
            text.Append(CultureInfo.InvariantCulture, $"offers {BinaryPrimitives.ReadUInt64LittleEndian(version.Payload.AsSpan(4)):x}, relays {version.Payload[^34]}");
        }

        foreach (var (type, payload) in heard.Where(static message => Told.Contains(message.Type)))
        {
            text.Append(type.Length == 0 ? ", hung up" : type.StartsWith("addr", StringComparison.Ordinal) ? $", {type}" : string.Create(CultureInfo.InvariantCulture, $", {type} of {payload.Length}"));
        }

        if (heard[^1].Type.Length > 0)
        {
            var info = (await rpc.CallAsync("getpeerinfo"))[0];
            foreach (var member in (string[])["permissions", "relaytxes", "banscore", "addr_relay_enabled", "addr_processed", "addr_rate_limited", "network", "addrlocal"])
            {
                text.Append(CultureInfo.InvariantCulture, $", {member} {(info.TryGetProperty(member, out var value) ? value.GetRawText() : "none")}");
            }
        }

        return text.ToString();
    }

    // How much was sent depends on greetings of random length.
    private static async Task<string> UploadAsync(RpcConnection rpc)
    {
        var upload = (await rpc.CallAsync("getnettotals")).GetProperty("uploadtarget");
        return string.Join(' ', upload.EnumerateObject().Where(static member => member.Name != "bytes_left_in_cycle" || member.Value.GetInt64() == 0)
            .Select(static member => $"{member.Name}={member.Value.GetRawText()}"));
    }

    private static IEnumerable<(string Name, RawGreeting Greeting, (string Type, byte[] Payload)[] Messages)> Conversations(byte[] old, byte[] tip)
    {
        RawGreeting greeting = new();
        var silent = greeting with { Relays = false };
        (string, byte[]) load = ("filterload", Filter(3, 5)), full = ("filterload", Filter(MostFilter, MostFunctions)), all = ("filterload", Filter(0, 0));
        (string, byte[]) clear = ("filterclear", []), add = ("filteradd", Element(520)), addMore = ("filteradd", Element(521)), addNothing = ("filteradd", Element(0));
        yield return ("nothing", greeting, []);
        yield return ("nothing, where it is", greeting with { SeesAt = new IPEndPoint(new IPAddress([8, 8, 4, 4]), 7) }, []);
        yield return ("nothing, where it is not", greeting with { SeesAt = new IPEndPoint(new IPAddress([9, 9, 9, 9]), 7) }, []);
        yield return ("the largest filter", greeting, [full]);
        yield return ("a larger filter", greeting, [("filterload", Filter(MostFilter + 1, MostFunctions))]);
        yield return ("too many functions", greeting, [("filterload", Filter(3, MostFunctions + 1))]);
        yield return ("half a filter", greeting, [("filterload", Filter(3, 5)[..7])]);
        yield return ("an element without a filter", greeting, [add]);
        yield return ("an element", greeting, [load, add]);
        yield return ("nothing as an element", greeting, [load, addNothing]);
        yield return ("a large element", greeting, [load, addMore]);
        yield return ("a large element without a filter", greeting, [addMore]);
        yield return ("no filter", greeting, [clear]);
        yield return ("a filter and none, and an element", greeting, [load, clear, add]);
        yield return ("silent", silent, []);
        yield return ("silent, and a filter", silent, [load]);
        yield return ("silent, and no filter", silent, [clear]);
        yield return ("silent, and an element", silent, [add]);
        yield return ("silent, and a large element", silent, [addMore]);
        yield return ("the mempool", greeting, [("mempool", [])]);
        yield return ("silent, and the mempool", silent, [("mempool", [])]);
        foreach (var type in (int[])[1, 6, 16, 17, 18, 21, 23, 28, 29, 31, 32, 33])
        {
            yield return ($"a thing of kind {type}", greeting, [("getdata", Items(type, tip))]);
            yield return ($"silent, and a thing of kind {type}", silent, [("getdata", Items(type, tip))]);
            yield return ($"news of kind {type}", greeting, [("inv", Items(type, tip))]);
        }

        foreach (var type in (int[])[2, 3, 20])
        {
            yield return ($"a block as {type}", greeting, [("getdata", Items(type, tip))]);
            yield return ($"a block as {type} by the filter for all", greeting, [all, ("getdata", Items(type, tip))]);
            yield return ($"a block as {type} by a filter", greeting, [load, ("getdata", Items(type, tip))]);
            yield return ($"an old block as {type} by a filter", greeting, [all, ("getdata", Items(type, old))]);
            yield return ($"silent, and a block as {type}", silent, [("getdata", Items(type, tip))]);
        }

        yield return ("too much at once", greeting, [("getdata", Items(1, [.. Enumerable.Repeat(tip, 50_001)]))]);
        yield return ("too much news", greeting, [("inv", Items(1, [.. Enumerable.Repeat(tip, 50_001)]))]);
        yield return ("addresses", greeting, [("addr", Addresses(1000))]);
        yield return ("ten addresses", greeting, [("addr", Addresses(10)), ("addr", Addresses(1))]);
        yield return ("too many addresses", greeting, [("addr", Addresses(1001))]);
        yield return ("half an address", greeting, [("addr", Addresses(1)[..20])]);
        yield return ("who is there", greeting, [("getaddr", []), ("getaddr", [])]);
        yield return ("what was sent is too much by now", greeting, [.. Enumerable.Repeat(("getdata", Items(2, tip)), 20)]);
        yield return ("the mempool after that", greeting, [("mempool", [])]);
        yield return ("an old block after that", greeting, [("getdata", Items(2, old))]);
    }

    private static byte[] Hash(string text) => [.. Convert.FromHexString(text).Reverse()];

    private static byte[] Filter(int size, uint functions)
    {
        using MemoryStream buffer = new();
        buffer.Write(Count(size));
        buffer.Write(Enumerable.Repeat((byte)0x11, size).ToArray());
        buffer.Write(BitConverter.GetBytes(functions));
        buffer.Write(new byte[5]);
        return buffer.ToArray();
    }

    private static byte[] Element(int size) => [.. Count(size), .. new byte[size]];

    private static byte[] Items(int type, params byte[][] hashes)
    {
        using MemoryStream buffer = new();
        buffer.Write(Count(hashes.Length));
        foreach (var hash in hashes)
        {
            buffer.Write([(byte)type, 0, 0, 0, .. hash]);
        }

        return buffer.ToArray();
    }

    // All in different groups, and seen a while ago.
    private static byte[] Addresses(int count)
    {
        using MemoryStream buffer = new();
        buffer.Write(Count(count));
        for (var i = 0; i < count; i++)
        {
            buffer.Write(BitConverter.GetBytes((uint)Start));
            buffer.Write([1, 0, 0, 0, 0, 0, 0, 0, .. new byte[10], 0xff, 0xff, (byte)(20 + (i / 250)), (byte)(1 + (i % 250)), 7, 7, 0x27, 0x0f]);
        }

        return buffer.ToArray();
    }

    private static byte[] Count(int count) => count < 0xfd ? [(byte)count] : [0xfd, (byte)count, (byte)(count >> 8)];

    [GeneratedRegex(@"Bound to 127\.0\.0\.1:(\d+)")]
    private static partial Regex Bound();

    [GeneratedRegex(@"(historical block serving limit.*|mempool request with.*|.*despite not offering bloom services.*|Misbehaving: .*|.*Warning: (not punishing|disconnecting).*|.*message size = .*|transaction \(.*in violation of protocol.*|Received addr: .*|Ignoring repeated .*)")]
    private static partial Regex Judgements();
}
