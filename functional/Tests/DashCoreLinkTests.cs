using System.Buffers.Binary;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>
/// What dash-node and dashd say to each other beside blocks and transactions: the ways of saving bytes, the kinds of connections, and
/// ends in the middle. Runs where the environment variable DASHD names a dashd.
/// </summary>
public sealed class DashCoreLinkTests
{
    private const int Long = 3000;
    private const int Chunk = 500;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // The one that serves ends while the other has a part of the chain: it goes on with the rest afterwards.
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_sync_goes_on_after_the_one_that_serves_it_ended(bool isServedByUs, bool isKilled)
    {
        await using var pair = await DashCorePair.StartAsync("v2");
        var (server, client) = isServedByUs ? ((TestDaemon)pair.Ours, (TestDaemon)pair.Theirs) : (pair.Theirs, pair.Ours);
        for (var height = 0; height < Long; height += Chunk)
        {
            await server.Rpc.CallAsync("generatetodescriptor", Chunk, DashCorePair.Anyone);
        }

        await (isServedByUs ? pair.ConnectBackAsync() : pair.ConnectAsync());
        await pair.MiddleAsync(client.Rpc, Long);
        await (isKilled ? server.KillAsync() : server.StopAsync());
        await Wait.Until("the other is alone", async () => await client.Rpc.IntAsync("getconnectioncount") == 0, pair.Ours.LastLog);
        await server.StartAsync();

        // What was not written to disk before a kill is made again, so that the chain is as long as it was.
        if (await server.Rpc.IntAsync("getblockcount") is var left && left < Long)
        {
            Assert.True(isKilled);
            await server.Rpc.CallAsync("generatetodescriptor", Long + 1 - left, DashCorePair.Anyone);
        }

        await (isServedByUs ? pair.ConnectBackAsync() : pair.ConnectAsync());
        await pair.AgreeAsync(await server.Rpc.IntAsync("getblockcount"));
        Assert.Equal(await DashCorePair.CoinsAsync(pair.Theirs.Rpc), await DashCorePair.CoinsAsync(pair.Ours.Rpc));
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task Headers_travel_compressed_in_both_directions(string transport)
    {
        await using var pair = await DashCorePair.StartAsync(transport);
        await pair.Theirs.Rpc.CallAsync("generatetodescriptor", 40, DashCorePair.Anyone);
        await pair.ConnectAsync();
        await pair.AgreeAsync(40);
        await pair.PartAsync();
        await pair.Ours.Rpc.CallAsync("generatetodescriptor", 30, DashCorePair.Anyone);
        await pair.ConnectBackAsync();
        await pair.AgreeAsync(70);
        foreach (var node in (RpcConnection[])[pair.Ours.Rpc, pair.Theirs.Rpc])
        {
            Assert.Equal(0, await DashCorePair.ReceivedAsync(node, "headers"));
            Assert.True(await DashCorePair.ReceivedAsync(node, "getheaders2") > 0);
        }

        Assert.True(await DashCorePair.ReceivedAsync(pair.Theirs.Rpc, "headers2") > 30 * 40);
    }

    // High bandwidth: compact blocks come unasked once a peer was first with blocks, so no whole block comes any more.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Compact_blocks_come_unasked_from_who_was_first(bool isMinedByUs)
    {
        await using var pair = await DashCorePair.StartAsync("v2");
        var (miner, other) = isMinedByUs ? (pair.Ours.Rpc, pair.Theirs.Rpc) : (pair.Theirs.Rpc, pair.Ours.Rpc);
        await miner.CallAsync("generatetodescriptor", 105, DashCorePair.Anyone);
        await pair.ConnectAsync();
        await pair.AgreeAsync(105);
        for (var height = 106; height <= 109; height++)
        {
            await miner.CallAsync("generatetodescriptor", 1, DashCorePair.Anyone);
            await pair.AgreeAsync(height);
        }

        Assert.True((await DashCorePair.PeerAsync(other)).GetProperty("bip152_hb_to").GetBoolean());
        await Wait.Until("the miner knows", async () => (await DashCorePair.PeerAsync(miner)).GetProperty("bip152_hb_from").GetBoolean());
        var (blocks, compact) = (await DashCorePair.ReceivedAsync(other, "block"), await DashCorePair.ReceivedAsync(other, "cmpctblock"));
        var asked = await DashCorePair.ReceivedAsync(miner, "getblocktxn");
        await DashCorePair.RelaysAsync(miner, other, 2);
        await miner.CallAsync("generatetodescriptor", 1, DashCorePair.Anyone);
        await pair.AgreeAsync(110);
        Assert.True(await DashCorePair.ReceivedAsync(other, "cmpctblock") > compact);
        Assert.Equal(blocks, await DashCorePair.ReceivedAsync(other, "block"));
        Assert.Equal(asked, await DashCorePair.ReceivedAsync(miner, "getblocktxn")); // both have the transaction
        Assert.Equal(await DashCorePair.CoinsAsync(pair.Theirs.Rpc), await DashCorePair.CoinsAsync(pair.Ours.Rpc));
    }

    // The other takes no transactions, so all of a block's but its first are asked for.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Transactions_a_compact_block_lacks_are_asked_for(bool isMinedByUs)
    {
        string[] deaf = ["-blocksonly=1"];
        await using var pair = await DashCorePair.StartAsync("v2", "v2", isMinedByUs ? [] : deaf, isMinedByUs ? deaf : []);
        var (miner, other) = isMinedByUs ? (pair.Ours.Rpc, pair.Theirs.Rpc) : (pair.Theirs.Rpc, pair.Ours.Rpc);
        await miner.CallAsync("generatetodescriptor", 110, DashCorePair.Anyone);
        await pair.ConnectAsync();
        await pair.AgreeAsync(110);
        await DashCorePair.SpendAsync(miner, 1);
        await DashCorePair.SpendAsync(miner, 2);
        await miner.CallAsync("generatetodescriptor", 1, DashCorePair.Anyone);
        await pair.AgreeAsync(111);
        Assert.Equal(0, await DashCorePair.ReceivedAsync(other, "tx"));
        Assert.Equal(3, (await other.CallAsync("getblock", await other.TextAsync("getbestblockhash"))).GetProperty("nTx").GetInt32());
        Assert.Equal(0, (await other.CallAsync("getmempoolinfo")).GetProperty("size").GetInt32());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_for_blocks_only_carries_no_transactions(bool isCalledByUs)
    {
        await using var pair = await DashCorePair.StartAsync("v2", "-maxconnections=20");
        await pair.Theirs.Rpc.CallAsync("generatetodescriptor", 110, DashCorePair.Anyone);
        var (caller, called, port) = isCalledByUs
            ? (pair.Ours.Rpc, pair.Theirs.Rpc, pair.TheirPort)
            : (pair.Theirs.Rpc, pair.Ours.Rpc, pair.OurPort);
        await caller.CallAsync("addconnection", $"127.0.0.1:{port}", "block-relay-only", true);
        await pair.GreetedAsync();
        await pair.AgreeAsync(110);
        Assert.Equal("block-relay-only", (await DashCorePair.PeerAsync(caller)).GetProperty("connection_type").GetString());
        Assert.False((await DashCorePair.PeerAsync(called)).GetProperty("relaytxes").GetBoolean());
        await DashCorePair.SpendAsync(caller, 1);
        await DashCorePair.SpendAsync(called, 2);
        await called.CallAsync("generatetodescriptor", 1, DashCorePair.Anyone);
        await pair.AgreeAsync(111);
        await caller.CallAsync("generatetodescriptor", 1, DashCorePair.Anyone);
        await pair.AgreeAsync(112);
        foreach (var node in (RpcConnection[])[caller, called])
        {
            foreach (var type in (string[])["tx", "addr", "addrv2", "getaddr"])
            {
                Assert.Equal(0, await DashCorePair.ReceivedAsync(node, type));
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_feeler_hangs_up_after_the_greeting(bool isCalledByUs)
    {
        await using var pair = await DashCorePair.StartAsync("v2", "-maxconnections=20");
        var (caller, called, port) = isCalledByUs
            ? ((TestDaemon)pair.Ours, (TestDaemon)pair.Theirs, pair.TheirPort)
            : (pair.Theirs, pair.Ours, pair.OurPort);
        await caller.Rpc.CallAsync("addconnection", $"127.0.0.1:{port}", "feeler", true);
        await Wait.Until("the feeler is done", () => caller.ReadLog().Contains("feeler connection completed", StringComparison.Ordinal), caller.LastLog);
        await Wait.Until("both are alone", async () =>
            await caller.Rpc.IntAsync("getconnectioncount") == 0 && await called.Rpc.IntAsync("getconnectioncount") == 0, caller.LastLog);
    }

    [Fact]
    public async Task Block_filters_are_those_of_dash_core()
    {
        string[] filters = ["-blockfilterindex=1", "-peerblockfilters=1"];
        await using var pair = await DashCorePair.StartAsync("v1", filters);
        await pair.Theirs.Rpc.CallAsync("generatetodescriptor", 2100, DashCorePair.Anyone);
        await pair.ConnectAsync();
        await pair.AgreeAsync(2100);
        foreach (var node in (RpcConnection[])[pair.Ours.Rpc, pair.Theirs.Rpc])
        {
            await Wait.Until("the index is there", async () => (await node.CallAsync("getindexinfo")).EnumerateObject().All(static index =>
                index.Value.GetProperty("synced").GetBoolean() && index.Value.GetProperty("best_block_height").GetInt32() == 2100));
        }

        var tip = Hash(await pair.Ours.Rpc.TextAsync("getbestblockhash"));
        var early = Hash(await pair.Ours.Rpc.TextAsync("getblockhash", 900));
        foreach (var (type, request, answers) in new (string, byte[], int)[]
        {
            ("getcfilters", [0, .. Number(1300), .. tip], 801), ("getcfheaders", [0, .. Number(200), .. tip], 1), ("getcfheaders", [0, .. Number(1), .. early], 1),
            ("getcfcheckpt", [0, .. tip], 1), ("getcfcheckpt", [0, .. early], 1), ("getcfilters", [0, .. Number(900), .. early], 1),
        })
        {
            var theirs = await AskAsync(pair.TheirPort, type, request, answers);
            var ours = await AskAsync(pair.OurPort, type, request, answers);
            Assert.Equal(answers, theirs.Count);
            Assert.Equal(theirs, ours);
        }

        // What makes no sense is answered by hanging up.
        foreach (var (type, request) in new (string, byte[])[]
        {
            ("getcfilters", [0, .. Number(900), .. tip]), ("getcfilters", [1, .. Number(2000), .. tip]), ("getcfheaders", [0, .. Number(99), .. tip]),
            ("getcfcheckpt", [0, .. new byte[32]]), ("getcfheaders", [0, .. Number(901), .. early]),
        })
        {
            await Assert.ThrowsAnyAsync<IOException>(() => AskAsync(pair.TheirPort, type, request, answers: 1));
            await Assert.ThrowsAnyAsync<IOException>(() => AskAsync(pair.OurPort, type, request, answers: 1));
        }
    }

    // A pruned peer serves the last 288 blocks: enough for who has the rest, and nothing for who begins.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pruned_peer_serves_those_who_are_near_its_tip(bool isServedByUs)
    {
        string[] pruned = ["-prune=1"];
        await using var pair = await DashCorePair.StartAsync("v2", "v2", isServedByUs ? pruned : [], isServedByUs ? [] : pruned);
        var (server, client) = isServedByUs ? (pair.Ours.Rpc, pair.Theirs.Rpc) : (pair.Theirs.Rpc, pair.Ours.Rpc);
        await server.CallAsync("generatetodescriptor", 200, DashCorePair.Anyone);
        for (var height = 1; height <= 200; height++)
        {
            // By hand: who has none yet does not take blocks of a pruned peer.
            await client.CallAsync("submitblock", await server.TextAsync("getblock", await server.TextAsync("getblockhash", height), 0));
        }

        await server.CallAsync("generatetodescriptor", 150, DashCorePair.Anyone);
        await (isServedByUs ? pair.ConnectBackAsync() : pair.ConnectAsync());
        await pair.AgreeAsync(350);
        var services = (await DashCorePair.PeerAsync(client)).GetProperty("servicesnames").EnumerateArray().Select(static name => name.GetString()).ToArray();
        Assert.Contains("NETWORK_LIMITED", services);
        Assert.DoesNotContain("NETWORK", services);
        await client.CallAsync("generatetodescriptor", 1, DashCorePair.Another);
        await pair.AgreeAsync(351);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_takes_blocks_only_passes_its_own_transactions_and_hears_of_none(bool isOurs)
    {
        string[] deaf = ["-blocksonly=1"];
        await using var pair = await DashCorePair.StartAsync("v1", "v1", isOurs ? deaf : [], isOurs ? [] : deaf);
        var (quiet, other) = isOurs ? (pair.Ours.Rpc, pair.Theirs.Rpc) : (pair.Theirs.Rpc, pair.Ours.Rpc);
        await other.CallAsync("generatetodescriptor", 110, DashCorePair.Anyone);
        await pair.ConnectAsync();
        await pair.AgreeAsync(110);
        Assert.False((await DashCorePair.PeerAsync(other)).GetProperty("relaytxes").GetBoolean());
        var unheard = await DashCorePair.SpendAsync(other, 1);
        await DashCorePair.RelaysAsync(quiet, other, 2);
        Assert.DoesNotContain(unheard.Txid, (await quiet.CallAsync("getrawmempool")).EnumerateArray().Select(static id => id.GetString()));
        await quiet.CallAsync("generatetodescriptor", 1, DashCorePair.Anyone);
        await pair.AgreeAsync(111);
    }

    // Every place is taken by those who only hold one: dashd still gets in, and stays while more of them come.
    [Fact]
    public async Task Dash_core_gets_and_keeps_a_place_at_a_full_table()
    {
        await using var pair = await DashCorePair.StartAsync("v2", "v2", ["-maxconnections=60"], []);
        await pair.Theirs.Rpc.CallAsync("generatetodescriptor", 110, DashCorePair.Anyone);
        await pair.ConnectAsync();
        await pair.AgreeAsync(110);
        await pair.PartAsync();
        await pair.Theirs.Rpc.CallAsync("generatetodescriptor", 1, DashCorePair.Anyone);
        List<RawPeer> crowd = [];
        try
        {
            async Task ComeAsync(int count)
            {
                for (var i = 0; i < count; i++)
                {
                    var peer = await RawPeer.GreetAsync(pair.OurPort, Ct);
                    crowd.Add(peer);
                    try
                    {
                        await peer.PingAsync((ulong)i, Ct);
                    }
                    catch (IOException)
                    {
                        // No room: it went, or another of the crowd.
                    }
                }
            }

            await ComeAsync(70);
            var full = await pair.Ours.Rpc.IntAsync("getconnectioncount");
            Assert.InRange(full, 20, 60);
            await pair.Theirs.Rpc.CallAsync("addnode", $"127.0.0.1:{pair.OurPort}", "add");
            await pair.AgreeAsync(111);
            await DashCorePair.RelaysAsync(pair.Theirs.Rpc, pair.Ours.Rpc, 1);
            await ComeAsync(70);
            Assert.InRange(await pair.Ours.Rpc.IntAsync("getconnectioncount"), 20, 60);
            var start = (await DashCorePair.PeerAsync(pair.Theirs.Rpc)).GetProperty("conntime").GetInt64();
            await pair.Theirs.Rpc.CallAsync("generatetodescriptor", 1, DashCorePair.Anyone);
            await pair.AgreeAsync(112);
            Assert.Equal(start, (await DashCorePair.PeerAsync(pair.Theirs.Rpc)).GetProperty("conntime").GetInt64());
        }
        finally
        {
            crowd.ForEach(static peer => peer.Dispose());
        }
    }

    private static byte[] Hash(string text) => [.. Convert.FromHexString(text).Reverse()];

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    // What comes back, without the messages of the greeting and those that say what is new.
    private static async Task<List<string>> AskAsync(int port, string type, byte[] request, int answers)
    {
        using var peer = await RawPeer.GreetAsync(port, Ct);
        await peer.PingAsync(1, Ct);
        await peer.SendAsync(type, request, Ct);
        List<string> told = [];
        while (told.Count < answers)
        {
            var (kind, payload) = await peer.ReceiveAsync(Ct);
            if (kind.StartsWith("cf", StringComparison.Ordinal)) told.Add(kind + " " + Convert.ToHexStringLower(payload));
        }

        return told;
    }
}
