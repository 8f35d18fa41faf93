using System.Net;
using System.Net.Sockets;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

public sealed class BadInputTests
{
    [Fact]
    public async Task Bad_requests_get_their_error_and_harm_nothing()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 1);
        foreach (TestDaemon daemon in new TestDaemon[] { cluster.Node, cluster.Wallet })
        {
            using var stranger = RpcConnection.To(daemon.Port, () => "__cookie__:wrong");
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.PostAsync(RpcConnection.Request("uptime"))).Status);

            var (status, body) = await daemon.Rpc.PostAsync("""{"method": "uptime", "params": [""");
            Assert.Equal(HttpStatusCode.InternalServerError, status);
            Assert.Contains("\"code\":-32700,\"message\":\"Parse error\"", body, StringComparison.Ordinal);

            (status, body) = await daemon.Rpc.PostAsync(RpcConnection.Request("nosuchmethod"));
            Assert.Equal(HttpStatusCode.NotFound, status);
            Assert.Contains("\"code\":-32601,\"message\":\"Method not found\"", body, StringComparison.Ordinal);
            Assert.True(await daemon.Rpc.IntAsync("uptime") >= 0);
        }
    }

    [Fact]
    public async Task Numbers_out_of_the_usual_are_answered_at_once()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 3);
        var node = cluster.Node.Rpc;
        var tip = await node.TextAsync("getbestblockhash");
        foreach (var most in new[] { 0, -1, int.MinValue })
        {
            Assert.Equal("[]", (await node.CallAsync("getchaintips", most)).GetRawText());
        }

        foreach (var forNoTime in new[] { -1, int.MinValue })
        {
            Assert.Equal(tip, (await node.CallAsync("waitfornewblock", forNoTime)).GetProperty("hash").GetString());
            Assert.Equal(tip, (await node.CallAsync("waitforblockheight", 1_000, forNoTime)).GetProperty("hash").GetString());
            Assert.Equal(tip, (await node.CallAsync("waitforblock", new string('0', 64), forNoTime)).GetProperty("hash").GetString());
        }

        foreach (var count in new[] { -5, int.MinValue, int.MaxValue })
        {
            Assert.Equal("{}", (await node.CallAsync("masternode", "winners", count)).GetRawText());
        }
    }

    [Fact]
    public async Task Garbage_oversize_and_half_open_bytes_end_their_own_ipc_connection_only()
    {
        await using var cluster = await TestCluster.StartAsync();
        var garbage = new byte[4096];
        new Random(1).NextBytes(garbage);
        byte[][] attacks =
        [
            garbage,
            [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0],                        // 2^32 segments
            [0, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f, 1, 2, 3],               // 16 GiB announced
            [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],            // a null root
        ];
        foreach (var attack in attacks)
        {
            using var socket = await ConnectAsync(cluster.Node.Socket);
            await socket.SendAsync(attack);
            socket.Shutdown(SocketShutdown.Send);
            await DrainAsync(socket);
        }

        using var halfOpen = await ConnectAsync(cluster.Node.Socket);
        await halfOpen.SendAsync(new byte[] { 0, 0, 0, 0, 5, 0 });   // the rest never comes

        await cluster.MineAsync(1);
        await cluster.ShouldAddUp();
        await cluster.Alice.TextAsync("sendtoaddress", await cluster.Bob.TextAsync("getnewaddress"), 1m);
        await cluster.MineAsync(1);
        await cluster.ShouldAddUp();
    }

    [Fact]
    public async Task A_node_of_another_network_is_named_and_not_attached_to()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 3);
        using var other = new TempDirectory();
        await using var stranger = TestProcessOfTestnetWallet(other.Path, cluster.Node.Socket, out var port);

        var log = Path.Combine(other.Path, "testnet3", "wallet-debug.log");
        var cookie = Path.Combine(other.Path, "testnet3", ".cookie-wallet");
        await Wait.Until("the wallet names the wrong network", () => File.Exists(cookie) && ReadShared(log).Contains("is on network regtest", StringComparison.Ordinal), () => stranger.Output);
        Assert.False(stranger.HasExited);
        using var rpc = RpcConnection.To(port, () => File.ReadAllText(cookie).Trim());
        await rpc.CallAsync("createwallet", "t");
        Assert.Equal(0m, await rpc.Wallet("t").AmountAsync("getbalance"));
        await cluster.ShouldAddUp();
    }

    [Fact]
    public async Task A_wallet_file_that_cannot_be_opened_is_refused_and_left_as_it_was()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 1);
        var wallets = Path.Combine(cluster.Wallet.NetworkDirectory, "wallets");
        var truncated = await PutAsync(wallets, "truncated", (await ReadClosedAsync(cluster, wallets))[..3000]);
        var foreign = await PutAsync(wallets, "foreign", System.Text.Encoding.ASCII.GetBytes(new string('x', 5000)));

        var refused = await cluster.Wallet.Rpc.RefusedAsync("loadwallet", "foreign");
        Assert.Equal(-18, refused.Code);
        Assert.Contains("is not in recognized format", refused.RpcMessage, StringComparison.Ordinal);
        refused = await cluster.Wallet.Rpc.RefusedAsync("loadwallet", "truncated");
        Assert.StartsWith("Wallet file verification failed.", refused.RpcMessage, StringComparison.Ordinal);
        Assert.Equal(-35, (await cluster.Wallet.Rpc.RefusedAsync("loadwallet", "alice")).Code);
        Assert.Equal(-18, (await cluster.Wallet.Rpc.RefusedAsync("loadwallet", "nowhere")).Code);

        foreach (var (path, bytes) in new[] { truncated, foreign }) Assert.Equal(bytes, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_wallet_that_another_process_has_open_is_refused()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 1);
        using var other = new TempDirectory();
        await using var second = new TestWallet(other.Path, "-walletdir=" + Path.Combine(cluster.Wallet.NetworkDirectory, "wallets"));
        await second.StartAsync();

        var refused = await second.Rpc.RefusedAsync("loadwallet", "alice");

        Assert.Equal(-4, refused.Code);
        Assert.Contains("SQLiteDatabase: Unable to obtain an exclusive lock on the database, is it being used by another instance of", refused.RpcMessage, StringComparison.Ordinal);
        Assert.True(TestWallet.Owned(await cluster.Alice.CallAsync("getbalances")) > 0);
    }

    private static async Task<byte[]> ReadClosedAsync(TestCluster cluster, string wallets)
    {
        await cluster.Wallet.Rpc.CallAsync("unloadwallet", "bob");
        return await File.ReadAllBytesAsync(Path.Combine(wallets, "bob", "wallet.dat"));
    }

    private static async Task<(string Path, byte[] Bytes)> PutAsync(string wallets, string name, byte[] bytes)
    {
        var folder = Directory.CreateDirectory(Path.Combine(wallets, name));
        var path = Path.Combine(folder.FullName, "wallet.dat");
        await File.WriteAllBytesAsync(path, bytes);
        return (path, bytes);
    }

    private static TestProcess TestProcessOfTestnetWallet(string dataDirectory, string socket, out int port)
    {
        port = Ports.Free();
        return TestProcess.Start(Programs.Wallet, ["-testnet", "-datadir=" + dataDirectory, "-server", "-rpcport=" + port, "-ipcconnect=unix:" + socket, "-keypool=5"]);
    }

    private static string ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    private static async Task<Socket> ConnectAsync(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    private static async Task DrainAsync(Socket socket)
    {
        var buffer = new byte[4096];
        using var patience = new CancellationTokenSource(Wait.Patience);
        try
        {
            while (await socket.ReceiveAsync(buffer, patience.Token) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Reset instead of a clean end: ended all the same.
        }
    }
}
