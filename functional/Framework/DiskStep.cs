namespace Dash.Functional.Framework;

/// <summary>One try of one operation: whom it concerns and what was found before.</summary>
public sealed class DiskStep(TestCluster cluster, DiskOperation operation, string to, string key)
{
    public TestCluster Cluster => cluster;

    public DiskOperation Operation => operation;

    /// <summary>An address of bob.</summary>
    public string To => to;

    /// <summary>The caller's name for what it asks.</summary>
    public string Key => key;

    /// <summary>A wallet of this step alone.</summary>
    public string WalletName => "w" + key.Replace(' ', '-');

    public RpcConnection Alice => cluster.Alice.WithMember("idempotency_key", key);

    public RpcConnection Own => cluster.Wallet.Rpc.Wallet(WalletName).WithMember("idempotency_key", key);

    public string BackupFile => Path.Combine(cluster.DataDirectory, WalletName + ".backup");

    public string Answer { get; set; } = "";

    public string OwnAddress { get; private set; } = "";

    public string Descriptor { get; private set; } = "";

    /// <summary>The address that the descriptor is of: one of bob's that nobody has paid before.</summary>
    public string Watched { get; private set; } = "";

    public int Count { get; set; }

    /// <summary>Makes the step's wallet, with a passphrase or without.</summary>
    public async Task CreateAsync(string? passphrase)
    {
        await cluster.Wallet.Rpc.CallAsync("createwallet", WalletName, false, false, passphrase ?? "");
        OwnAddress = await Own.TextAsync("getnewaddress");
    }

    public async Task CreateWatchingAsync()
    {
        await cluster.Wallet.Rpc.CallAsync("createwallet", WalletName, true, true);
        Watched = await cluster.Bob.TextAsync("getnewaddress");
        Descriptor = (await cluster.Bob.CallAsync("getaddressinfo", Watched)).GetProperty("desc").GetString()!; // bob's own has one
    }

    public Task CreateBlankAsync() => cluster.Wallet.Rpc.CallAsync("createwallet", WalletName, false, true);

    /// <summary>Makes a wallet file of alice's records that has none of our tables yet: as another program would have left it.</summary>
    public async Task MakeForeignAsync()
    {
        var dump = Path.Combine(cluster.DataDirectory, WalletName + ".dump");
        await cluster.Wallet.Rpc.CallAsync("unloadwallet", "alice");
        foreach (var (wallet, command) in ((string, string)[])[("alice", "dump"), (WalletName, "createfromdump")])
        {
            var (code, _, error) = await TestProcess.RunAsync(
                Programs.Wallet, null, "-regtest", "-datadir=" + cluster.DataDirectory, "-wallet=" + wallet, "-dumpfile=" + dump, command);
            Assert.True(code == 0, error);
        }

        await cluster.Wallet.Rpc.CallAsync("loadwallet", "alice");
    }

    /// <summary>Loads the step's wallet unless it is.</summary>
    public async Task LoadAsync()
    {
        if (!(await cluster.Wallet.Rpc.CallAsync("listwallets")).EnumerateArray().Any(name => name.GetString() == WalletName))
        {
            await cluster.Wallet.Rpc.CallAsync("loadwallet", WalletName);
        }
    }

    /// <summary>The wallet has its keys, and has given out what it gave out.</summary>
    public async Task ShouldSignAsync()
    {
        var address = await Own.TextAsync("getnewaddress");
        Assert.NotEqual(OwnAddress, address);
        Assert.NotEmpty(await Own.TextAsync("signmessage", OwnAddress.Length > 0 ? OwnAddress : address, "text"));
    }

    /// <summary>Mines to alice and waits until the wallet has the blocks, or is gone.</summary>
    public async Task MineAsync(int blocks, string? address = null)
    {
        await cluster.Node.MineAsync(blocks, address ?? cluster.MiningAddress);
        await Wait.Until("the blocks are stored, or the wallet is gone", async () => cluster.Wallet.Process!.HasExited
            || await cluster.Wallet.TipAsync("alice") == await cluster.Node.Rpc.TextAsync("getbestblockhash"));
    }

    /// <summary>Gives everything in the step's wallet back to alice, so that sums stay those of two wallets.</summary>
    public async Task ReturnAsync()
    {
        await cluster.Wallet.Rpc.Wallet(WalletName).CallAsync(
            "sendtoaddress", cluster.MiningAddress, await Own.AmountAsync("getbalance"), "", "", true);
        await MineAsync(1);
    }
}
