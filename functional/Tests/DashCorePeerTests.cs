using System.Text.Json;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>dash-node and Dash Core as peers, over both transports. Runs where the environment variable DASHD names a dashd.</summary>
public sealed class DashCorePeerTests
{
    private const int Long = 3000;
    private const int Chunk = 500;

    [Theory]
    [InlineData("v1", "v1", true)]
    [InlineData("v1", "v2", true)]
    [InlineData("v2", "v1", true)]
    [InlineData("v2", "v2", true)]
    [InlineData("v1", "v1", false)]
    [InlineData("v1", "v2", false)]
    [InlineData("v2", "v1", false)]
    [InlineData("v2", "v2", false)]
    public async Task Each_takes_chain_and_transactions_from_the_other(string ourTransport, string theirTransport, bool isCalledByUs)
    {
        await using var pair = await DashCorePair.StartAsync(ourTransport, theirTransport, [], []);
        await pair.Theirs.Rpc.CallAsync("generatetodescriptor", 110, DashCorePair.Anyone);
        await (isCalledByUs ? pair.ConnectAsync() : pair.ConnectBackAsync());
        await pair.AgreeAsync(110);
        await pair.Ours.Rpc.CallAsync("generatetodescriptor", 5, DashCorePair.Anyone);
        await pair.AgreeAsync(115);
        var spoken = ourTransport == "v2" && theirTransport == "v2" ? "v2" : "v1";
        var (ours, theirs) = (await DashCorePair.PeerAsync(pair.Ours.Rpc), await DashCorePair.PeerAsync(pair.Theirs.Rpc));
        Assert.Equal(spoken, ours.GetProperty("transport_protocol_type").GetString());
        Assert.Equal(spoken, theirs.GetProperty("transport_protocol_type").GetString());
        Assert.Equal(theirs.GetProperty("session_id").GetString(), ours.GetProperty("session_id").GetString());
        Assert.Equal(!isCalledByUs, ours.GetProperty("inbound").GetBoolean());

        await DashCorePair.RelaysAsync(pair.Ours.Rpc, pair.Theirs.Rpc, 1);
        await DashCorePair.RelaysAsync(pair.Theirs.Rpc, pair.Ours.Rpc, 2);
        await pair.Theirs.Rpc.CallAsync("generatetodescriptor", 1, DashCorePair.Anyone);
        await pair.AgreeAsync(116);
        Assert.Equal(0, (await pair.Ours.Rpc.CallAsync("getmempoolinfo")).GetProperty("size").GetInt32());
    }

    [Fact]
    public async Task Calls_about_the_network_have_the_members_of_dash_core_in_its_order()
    {
        await using var pair = await DashCorePair.StartAsync("v2");
        await pair.Theirs.Rpc.CallAsync("generatetodescriptor", 10, DashCorePair.Anyone);
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
        await using var pair = await DashCorePair.StartAsync("v1", Key);
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
        await using var pair = await DashCorePair.StartAsync(transport);
        await pair.Theirs.Rpc.CallAsync("generatetodescriptor", 110, DashCorePair.Anyone);
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
        Assert.Equal(await DashCorePair.CoinsAsync(pair.Theirs.Rpc), await DashCorePair.CoinsAsync(pair.Ours.Rpc));
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task A_sync_goes_on_after_a_restart_and_after_a_kill_in_its_middle(string transport)
    {
        await using var pair = await DashCorePair.StartAsync(transport);
        for (var height = 0; height < Long; height += Chunk)
        {
            await pair.Theirs.Rpc.CallAsync("generatetodescriptor", Chunk, DashCorePair.Anyone);
        }

        await pair.ConnectAsync();
        await pair.MiddleAsync(pair.Ours.Rpc, Long);
        await pair.Ours.StopAsync();
        await pair.Ours.StartAsync();
        Assert.InRange(await pair.Ours.Rpc.IntAsync("getblockcount"), 1, Long - 1);
        await pair.ConnectAsync();
        await pair.MiddleAsync(pair.Ours.Rpc, Long);
        await pair.Ours.KillAsync();
        await pair.Ours.StartAsync();
        Assert.InRange(await pair.Ours.Rpc.IntAsync("getblockcount"), 0, Long - 1);
        await pair.ConnectAsync();
        await pair.AgreeAsync(Long);
        Assert.Equal(await DashCorePair.CoinsAsync(pair.Theirs.Rpc), await DashCorePair.CoinsAsync(pair.Ours.Rpc));

        // The other way round: a dashd that has nothing syncs from us, and is killed meanwhile.
        using TempDirectory directory = new();
        await using TestDashd fresh = new(directory.Path, [.. DashCorePair.Common(Ports.Free()), DashCorePair.V2(transport == "v2")]);
        await pair.PartAsync();
        await fresh.StartAsync();
        await pair.CallAsync(fresh);
        await pair.MiddleAsync(fresh.Rpc, Long);
        await fresh.KillAsync();
        await fresh.StartAsync();
        await pair.CallAsync(fresh);
        await DashCorePair.HasAsync(fresh, Long);
        Assert.Equal(await DashCorePair.CoinsAsync(pair.Ours.Rpc), await DashCorePair.CoinsAsync(fresh.Rpc));
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
}
