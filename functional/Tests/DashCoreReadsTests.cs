using System.Text.Json;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>A wallet that lived in Dash Core answers every reading method here as there, and there again as before.</summary>
public sealed class DashCoreReadsTests
{
    private const string Passphrase = "open";

    // What only ours say, and what counts from the loading of a wallet.
    private static readonly string[] LeftOut = ["node", "keys_left", "unlocked_until"];

    private static readonly (string Method, object?[] Arguments)[] Reads =
    [
        ("getbalance", []),
        ("getbalance", ["*", 0, true]),
        ("getbalance", ["*", 3, true, null, false]),
        ("getbalances", []),
        ("getunconfirmedbalance", []),
        ("getwalletinfo", []),
        ("listunspent", [0]),
        ("listunspent", [0, 9999999, Array.Empty<string>(), false]),
        ("listlockunspent", []),
        ("listtransactions", ["*", 1000]),
        ("listtransactions", ["shop"]),
        ("listsinceblock", []),
        ("listlabels", []),
        ("listlabels", ["send"]),
        ("getaddressesbylabel", ["shop"]),
        ("getreceivedbylabel", ["shop"]),
        ("getreceivedbylabel", ["shop", 0, true, true]),
        ("listreceivedbyaddress", [0, true, true]),
        ("listreceivedbylabel", [0, true, true]),
        ("listaddressgroupings", []),
        ("listaddressbalances", []),
        ("listaddressbalances", [2]),
        ("listdescriptors", []),
    ];

    [Fact]
    public async Task A_wallet_made_encrypted_used_labelled_and_locked_in_dash_core_reads_the_same_here_and_there_again()
    {
        if (Programs.Dashd is null) Assert.Skip("no dashd: set the environment variable DASHD to its path");
        await using var cluster = await TestCluster.StartAsync(blocks: 105);
        using var directory = new TempDirectory();
        await using var dashd = new TestDashd(directory.Path);
        await dashd.StartAsync();
        await dashd.TakeBlocksAsync(cluster.Node);
        await dashd.Rpc.CallAsync("createwallet", "dave", false, false, Passphrase, true, true, false);
        var dave = dashd.Rpc.Wallet("dave");
        await dave.CallAsync("walletpassphrase", Passphrase, 600);
        var shop = await dave.TextAsync("getnewaddress", "shop");
        foreach (var amount in new[] { 3m, 4.5m, 7m }) await cluster.Alice.TextAsync("sendtoaddress", shop, amount);
        await cluster.MineAsync(3);
        await dashd.TakeBlocksAsync(cluster.Node);
        await dave.CallAsync("setlabel", cluster.MiningAddress, "the miner");
        var paid = await dave.TextAsync("sendtoaddress", cluster.MiningAddress, 1.25m, "for the block", "miner");
        var hex = (await dave.CallAsync("gettransaction", paid)).GetProperty("hex").GetString();
        await cluster.Node.Rpc.CallAsync("sendrawtransaction", hex);
        await cluster.MineAsync(1);
        await dashd.TakeBlocksAsync(cluster.Node);
        var coin = (await dave.CallAsync("listunspent")).EnumerateArray().First();
        await dave.CallAsync("lockunspent", false, new object[] { new Dictionary<string, object?> { ["txid"] = coin.GetProperty("txid"), ["vout"] = coin.GetProperty("vout") } }, true);
        await dave.CallAsync("walletlock");
        var theirs = await AnswersAsync(dave, paid, shop);
        await dashd.StopAsync();

        var home = Path.Combine(dashd.NetworkDirectory, "wallets", "dave");
        var here = Path.Combine(cluster.Wallet.NetworkDirectory, "wallets", "dave");
        Directory.Move(home, here);
        await cluster.Wallet.Rpc.CallAsync("loadwallet", "dave");
        await cluster.Wallet.CaughtUpAsync(cluster.Node, "dave");
        ShouldEqual(theirs, await AnswersAsync(cluster.Wallet.Rpc.Wallet("dave"), paid, shop));
        Assert.Equal(-14, (await cluster.Wallet.Rpc.Wallet("dave").RefusedAsync("walletpassphrase", "shut", 1)).Code);
        await cluster.Wallet.Rpc.Wallet("dave").CallAsync("walletpassphrase", Passphrase, 60);
        await cluster.Wallet.Rpc.Wallet("dave").CallAsync("walletlock");
        await cluster.Wallet.Rpc.CallAsync("unloadwallet", "dave");

        Directory.Move(here, home);
        await dashd.StartAsync();
        await dashd.Rpc.CallAsync("loadwallet", "dave");
        ShouldEqual(theirs, await AnswersAsync(dashd.Rpc.Wallet("dave"), paid, shop));
    }

