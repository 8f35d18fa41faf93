using System.Text.Json;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>Many small coins are joined, and the smallest are set aside where the user wants it.</summary>
public sealed class SmallCoinTests
{
    [Fact]
    public async Task Small_coins_are_joined_and_dust_is_set_aside_until_it_is_freed()
    {
        await using var cluster = await TestCluster.StartAsync(103, "-quarantinedust=0.001", "-spoolsends");
        var bob = cluster.Bob;
        Dictionary<string, object?> amounts = [];
        for (var i = 0; i < 12; i++) amounts[await bob.TextAsync("getnewaddress")] = i < 2 ? 0.0005m : 0.01m;
        await cluster.Alice.TextAsync("sendmany", "", amounts);
        await cluster.MineAsync(1);
        await cluster.Wallet.CaughtUpAsync(cluster.Node, "bob");

        // Two of twelve are dust: counted, shown, told of, and not spent.
        var balances = (await bob.CallAsync("getbalances")).GetProperty("mine");
        Assert.Equal((0.101m, 0.001m), (balances.GetProperty("trusted").GetDecimal(), balances.GetProperty("quarantined").GetDecimal()));
        Assert.Equal(10, (await bob.CallAsync("listunspent")).GetArrayLength());
        var dust = (await bob.CallAsync("listquarantine")).EnumerateArray().ToList();
        Assert.Equal([0.0005m, 0.0005m], dust.Select(static coin => coin.GetProperty("amount").GetDecimal()));
        Assert.All(dust, coin => Assert.Equal(0.0005m, amounts[coin.GetProperty("address").GetString()!]));
        Assert.Contains((await bob.CallAsync("waitforwalletevent", 0, 0)).GetProperty("events").EnumerateArray(), static line => line.GetProperty("type").GetString() == "quarantined");

        Dictionary<string, object?> dry = new() { ["dry_run"] = true };
        var plan = await bob.CallAsync("consolidatecoins", 0.01m, null, dry);
        Assert.Equal((10, 0), (plan.GetProperty("inputs").GetInt32(), plan.GetProperty("remaining").GetInt32()));
        Assert.False(plan.TryGetProperty("txid", out _));
        Assert.Equal(0.1m, plan.GetProperty("amount").GetDecimal() + plan.GetProperty("fee").GetDecimal());
        Assert.Equal(10, (await bob.CallAsync("listunspent")).GetArrayLength());
        Assert.Equal(-6, (await bob.RefusedAsync("consolidatecoins", 0.001m)).Code);
        Assert.Equal(-5, (await bob.RefusedAsync("consolidatecoins", 0.01m, cluster.MiningAddress)).Code);
        Assert.Equal(-5, (await bob.RefusedAsync("consolidatecoins", 0.01m, "nonsense")).Code);
        Assert.Equal(-3, (await bob.RefusedAsync("consolidatecoins", 0m)).Code);
        Assert.Equal(-8, (await bob.RefusedAsync("consolidatecoins", 0.01m, null, new Dictionary<string, object?> { ["max_inputs"] = 1 })).Code);

        // In two steps, the second without a node: it is spooled and sent when there is one.
        var first = await bob.CallAsync("consolidatecoins", 0.01m, amounts.Keys.First(), new Dictionary<string, object?> { ["max_inputs"] = 4, ["fee_rate"] = 2 });
        Assert.Equal((4, 6), (first.GetProperty("inputs").GetInt32(), first.GetProperty("remaining").GetInt32()));
        await cluster.Node.StopAsync();
        await Wait.Until("the node is gone", async () => (await bob.CallAsync("getwalletinfo")).GetProperty("node").GetProperty("state").GetString() == "disconnected");
        var second = await bob.CallAsync("consolidatecoins", 0.01m);
        Assert.Equal((6, 0), (second.GetProperty("inputs").GetInt32(), second.GetProperty("remaining").GetInt32()));
        await cluster.Node.StartAsync();
        await Wait.Until("both are in the mempool", async () => (await cluster.Node.Rpc.CallAsync("getrawmempool")).EnumerateArray()
            .Select(static id => id.GetString()).Order().SequenceEqual(Ids(first, second)), cluster.Wallet.LastLog);
        await cluster.MineAsync(1);
        await cluster.Wallet.CaughtUpAsync(cluster.Node, "bob");
        Assert.Equal(Ids(first, second), (await bob.CallAsync("listunspent")).EnumerateArray().Select(static coin => coin.GetProperty("txid").GetString()).Order());

        // What is freed stays free, also when it is looked for again.
        await bob.CallAsync("lockunspent", true, new[] { new Dictionary<string, object?> { ["txid"] = dust[0].GetProperty("txid"), ["vout"] = dust[0].GetProperty("vout") } });
        await bob.CallAsync("rescanblockchain");
        await bob.CallAsync("unloadwallet");
        await cluster.Wallet.Rpc.CallAsync("loadwallet", "bob");
        Assert.Equal(dust[1].GetRawText().Split(',')[1], Assert.Single((await bob.CallAsync("listquarantine")).EnumerateArray()).GetRawText().Split(',')[1]);
        Assert.Equal(3, (await bob.CallAsync("listunspent")).GetArrayLength());
        await cluster.ShouldAddUp();
    }

    private static IEnumerable<string?> Ids(JsonElement first, JsonElement second) =>
        new[] { first.GetProperty("txid").GetString(), second.GetProperty("txid").GetString() }.Order();
}
