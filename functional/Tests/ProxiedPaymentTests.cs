using System.Diagnostics;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

public sealed class ProxiedPaymentTests
{
    [Fact]
    public async Task A_node_that_spawned_its_wallet_takes_wallet_calls_on_its_own_port()
    {
        using var directory = new TempDirectory();
        await using var node = new TestNode(directory.Path, "-keypool=20");
        await node.StartAsync();
        await node.Rpc.CallAsync("createwallet", "alice");
        await node.Rpc.CallAsync("createwallet", "bob");
        var alice = node.Rpc.Wallet("alice");
        var bob = node.Rpc.Wallet("bob");
        var mining = await alice.TextAsync("getnewaddress");
        await node.MineAsync(101, mining);
        Assert.True(await alice.AmountAsync("getbalance") > 0);   // at once: the node says which sequence the call must see

        var txid = await alice.TextAsync("sendtoaddress", await bob.TextAsync("getnewaddress"), 2.5m);
        Assert.Contains(txid, (await node.Rpc.CallAsync("getrawmempool")).EnumerateArray().Select(id => id.GetString()));
        await node.MineAsync(1, mining);

        Assert.Equal(2.5m, await bob.AmountAsync("getbalance"));
        var owned = TestWallet.Owned(await alice.CallAsync("getbalances")) + TestWallet.Owned(await bob.CallAsync("getbalances"));
        Assert.Equal(await node.ExistingAsync(), owned);
        await node.StopAsync();
    }

    [Fact]
    public async Task Direct_and_proxied_calls_answer_the_same_bytes()
    {
        using var directory = new TempDirectory();
        await using var node = new TestNode(directory.Path, "-keypool=20");
        await node.StartAsync();
        await node.Rpc.CallAsync("createwallet", "alice");
        var alice = node.Rpc.Wallet("alice");
        var mining = await alice.TextAsync("getnewaddress", "mining");
        await node.MineAsync(103, mining);
        var txid = await alice.TextAsync("sendtoaddress", mining, 2.5m, "to myself");
        await node.MineAsync(1, mining);
        string[] requests =
        [
            RpcConnection.Request("getbalance"),
            RpcConnection.Request("getbalances"),
            RpcConnection.Request("listunspent"),
            RpcConnection.Request("listtransactions", "*", 20),
            RpcConnection.Request("gettransaction", txid, true, true),
            RpcConnection.Request("listsinceblock"),
            RpcConnection.Request("getaddressinfo", mining),
            RpcConnection.Request("getaddressesbylabel", "mining"),
            RpcConnection.Request("listdescriptors"),
            RpcConnection.Request("listlockunspent"),
            RpcConnection.Request("listwallets"),
            RpcConnection.Request("getaddressesbylabel", "nobody"),
            RpcConnection.Request("getbalance", 1, 2, 3, 4, 5, 6, 7),
            RpcConnection.Request("gettransaction", "00"),
            RpcConnection.Request("help", "sendtoaddress"),
            """{"method":"getbalance","params":{"minconf":1,"nonsense":2},"id":"x"}""",
        ];
        await Wait.Until("the wallet has stored the last block", async () => (await alice.CallAsync("gettransaction", txid)).GetProperty("confirmations").GetInt32() == 1);
        var proxied = new List<(System.Net.HttpStatusCode, string)>();
        foreach (var request in requests) proxied.Add(await alice.PostAsync(request));
        await node.StopAsync();

        await using var apart = new TestNode(directory.Path, "-disablewallet", "-ipcbind=unix");
        await using var wallet = new TestWallet(directory.Path);
        await apart.StartAsync();
        await wallet.StartAsync();
        await wallet.Rpc.CallAsync("loadwallet", "alice");
        await wallet.CaughtUpAsync(apart, "alice");
        for (var i = 0; i < requests.Length; i++)
        {
            var direct = await wallet.Rpc.Wallet("alice").PostAsync(requests[i]);
            Assert.True(proxied[i] == direct, $"{requests[i]}\nproxied: {proxied[i]}\ndirect:  {direct}");
        }

        await wallet.StopAsync();
        await apart.StopAsync();
    }

    [Fact]
    public async Task Without_a_wallet_the_node_does_not_know_wallet_methods()
    {
        using var directory = new TempDirectory();
        await using var node = new TestNode(directory.Path, "-disablewallet");
        await node.StartAsync();

        var refused = await node.Rpc.RefusedAsync("getbalance");

        Assert.Equal(-32601, refused.Code);
        Assert.Equal("Method not found", refused.RpcMessage);
        await node.StopAsync();
    }

    [Fact]
    public async Task A_spawned_wallet_ends_with_its_killed_node()
    {
        using var directory = new TempDirectory();
        await using var node = new TestNode(directory.Path, "-keypool=20");
        await node.StartAsync();
        await node.Rpc.CallAsync("createwallet", "alice");
        var child = Children(node.Process!.Id).Single();

        await node.KillAsync();

        await Wait.Until("the wallet process has ended", () => !Directory.Exists($"/proc/{child}") || State(child) == 'Z');
        await node.StartAsync();
        await node.Rpc.CallAsync("loadwallet", "alice");
        await node.StopAsync();
    }

    private static char State(int pid) => Stat(pid) is [var state, ..] ? state[0] : 'Z';

    // Those of other tests come and go meanwhile.
    private static IEnumerable<int> Children(int pid) => Process.GetProcessesByName("dash-wallet")
        .Select(static process => process.Id)
        .Where(id => Stat(id) is [_, var parent, ..] && parent == pid.ToString(System.Globalization.CultureInfo.InvariantCulture));

    // The words behind the name: the state, the parent; none when it has ended.
    private static string[] Stat(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }
}