    [Fact]
    public async Task A_wallet_made_encrypted_used_labelled_and_locked_here_reads_the_same_in_dash_core_as_do_copies_of_either()
    {
        if (Programs.Dashd is null) Assert.Skip("no dashd: set the environment variable DASHD to its path");
        await using var cluster = await TestCluster.StartAsync(blocks: 105);
        using var directory = new TempDirectory();
        await using var dashd = new TestDashd(directory.Path);
        await dashd.StartAsync();
        await cluster.Wallet.Rpc.CallAsync("createwallet", "erin", false, false, Passphrase, true, true, false);
        var erin = cluster.Wallet.Rpc.Wallet("erin");
        await erin.CallAsync("walletpassphrase", Passphrase, 600);
        var shop = await erin.TextAsync("getnewaddress", "shop");
        foreach (var amount in new[] { 3m, 4.5m, 7m }) await cluster.Alice.TextAsync("sendtoaddress", shop, amount);
        await cluster.MineAsync(3);
        await erin.CallAsync("setlabel", cluster.MiningAddress, "the \u00e4 miner");
        var paid = await erin.TextAsync("sendtoaddress", cluster.MiningAddress, 1.25m, "for the block", "miner");
        await cluster.MineAsync(1);
        await cluster.Wallet.CaughtUpAsync(cluster.Node, "erin");
        var coin = (await erin.CallAsync("listunspent")).EnumerateArray().First();
        await erin.CallAsync("lockunspent", false, new object[] { new Dictionary<string, object?> { ["txid"] = coin.GetProperty("txid"), ["vout"] = coin.GetProperty("vout") } }, true);
        await erin.CallAsync("walletlock");
        var ours = await AnswersAsync(erin, paid, shop);
        await dashd.TakeBlocksAsync(cluster.Node);

        // A copy made here, restored there; a copy made there of that, restored here.
        await erin.CallAsync("backupwallet", directory["copy"]);
        await dashd.Rpc.CallAsync("restorewallet", "erin", directory["copy"]);
        ShouldEqual(ours, await AnswersAsync(dashd.Rpc.Wallet("erin"), paid, shop));
        Assert.Equal(-14, (await dashd.Rpc.Wallet("erin").RefusedAsync("walletpassphrase", "shut", 1)).Code);
        await dashd.Rpc.Wallet("erin").CallAsync("walletpassphrase", Passphrase, 60);
        await dashd.Rpc.Wallet("erin").CallAsync("walletlock");
        await dashd.Rpc.Wallet("erin").CallAsync("backupwallet", directory["again"]);
        await cluster.Wallet.Rpc.CallAsync("unloadwallet", "erin");
        Directory.Delete(Path.Combine(cluster.Wallet.NetworkDirectory, "wallets", "erin"), recursive: true);
        await cluster.Wallet.Rpc.CallAsync("restorewallet", "erin", directory["again"]);
        await cluster.Wallet.CaughtUpAsync(cluster.Node, "erin");
        ShouldEqual(ours, await AnswersAsync(cluster.Wallet.Rpc.Wallet("erin"), paid, shop));
    }

