using System.Globalization;
using System.Text.Json;
using Dash.Functional.Framework;
using Dash.Primitives.Addresses;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Functional.Tests;

/// <summary>dash-node and Dash Core as peers, over both transports. Runs where the environment variable DASHD names a dashd.</summary>
public sealed class DashCorePeerTests
{
    private const string Anyone = "raw(51)#8lvh9jxk";   // a script that is just true: no wallet is needed to spend
    private const string Another = "raw(52)#qu92mhx7"; // other blocks than those of Anyone at the same height and time
    private const int Long = 3000;
    private const int Chunk = 500;

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task Each_takes_chain_and_transactions_from_the_other(string transport)
    {
        await using var pair = await Pair.StartAsync(transport);
        await pair.Theirs.Rpc.CallAsync("generatetodescriptor", 110, Anyone);
        await pair.ConnectAsync();
        await pair.AgreeAsync(110);
        await pair.Ours.Rpc.CallAsync("generatetodescriptor", 5, Anyone);
        await pair.AgreeAsync(115);
        Assert.Equal(transport, (await pair.Ours.Rpc.CallAsync("getpeerinfo"))[0].GetProperty("transport_protocol_type").GetString());
        Assert.Equal(transport, (await pair.Theirs.Rpc.CallAsync("getpeerinfo"))[0].GetProperty("transport_protocol_type").GetString());

        await RelaysAsync(pair.Ours.Rpc, pair.Theirs.Rpc, 1);
        await RelaysAsync(pair.Theirs.Rpc, pair.Ours.Rpc, 2);
        await pair.Theirs.Rpc.CallAsync("generatetodescriptor", 1, Anyone);
        await pair.AgreeAsync(116);
        Assert.Equal(0, (await pair.Ours.Rpc.CallAsync("getmempoolinfo")).GetProperty("size").GetInt32());
    }

    [Fact]
    public async Task Calls_about_the_network_have_the_members_of_dash_core_in_its_order()
    {
        await using var pair = await Pair.StartAsync("v2");
        await pair.Theirs.Rpc.CallAsync("generatetodescriptor", 10, Anyone);
        await pair.ConnectAsync();
        await pair.AgreeAsync(10);
        foreach (var node in (RpcConnection[])[pair.Ours.Rpc, pair.Theirs.Rpc])
        {
            await node.CallAsync("setban", "192.0.2.0/24", "add", 1000);
            await node.CallAsync("addnode", "127.0.0.1:9", "add");
            await node.CallAsync("addpeeraddress", "1.2.3.4", 9999);
        }

        foreach (var (method, arguments) in new (string, object[])[]
        {
            ("getpeerinfo", []), ("getnetworkinfo", []), ("getnettotals", []), ("listbanned", []), ("getaddednodeinfo", []), ("getnodeaddresses", [1]),
            ("mnsync", ["status"]), ("spork", ["show"]), ("spork", ["active"]), ("addpeeraddress", ["1.2.3.5", 9999]),
        })
        {
            var (ours, theirs) = (await pair.Ours.Rpc.CallAsync(method, arguments), await pair.Theirs.Rpc.CallAsync(method, arguments));
            Assert.Equal($"{method} {Shape(theirs)}", $"{method} {Shape(ours)}");
        }
    }

    [Fact]
    public async Task A_spork_that_dash_core_signs_is_shown_here_and_back()
    {
        const string Key = "-sporkkey=cP4EKFyJsHT39LDqgdcB43Y3YXjNyjb5Fuas1GQSeAtjnZWmZEQK"; // of regtest's spork address
        await using var pair = await Pair.StartAsync("v1", Key);
        await pair.ConnectAsync();
        await pair.Theirs.Rpc.CallAsync("sporkupdate", "SPORK_2_INSTANTSEND_ENABLED", 1234);
        await ShowsAsync(pair.Ours, "SPORK_2_INSTANTSEND_ENABLED", 1234);
        await pair.Ours.Rpc.CallAsync("sporkupdate", "SPORK_19_CHAINLOCKS_ENABLED", 77);
        await ShowsAsync(pair.Theirs, "SPORK_19_CHAINLOCKS_ENABLED", 77);
        await pair.Ours.StopAsync();
        await pair.Ours.StartAsync();
        await ShowsAsync(pair.Ours, "SPORK_2_INSTANTSEND_ENABLED", 1234);

        static Task ShowsAsync(TestDaemon node, string name, long value) => Wait.Until(
            $"{name} is shown", async () => (await node.Rpc.CallAsync("spork", "show")).GetProperty(name).GetInt64() == value, node.LastLog);
    }

