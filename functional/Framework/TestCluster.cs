namespace Dash.Functional.Framework;

/// <summary>
/// A node without keys and a wallet daemon attached to it over a unix socket, with a wallet "alice" that owns every
/// coin mined so far and a wallet "bob" that owns nothing.
/// </summary>
public sealed class TestCluster : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();

    private TestCluster(string[] walletOptions, DiskFaults? disk)
    {
        Node = new TestNode(_directory.Path, "-disablewallet", "-ipcbind=unix");
        Wallet = new TestWallet(_directory.Path, walletOptions) { Variables = disk?.Variables };
    }

    public TestNode Node { get; }

    public TestWallet Wallet { get; }

    public string DataDirectory => _directory.Path;

    public RpcConnection Alice => Wallet.Rpc.Wallet("alice");

    public RpcConnection Bob => Wallet.Rpc.Wallet("bob");

    /// <summary>Where blocks are mined to: an address of alice.</summary>
    public string MiningAddress { get; private set; } = "";

    public static Task<TestCluster> StartAsync(int blocks = 105, params string[] walletOptions) => StartAsync(blocks, null, walletOptions);

    /// <summary>The same with a wallet daemon whose disk can be made to fail.</summary>
    public static async Task<TestCluster> StartAsync(int blocks, DiskFaults? disk, params string[] walletOptions)
    {
        var cluster = new TestCluster(walletOptions, disk);
        try
        {
            await cluster.Node.StartAsync();
            await cluster.Wallet.StartAsync();
            await cluster.Wallet.Rpc.CallAsync("createwallet", "alice");
            await cluster.Wallet.Rpc.CallAsync("createwallet", "bob");
            cluster.MiningAddress = await cluster.Alice.TextAsync("getnewaddress");
            await cluster.MineAsync(blocks);

            // A call waits for the wallet, but not for ever: on a busy machine so many blocks may take longer.
            await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public Task MineAsync(int blocks) => Node.MineAsync(blocks, MiningAddress);

    /// <summary>Starts the wallet daemon again, with the wallets it had.</summary>
    public async Task RestartWalletAsync()
    {
        await Wallet.StartAsync();
        foreach (var name in (string[])["alice", "bob"])
        {
            await Wallet.Rpc.CallAsync("loadwallet", name);
        }
    }

    /// <summary>Every coin was mined to alice, so what the wallets own is what exists, to the duff.</summary>
    public async Task ShouldAddUp()
    {
        await Wallet.CaughtUpAsync(Node, "alice");
        await Wallet.CaughtUpAsync(Node, "bob");
        var owned = TestWallet.Owned(await Alice.CallAsync("getbalances")) + TestWallet.Owned(await Bob.CallAsync("getbalances"));
        Assert.Equal(await Node.ExistingAsync(), owned);
    }

    public async ValueTask DisposeAsync()
    {
        await Wallet.DisposeAsync();
        await Node.DisposeAsync();
        _directory.Dispose();
    }
}