    // A passphrase of the words may be missing, and so may the words.
    [Theory]
    [InlineData(false, "")]
    [InlineData(false, "of the words")]
    [InlineData(true, "")]
    public async Task Words_and_keys_encrypted_here_are_read_by_dash_core(bool isFromBirth, string ofWords)
    {
        if (Programs.Dashd is null) Assert.Skip("no dashd: set the environment variable DASHD to its path");
        using var ours = new TempDirectory();
        using var theirs = new TempDirectory();
        await using var node = new TestNode(ours.Path, "-keypool=20", "-mnemonicpassphrase=" + ofWords);
        await using var dashd = new TestDashd(theirs.Path);
        await node.StartAsync();
        await node.Rpc.CallAsync("createwallet", "w", false, false, isFromBirth ? Passphrase : null);
        var wallet = node.Rpc.Wallet("w");
        if (!isFromBirth) await wallet.CallAsync("encryptwallet", Passphrase);
        await wallet.CallAsync("walletpassphrase", Passphrase, 600);
        var single = (await wallet.CallAsync("getdescriptorinfo", "pkh(cNJFgo1driFnPcBdBX8BrJrpxchBWXwXCvNH5SoSkdcF6JXXwHMm)")).GetProperty("checksum").GetString();
        var imported = await wallet.CallAsync("importdescriptors", (object)new object[]
        {
            new Dictionary<string, object?> { ["desc"] = "pkh(cNJFgo1driFnPcBdBX8BrJrpxchBWXwXCvNH5SoSkdcF6JXXwHMm)#" + single, ["timestamp"] = "now" },
        });
        Assert.True(imported[0].GetProperty("success").GetBoolean(), imported.ToString());
        var address = await wallet.TextAsync("getnewaddress");
        var secrets = SecretsOf(await wallet.CallAsync("listdescriptors", true));
        Assert.Equal(3, secrets.Count(line => line.Contains($"\"mnemonicpassphrase\":\"{ofWords}\"", StringComparison.Ordinal)));
        await node.StopAsync();

        Directory.CreateDirectory(Path.Combine(dashd.NetworkDirectory, "wallets"));
        Directory.Move(Path.Combine(node.NetworkDirectory, "wallets", "w"), Path.Combine(dashd.NetworkDirectory, "wallets", "w"));
        await dashd.StartAsync();
        await dashd.Rpc.CallAsync("loadwallet", "w");
        var there = dashd.Rpc.Wallet("w");
        Assert.Equal(-14, (await there.RefusedAsync("walletpassphrase", "shut", 1)).Code);
        await there.CallAsync("walletpassphrase", Passphrase, 600);
        Assert.Equal(secrets, SecretsOf(await there.CallAsync("listdescriptors", true)));
        Assert.NotEqual("", await there.TextAsync("signmessage", address, "a message"));
    }

    private static IEnumerable<string> SecretsOf(JsonElement listed) => listed.GetProperty("descriptors").EnumerateArray().Select(static line => string.Join(
        ' ', line.EnumerateObject().Where(static member => member.Name is "desc" or "mnemonic" or "mnemonicpassphrase").Select(static member => member.ToString())));

    private static void ShouldEqual(IReadOnlyList<string> expected, IReadOnlyList<string> actual)
    {
        for (var i = 0; i < expected.Count; i++) Assert.Equal(expected[i], actual[i]);
    }

    private static async Task<IReadOnlyList<string>> AnswersAsync(RpcConnection wallet, string txid, string address)
    {
        List<string> answers = [];
        foreach (var (method, arguments) in Reads.Append(("gettransaction", [txid, null, true])).Append(("getaddressinfo", [address])).Append(("getreceivedbyaddress", [address])))
        {
            answers.Add($"{method}: {Normal(await wallet.CallAsync(method, arguments), isSorted: method.StartsWith("list", StringComparison.Ordinal) && method != "listtransactions")}");
        }

        return answers;
    }

    // Members in their order, lists that have no order sorted.
    private static string Normal(JsonElement value, bool isSorted) => value.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(',', value.EnumerateObject().Where(static member => !LeftOut.Contains(member.Name))
            .Select(member => $"{member.Name}:{Normal(member.Value, isSorted)}").Order(isSorted ? StringComparer.Ordinal : Unchanged.Instance)) + "}",
        JsonValueKind.Array => "[" + string.Join(",\n", value.EnumerateArray().Select(item => Normal(item, isSorted)).Order(isSorted ? StringComparer.Ordinal : Unchanged.Instance)) + "]",
        _ => value.GetRawText(),
    };

    private sealed class Unchanged : IComparer<string>
    {
        public static Unchanged Instance { get; } = new();

        public int Compare(string? x, string? y) => 0; // ordering is stable
    }
}
