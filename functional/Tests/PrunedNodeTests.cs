using System.Globalization;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>Wallets on a node that prunes: what needs blocks that are gone is refused as dashd refuses it, and all else goes on.</summary>
public sealed class PrunedNodeTests
{
    private const string NotLoaded =
        "Prune: last wallet synchronisation goes beyond pruned data. You need to -reindex (download the whole blockchain again in case of pruned node)";

    private static readonly string[] Pruning = ["-prune=1", "-fastprune", "-txindex=0", "-disablegovernance"];

    [Fact]
    public async Task What_needs_pruned_blocks_is_refused_and_all_else_goes_on()
    {
        using TempDirectory directory = new();
        await using TestNode node = new(directory.Path, ["-disablewallet", "-ipcbind=unix", .. Pruning]);
        await using TestWallet daemon = new(directory.Path);
        await node.StartAsync();
        await daemon.StartAsync();
        foreach (var name in (string[])["alice", "behind"]) await daemon.Rpc.CallAsync("createwallet", name);
        await daemon.Rpc.CallAsync("createwallet", "watch", true);
        await daemon.Rpc.CallAsync("unloadwallet", "behind");
        var (alice, watch) = (daemon.Rpc.Wallet("alice"), daemon.Rpc.Wallet("watch"));
        var address = await alice.TextAsync("getnewaddress");
        await node.MineAsync(720, address);
        await daemon.CaughtUpAsync(node, "alice");
        await daemon.CaughtUpAsync(node, "watch");
        await node.Rpc.CallAsync("pruneblockchain", 400);
        var first = (await node.Rpc.CallAsync("getblockchaininfo")).GetProperty("pruneheight").GetInt32();
        Assert.InRange(first, 300, 401);

        // Rescans: as long as all blocks are there.
        object?[][] refused = [[], [0, 10], [300], [first - 1]];
        foreach (var heights in refused)
        {
            var refusal = await alice.RefusedAsync("rescanblockchain", heights);
            Assert.Equal(
                (-1, "Can't rescan beyond pruned data. Use RPC call getblockchaininfo to determine your pruned height."),
                (refusal.Code, refusal.RpcMessage));
        }

        Assert.Equal(-1, (await alice.RefusedAsync("startwalletjob", "rescan", first - 1)).Code);
        Assert.Equal(720, (await alice.CallAsync("rescanblockchain", first)).GetProperty("stop_height").GetInt32());

        // An import says what it could not look at, and finds what is there.
        var descriptor = (await node.Rpc.CallAsync("getdescriptorinfo", $"addr({address})")).GetProperty("descriptor").GetString();
        var answer = (await watch.CallAsync("importdescriptors", (object)new[] { new Dictionary<string, object?> { ["desc"] = descriptor, ["timestamp"] = 0 } }))[0];
        var header = await node.Rpc.CallAsync("getblockheader", await node.Rpc.TextAsync("getblockhash", first - 1));
        Assert.False(answer.GetProperty("success").GetBoolean());
        Assert.Equal(-1, answer.GetProperty("error").GetProperty("code").GetInt32());
        Assert.StartsWith(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Rescan failed for descriptor with timestamp 0. There was an error reading a block from time {header.GetProperty("time").GetInt64()}, which is after or within 7200 seconds of key creation, and "),
            answer.GetProperty("error").GetProperty("message").GetString(),
            StringComparison.Ordinal);
        var job = (await watch.CallAsync("listwalletjobs"))[0];
        Assert.Equal("failed", job.GetProperty("state").GetString());
        Assert.Equal(answer.GetRawText(), job.GetProperty("result")[0].GetRawText());
        Assert.Equal(720 - first + 1, (await watch.CallAsync("getwalletinfo")).GetProperty("txcount").GetInt32());
        Assert.False((await watch.CallAsync("getwalletinfo")).GetProperty("scanning").GetBoolean());

        // A wallet that stopped below is not loaded.
        var notLoaded = await daemon.Rpc.RefusedAsync("loadwallet", "behind");
        Assert.Equal((-4, $"Wallet loading failed. {NotLoaded}"), (notLoaded.Code, notLoaded.RpcMessage));

        // It is while nobody can say, and waits then; nobody else does.
        Assert.Equal(0, await node.Process!.StopAsync()); // says that it is without governance
        await Wait.Until("the node is missed", async () => await StateAsync(alice) == "disconnected", daemon.LastLog);
        await daemon.Rpc.CallAsync("loadwallet", "behind");
        await node.StartAsync();
        var behind = daemon.Rpc.Wallet("behind");
        await Wait.Until(
            "the wallet says what it waits for",
            async () => (await behind.CallAsync("getwalletinfo")).GetProperty("node").TryGetProperty("waiting", out var waiting)
                && waiting.GetString()!.StartsWith($"the wallet is at height 0 and the node has pruned blocks up to {first - 1}: ", StringComparison.Ordinal),
            daemon.LastLog);
        Assert.Equal("catching up", await StateAsync(behind));
        await node.MineAsync(1, address);
        await daemon.CaughtUpAsync(node, "alice");
        await daemon.Rpc.CallAsync("createwallet", "carol");
        Assert.DoesNotContain("Following the node's chain failed", daemon.ReadLog(), StringComparison.Ordinal);
        await daemon.StopAsync();
        Assert.Equal(0, await node.Process!.StopAsync());

        // A node that is to load it at its start does not start.
        await using TestNode whole = new(directory.Path, ["-wallet=behind", .. Pruning]);
        await whole.LaunchAsync();
        await whole.Process!.WaitForExitAsync("to refuse the wallet");
        Assert.NotEqual(0, whole.Process.ExitCode);
        Assert.Contains($"Error: {NotLoaded}", whole.Process.Output, StringComparison.Ordinal);
        await whole.StartAsync("-nowallet", "-wallet=alice");
        Assert.Equal(721, (await whole.Rpc.CallAsync("getwalletinfo")).GetProperty("lastprocessedblock").GetProperty("height").GetInt32());
        Assert.Equal(0, await whole.Process!.StopAsync());
    }

    private static async Task<string> StateAsync(RpcConnection wallet) =>
        (await wallet.CallAsync("getwalletinfo")).GetProperty("node").GetProperty("state").GetString()!;
}
