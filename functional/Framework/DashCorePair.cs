using System.Globalization;
using System.Text.Json;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Functional.Framework;

/// <summary>dash-node and dashd on one regtest, as peers. Skips the test where the environment variable DASHD names no dashd.</summary>
public sealed class DashCorePair : IAsyncDisposable
{
    /// <summary>A script that is just true: no wallet is needed to spend.</summary>
    public const string Anyone = "raw(51)#8lvh9jxk";

    /// <summary>Other blocks than those of <see cref="Anyone"/> at the same height and time.</summary>
    public const string Another = "raw(52)#qu92mhx7";

    private readonly TempDirectory _ourDirectory = new();
    private readonly TempDirectory _theirDirectory = new();

    private DashCorePair(bool ourV2, bool theirV2, string[] ours, string[] theirs)
    {
        string[] ourMore = [V2(ourV2), "-debug=net", "-debug=netconn", "-debug=mempool", "-debug=cmpctblock", .. ours];
        string[] theirMore = [V2(theirV2), "-debug=net", "-debug=netconn", "-debug=mempool", "-debug=cmpctblock", .. theirs];
        Ours = new TestNode(_ourDirectory.Path, [.. Common(OurPort), "-connect=0", "-dnsseed=0", .. ourMore]);
        Theirs = new TestDashd(_theirDirectory.Path, [.. Common(TheirPort), .. theirMore]);
    }

    public TestNode Ours { get; }

    public TestDashd Theirs { get; }

    public int OurPort { get; } = Ports.Free();

    public int TheirPort { get; } = Ports.Free();

    public static Task<DashCorePair> StartAsync(string transport, params string[] more) => StartAsync(transport, transport, more, more);

    /// <summary>Starts both; they are not peers yet.</summary>
    public static async Task<DashCorePair> StartAsync(string ourTransport, string theirTransport, string[] ours, string[] theirs)
    {
        var pair = Prepare(ourTransport, theirTransport, ours, theirs);
        await pair.Ours.StartAsync();
        await pair.Theirs.StartAsync();
        return pair;
    }

    /// <summary>The same, of which nothing runs yet.</summary>
    public static DashCorePair Prepare(string ourTransport, string theirTransport, string[] ours, string[] theirs)
    {
        if (Programs.Dashd is null) Assert.Skip("no dashd: set the environment variable DASHD to its path");
        return new(ourTransport == "v2", theirTransport == "v2", ours, theirs);
    }

    /// <summary>What a dashd needs to listen at a port, and to take transactions that only blocks may hold elsewhere.</summary>
    public static string[] Common(int port) =>
        ["-listen=1", $"-bind=127.0.0.1:{port}", $"-bind=127.0.0.1:{Ports.Free()}=onion", "-acceptnonstdtxn=1", "-disablewallet"];

    public static string V2(bool isOn) => "-v2transport=" + (isOn ? "1" : "0");

    /// <summary>Ours calls theirs.</summary>
    public async Task ConnectAsync()
    {
        await Ours.Rpc.CallAsync("addnode", $"127.0.0.1:{TheirPort}", "onetry");
        await GreetedAsync();
    }

    /// <summary>Theirs calls ours.</summary>
    public async Task ConnectBackAsync()
    {
        await Theirs.Rpc.CallAsync("addnode", $"127.0.0.1:{OurPort}", "onetry");
        await GreetedAsync();
    }

    /// <summary>Another dashd calls ours.</summary>
    public async Task CallAsync(TestDashd dashd)
    {
        await dashd.Rpc.CallAsync("addnode", $"127.0.0.1:{OurPort}", "onetry");
        await Wait.Until("dashd is a peer", async () => await IsGreetedAsync(dashd.Rpc), Ours.LastLog);
    }

    public Task GreetedAsync() =>
        Wait.Until("both are peers", async () => await IsGreetedAsync(Ours.Rpc) && await IsGreetedAsync(Theirs.Rpc), Ours.LastLog);

    public async Task PartAsync()
    {
        foreach (var peer in (await Ours.Rpc.CallAsync("getpeerinfo")).EnumerateArray())
        {
            await Ours.Rpc.CallAsync("disconnectnode", "", peer.GetProperty("id").GetInt64());
        }

        await Wait.Until("both are alone", async () =>
            await Ours.Rpc.IntAsync("getconnectioncount") == 0 && await Theirs.Rpc.IntAsync("getconnectioncount") == 0);
    }