    //  110 ─ 3 of ours            then   115 ─ 2 of theirs
    //     └─ 5 of theirs  wins              └─ 4 of ours  wins
    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task Each_gives_up_its_branch_for_a_longer_one_of_the_other(string transport)
    {
        await using var pair = await Pair.StartAsync(transport);
        await pair.Theirs.Rpc.CallAsync("generatetodescriptor", 110, Anyone);
        await pair.ConnectAsync();
        await pair.AgreeAsync(110);

        await pair.PartAsync();
        var given = await pair.MineApartAsync(ours: 3, theirs: 5);
        await pair.ConnectAsync();
        await pair.AgreeAsync(115);
        Assert.Contains(given.Ours, await BranchesAsync(pair.Ours.Rpc));

        await pair.PartAsync();
        given = await pair.MineApartAsync(ours: 4, theirs: 2);
        await pair.ConnectAsync();
        await pair.AgreeAsync(119);
        Assert.Contains(given.Theirs, await BranchesAsync(pair.Theirs.Rpc));
        Assert.Equal(await CoinsAsync(pair.Theirs.Rpc), await CoinsAsync(pair.Ours.Rpc));
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task A_sync_goes_on_after_a_restart_and_after_a_kill_in_its_middle(string transport)
    {
        await using var pair = await Pair.StartAsync(transport);
        for (var height = 0; height < Long; height += Chunk)
        {
            await pair.Theirs.Rpc.CallAsync("generatetodescriptor", Chunk, Anyone);
        }

        await pair.ConnectAsync();
        await pair.MiddleAsync(pair.Ours.Rpc);
        await pair.Ours.StopAsync();
        await pair.Ours.StartAsync();
        Assert.InRange(await pair.Ours.Rpc.IntAsync("getblockcount"), 1, Long - 1);
        await pair.ConnectAsync();
        await pair.MiddleAsync(pair.Ours.Rpc);
        await pair.Ours.KillAsync();
        await pair.Ours.StartAsync();
        Assert.InRange(await pair.Ours.Rpc.IntAsync("getblockcount"), 0, Long - 1);
        await pair.ConnectAsync();
        await pair.AgreeAsync(Long);
        Assert.Equal(await CoinsAsync(pair.Theirs.Rpc), await CoinsAsync(pair.Ours.Rpc));

        // The other way round: a dashd that has nothing syncs from us, and is killed meanwhile.
        using TempDirectory directory = new();
        await using TestDashd fresh = new(directory.Path, pair.TheirOptions(Ports.Free()));
        await pair.PartAsync();
        await fresh.StartAsync();
        await pair.CallAsync(fresh);
        await pair.MiddleAsync(fresh.Rpc);
        await fresh.KillAsync();
        await fresh.StartAsync();
        await pair.CallAsync(fresh);
        await Wait.Until("dashd has all blocks", async () => await fresh.Rpc.IntAsync("getblockcount") == Long, fresh.LastLog);
        Assert.Equal(await CoinsAsync(pair.Ours.Rpc), await CoinsAsync(fresh.Rpc));
    }

    // A transaction given to one comes to the other, word for word.
    private static async Task RelaysAsync(RpcConnection from, RpcConnection to, int height)
    {
        var block = await from.CallAsync("getblock", await from.TextAsync("getblockhash", height), 2);
        var coinbase = block.GetProperty("tx")[0];
        var value = (long)(coinbase.GetProperty("vout")[0].GetProperty("value").GetDecimal() * Amount.OneDash.Duffs);
        var unlock = Script.Empty;
        var pay = ScriptTemplates.PayToScriptHash(new Script([(byte)Opcode.Op1]));
        Transaction spend = new(
            [new TxIn(new OutPoint(Txid.Parse(coinbase.GetProperty("txid").GetString()!), 0), unlock, TxIn.FinalSequence)],
            [new TxOut(new Amount(value - 100_000), pay)],
            lockTime: 0);
        var raw = Convert.ToHexStringLower(spend.ToBytes());
        var txid = await from.TextAsync("sendrawtransaction", raw);
        await Wait.Until($"transaction {txid} comes to the other", async () => await to.TextAsync("getrawtransaction", txid) == raw);
    }

    // Names and kinds of all members in order. What is keyed by data, as bytes by message, is one thing.
    private static string Shape(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(", ", value.EnumerateObject().Select(static member =>
            member.Name + ": " + (member.Name.EndsWith("_per_msg", StringComparison.Ordinal) ? "…" : Shape(member.Value)))) + "}",
        JsonValueKind.Array => "[" + string.Join(", ", value.EnumerateArray().Select(Shape).Distinct()) + "]",
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => value.ValueKind.ToString(),
    };

    private static async Task<IEnumerable<string?>> BranchesAsync(RpcConnection node) =>
        (await node.CallAsync("getchaintips")).EnumerateArray()
            .Where(tip => tip.GetProperty("status").GetString() == "valid-fork")
            .Select(tip => tip.GetProperty("hash").GetString());

    private static async Task<string> CoinsAsync(RpcConnection node) =>
        (await node.CallAsync("gettxoutsetinfo", "muhash")).GetProperty("muhash").GetString()!;

    // One of ours and one of theirs; ours calls.
    private sealed class Pair : IAsyncDisposable
    {
        private readonly TempDirectory _ourDirectory = new();
        private readonly TempDirectory _theirDirectory = new();
        private readonly string _transport;
        private readonly int _ourPort = Ports.Free();
        private readonly int _theirPort = Ports.Free();

        private Pair(string transport, string[] more)
        {
            _transport = transport;
            Ours = new TestNode(
                _ourDirectory.Path,
                ["-disablewallet", "-listen=1", $"-bind=127.0.0.1:{_ourPort}", $"-bind=127.0.0.1:{Ports.Free()}=onion", "-connect=0",
                "-dnsseed=0", "-debug=net", "-acceptnonstdtxn=1", V2, .. more]);
            Theirs = new TestDashd(_theirDirectory.Path, [.. TheirOptions(_theirPort), .. more]);
        }

        public TestNode Ours { get; }

        public TestDashd Theirs { get; }

        private string V2 => "-v2transport=" + (_transport == "v2" ? "1" : "0");

        public static async Task<Pair> StartAsync(string transport, params string[] more)
        {
            if (Programs.Dashd is null) Assert.Skip("no dashd: set the environment variable DASHD to its path");
            Pair pair = new(transport, more);
            await pair.Ours.StartAsync();
            await pair.Theirs.StartAsync();
            return pair;
        }

        public string[] TheirOptions(int port) =>
            ["-listen=1", $"-bind=127.0.0.1:{port}", $"-bind=127.0.0.1:{Ports.Free()}=onion", "-acceptnonstdtxn=1", "-disablewallet", V2];

        public async Task ConnectAsync()
        {
            await Ours.Rpc.CallAsync("addnode", $"127.0.0.1:{_theirPort}", "onetry");
            await Wait.Until("both are peers", async () => await IsGreetedAsync(Ours.Rpc) && await IsGreetedAsync(Theirs.Rpc), Ours.LastLog);
        }

        public async Task CallAsync(TestDashd dashd)
        {
            await dashd.Rpc.CallAsync("addnode", $"127.0.0.1:{_ourPort}", "onetry");
            await Wait.Until("dashd is a peer", async () => await IsGreetedAsync(dashd.Rpc), Ours.LastLog);
        }

        public async Task PartAsync()
        {
            foreach (var peer in (await Ours.Rpc.CallAsync("getpeerinfo")).EnumerateArray())
            {
                await Ours.Rpc.CallAsync("disconnectnode", "", peer.GetProperty("id").GetInt64());
            }

            await Wait.Until("both are alone", async () =>
                await Ours.Rpc.IntAsync("getconnectioncount") == 0 && await Theirs.Rpc.IntAsync("getconnectioncount") == 0);
        }

        // The tips of both, which differ.
        public async Task<(string Ours, string Theirs)> MineApartAsync(int ours, int theirs)
        {
            await Ours.Rpc.CallAsync("generatetodescriptor", ours, Another);
            await Theirs.Rpc.CallAsync("generatetodescriptor", theirs, Anyone);
            var tips = (await Ours.Rpc.TextAsync("getbestblockhash"), await Theirs.Rpc.TextAsync("getbestblockhash"));
            Assert.NotEqual(tips.Item1, tips.Item2);
            return tips;
        }

        public Task AgreeAsync(int height) => Wait.Until(
            string.Create(CultureInfo.InvariantCulture, $"both have the same block {height}"),
            async () => await Ours.Rpc.IntAsync("getblockcount") == height
                && await Ours.Rpc.TextAsync("getbestblockhash") == await Theirs.Rpc.TextAsync("getbestblockhash"),
            Ours.LastLog);

        // Some blocks more have come, and some are still to come.
        public async Task MiddleAsync(RpcConnection node)
        {
            var start = await node.IntAsync("getblockcount");
            var height = start;
            await Wait.Until("some blocks have come", async () => (height = await node.IntAsync("getblockcount")) > start, Ours.LastLog);
            Assert.InRange(height, 1, Long - 1);
        }

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
}
