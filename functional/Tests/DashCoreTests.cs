using System.Text.Json;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>Wallet files go both ways between Dash Core and ours. Runs where the environment variable DASHD names a dashd.</summary>
public sealed class DashCoreTests
{
    // What both must answer alike about the same wallet and chain; times of reception differ by nature.
    private static readonly string[] Compared = ["address", "category", "amount", "label", "vout", "fee", "confirmations", "blockhash", "blockheight", "txid", "comment", "to"];

    [Fact]
    public async Task Dash_core_loads_our_wallet_and_shows_the_same_and_back()
    {
        if (Programs.Dashd is null) Assert.Skip("no dashd: set the environment variable DASHD to its path");
        await using var cluster = await TestCluster.StartAsync(blocks: 105);
        var shop = await cluster.Bob.TextAsync("getnewaddress", "shop");
        await cluster.Alice.TextAsync("sendtoaddress", shop, 3.5m, "a comment", "someone");
        await cluster.MineAsync(2);
        await cluster.ShouldAddUp();
        var ours = await AnswersAsync(cluster.Alice);
        var oursBob = await AnswersAsync(cluster.Bob);

        using var directory = new TempDirectory();
        await using var dashd = new TestDashd(directory.Path);
        await dashd.StartAsync();
        await dashd.TakeBlocksAsync(cluster.Node);
        await cluster.Wallet.StopAsync();
        MoveWallets(cluster.Wallet.NetworkDirectory, dashd.NetworkDirectory);
        await dashd.Rpc.CallAsync("loadwallet", "alice");
        await dashd.Rpc.CallAsync("loadwallet", "bob");
        Assert.Equal(ours, await AnswersAsync(dashd.Rpc.Wallet("alice")));
        Assert.Equal(oursBob, await AnswersAsync(dashd.Rpc.Wallet("bob")));

        // dashd spends from it, then it comes home.
        var nextInDashd = await dashd.Rpc.Wallet("bob").TextAsync("getnewaddress");
        var txid = await dashd.Rpc.Wallet("alice").TextAsync("sendtoaddress", nextInDashd, 1.25m);
        var raw = (await dashd.Rpc.Wallet("alice").CallAsync("gettransaction", txid)).GetProperty("hex").GetString();
        await dashd.StopAsync();
        MoveWallets(dashd.NetworkDirectory, cluster.Wallet.NetworkDirectory);
        await cluster.Wallet.StartAsync();
        await cluster.Wallet.Rpc.CallAsync("loadwallet", "alice");
        await cluster.Wallet.Rpc.CallAsync("loadwallet", "bob");
        await Wait.Until("the payment made in dashd is offered to our node", async () =>
            (await cluster.Node.Rpc.CallAsync("getrawmempool")).EnumerateArray().Any(id => id.GetString() == txid), cluster.Wallet.LastLog);
        Assert.Equal(raw, await cluster.Node.Rpc.TextAsync("getrawtransaction", txid));
        await cluster.MineAsync(1);
        await cluster.ShouldAddUp();
        Assert.Equal(4.75m, await cluster.Bob.AmountAsync("getbalance"));
        Assert.NotEqual(nextInDashd, await cluster.Bob.TextAsync("getnewaddress"));
    }

    [Fact]
    public async Task A_wallet_that_dash_core_made_opens_here_with_the_same_answers()
    {
        if (Programs.Dashd is null) Assert.Skip("no dashd: set the environment variable DASHD to its path");
        await using var cluster = await TestCluster.StartAsync(blocks: 101);
        using var directory = new TempDirectory();
        await using var dashd = new TestDashd(directory.Path);
        await dashd.StartAsync();
        await dashd.Rpc.CallAsync("createwallet", "carol", false, false, "", false, true, false);
        var carol = dashd.Rpc.Wallet("carol");
        await cluster.Alice.TextAsync("sendtoaddress", await carol.TextAsync("getnewaddress", "from alice"), 9m);
        await cluster.MineAsync(1);
        await dashd.TakeBlocksAsync(cluster.Node);
        var theirs = await AnswersAsync(carol);
        Assert.Equal(9m, await carol.AmountAsync("getbalance"));
        await dashd.StopAsync();

        Directory.Move(Path.Combine(dashd.NetworkDirectory, "wallets", "carol"), Path.Combine(cluster.Wallet.NetworkDirectory, "wallets", "carol"));
        await cluster.Wallet.Rpc.CallAsync("loadwallet", "carol");
        await cluster.Wallet.CaughtUpAsync(cluster.Node, "carol");

        Assert.Equal(theirs, await AnswersAsync(cluster.Wallet.Rpc.Wallet("carol")));
        await cluster.Wallet.Rpc.Wallet("carol").TextAsync("sendtoaddress", cluster.MiningAddress, 4m);
        await cluster.MineAsync(1);
        await cluster.Wallet.CaughtUpAsync(cluster.Node, "carol");
        await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
    }

    private static async Task<string> AnswersAsync(RpcConnection wallet)
    {
        var balances = (await wallet.CallAsync("getbalances")).GetProperty("mine");
        var descriptors = (await wallet.CallAsync("listdescriptors", true)).GetProperty("descriptors").EnumerateArray()
            .Select(d => d.GetProperty("desc").GetString() + " next " + d.GetProperty("next")).Order(StringComparer.Ordinal);
        var history = (await wallet.CallAsync("listtransactions", "*", 1000)).EnumerateArray().Select(Line).Order(StringComparer.Ordinal);
        var coins = (await wallet.CallAsync("listunspent", 0)).EnumerateArray()
            .Select(c => c.GetProperty("txid").GetString() + ":" + c.GetProperty("vout") + " " + c.GetProperty("address").GetString() + " " + c.GetProperty("amount").GetRawText())
            .Order(StringComparer.Ordinal);
        return string.Join('\n', ["trusted " + balances.GetProperty("trusted").GetRawText(), "immature " + balances.GetProperty("immature").GetRawText(), .. descriptors, .. history, .. coins]);
    }

    private static string Line(JsonElement entry) => string.Join(' ',
        Compared.Select(name => entry.TryGetProperty(name, out var value) ? name + "=" + value.GetRawText() : ""));

    private static void MoveWallets(string from, string to)
    {
        foreach (var name in new[] { "alice", "bob" })
        {
            var target = Path.Combine(to, "wallets", name);
            if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            Directory.Move(Path.Combine(from, "wallets", name), target);
            Assert.Equal(["wallet.dat"], Directory.GetFiles(target).Select(Path.GetFileName).Where(file => file!.StartsWith("wallet.dat", StringComparison.Ordinal)));
        }
    }
}