    /// <summary>The tips of both, which differ.</summary>
    public async Task<(string Ours, string Theirs)> MineApartAsync(int ours, int theirs)
    {
        await Ours.Rpc.CallAsync("generatetodescriptor", ours, Another);
        await Theirs.Rpc.CallAsync("generatetodescriptor", theirs, Anyone);
        var tips = (await Ours.Rpc.TextAsync("getbestblockhash"), await Theirs.Rpc.TextAsync("getbestblockhash"));
        Assert.NotEqual(tips.Item1, tips.Item2);
        return tips;
    }

    public async Task AgreeAsync(int height)
    {
        await HasAsync(Ours, height);
        await HasAsync(Theirs, height);
        await Wait.Until(
            string.Create(CultureInfo.InvariantCulture, $"both have the same block {height}"),
            async () => await Ours.Rpc.IntAsync("getblockcount") == height
                && await Ours.Rpc.TextAsync("getbestblockhash") == await Theirs.Rpc.TextAsync("getbestblockhash"),
            Ours.LastLog);
    }

    /// <summary>Waits for blocks as long as they come.</summary>
    public static Task HasAsync(TestDaemon daemon, int height) =>
        Wait.Reaches("blocks come", height, async () => await daemon.Rpc.IntAsync("getblockcount"), daemon.LastLog);

    /// <summary>Some blocks more have come, and some are still to come.</summary>
    public async Task MiddleAsync(RpcConnection node, int last)
    {
        var start = await node.IntAsync("getblockcount");
        var height = start;
        await Wait.Until("some blocks have come", async () => (height = await node.IntAsync("getblockcount")) > start, Ours.LastLog);
        Assert.InRange(height, 1, last - 1);
    }

    /// <summary>Gives a transaction that spends the coin of a block to one node.</summary>
    /// <returns>Its hash and its bytes in hex.</returns>
    public static async Task<(string Txid, string Raw)> SpendAsync(RpcConnection from, int height)
    {
        var block = await from.CallAsync("getblock", await from.TextAsync("getblockhash", height), 2);
        var coinbase = block.GetProperty("tx")[0];
        var value = (long)(coinbase.GetProperty("vout")[0].GetProperty("value").GetDecimal() * Amount.OneDash.Duffs);
        var pay = ScriptTemplates.PayToScriptHash(new Script([(byte)Opcode.Op1]));
        Transaction spend = new(
            [new TxIn(new OutPoint(Txid.Parse(coinbase.GetProperty("txid").GetString()!), 0), Script.Empty, TxIn.FinalSequence)],
            [new TxOut(new Amount(value - 100_000), pay)],
            lockTime: 0);
        var raw = Convert.ToHexStringLower(spend.ToBytes());
        return (await from.TextAsync("sendrawtransaction", raw), raw);
    }

    /// <summary>A transaction given to one comes to the other, word for word.</summary>
    public static async Task RelaysAsync(RpcConnection from, RpcConnection to, int height)
    {
        var (txid, raw) = await SpendAsync(from, height);
        await Wait.Until($"transaction {txid} comes to the other", async () => await to.TextAsync("getrawtransaction", txid) == raw);
    }

    /// <summary>What is known of the only peer.</summary>
    public static async Task<JsonElement> PeerAsync(RpcConnection node) => (await node.CallAsync("getpeerinfo")).EnumerateArray().Single();

    /// <summary>Bytes of a kind of message the only peer sent.</summary>
    public static async Task<long> ReceivedAsync(RpcConnection node, string type) =>
        (await PeerAsync(node)).GetProperty("bytesrecv_per_msg").TryGetProperty(type, out var bytes) ? bytes.GetInt64() : 0;

    public static async Task<string> CoinsAsync(RpcConnection node) =>
        (await node.CallAsync("gettxoutsetinfo", "muhash")).GetProperty("muhash").GetString()!;

    public async ValueTask DisposeAsync()
    {
        await Ours.DisposeAsync();
        await Theirs.DisposeAsync();
        _ourDirectory.Dispose();
        _theirDirectory.Dispose();
    }

    // A reply to our ping says that the handshake is done.
    private static async Task<bool> IsGreetedAsync(RpcConnection node)
    {
        var peers = await node.CallAsync("getpeerinfo");
        return peers.GetArrayLength() == 1 && peers[0].TryGetProperty("minping", out JsonElement _);
    }
}
