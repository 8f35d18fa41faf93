namespace Dash.Functional.Framework;

/// <summary>Something a caller asks of a wallet that writes to disk, and how to tell afterwards that it was done whole or not at all.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Run">Asks for it.</param>
/// <param name="Verify">Looks after a kill and a restart; told whether it was answered.</param>
/// <param name="Prepare">What must be there before.</param>
public sealed record DiskOperation(
    string Name, Func<DiskStep, Task> Run, Func<DiskStep, bool, Task>? Verify = null, Func<DiskStep, Task>? Prepare = null)
{
    private const string Old = "old words";
    private const string New = "new words";

    /// <summary>All of them, or those that the environment variable DASH_OPERATIONS names, with commas between.</summary>
    public static IReadOnlyList<DiskOperation> All { get; } = Chosen(
    [
        new("getnewaddress", NewAddressAsync, AddressIsKnownAsync),
        new("setlabel", static step => step.Alice.CallAsync("setlabel", step.To, step.Key), LabelIsKnownAsync),
        new("sendtoaddress", static step => step.Alice.TextAsync("sendtoaddress", step.To, 0.1m), PaidOnceAsync, CountAsync),
        new("sendmany", static step => step.Alice.TextAsync("sendmany", "", new Dictionary<string, object?> { [step.To] = 0.2m }), PaidOnceAsync, CountAsync),
        new("lockunspent", LockAsync),
        new("block", static step => step.MineAsync(1)),
        new("reorganisation of 6 blocks", ReorganiseAsync, Prepare: static async step => step.Answer = await step.Alice.TextAsync("getnewaddress")),
        new("encryptwallet", static step => step.Own.CallAsync("encryptwallet", Old), EncryptedOrNotAsync, static step => step.CreateAsync(null)),
        new("walletpassphrasechange", static step => step.Own.CallAsync("walletpassphrasechange", Old, New), OnePassphraseAsync, static step => step.CreateAsync(Old)),
        new("importdescriptors", ImportAsync, ImportedAsync, WatchAsync),
        new("migrate", static step => step.LoadAsync(), MigratedAsync, static step => step.MakeForeignAsync()),
        new("upgradetohd", static step => step.Own.CallAsync("upgradetohd"), UpgradedOrNotAsync, static step => step.CreateBlankAsync()),
        new("backupwallet", static step => step.Alice.CallAsync("backupwallet", step.BackupFile), BackupIsWholeAsync),
        new("unlock and pay", UnlockAndPayAsync, UnlockedPaidOnceAsync, FundAsync),
        new("loadwallet", static step => step.Cluster.Wallet.Rpc.CallAsync("loadwallet", "bob"), Prepare: static step => step.Cluster.Wallet.Rpc.CallAsync("unloadwallet", "bob")),
        new("createwallet", static step => step.CreateAsync(null), CreatedOrNotAsync),
    ]);

    private static IReadOnlyList<DiskOperation> Chosen(IReadOnlyList<DiskOperation> all) =>
        Environment.GetEnvironmentVariable("DASH_OPERATIONS")?.Split(',') is { } names ? [.. all.Where(operation => names.Contains(operation.Name))] : all;

    private static async Task NewAddressAsync(DiskStep step) => step.Answer = await step.Alice.TextAsync("getnewaddress", step.Key);

    private static async Task AddressIsKnownAsync(DiskStep step, bool answered)
    {
        if (answered)
        {
            var info = await step.Alice.CallAsync("getaddressinfo", step.Answer);
            Assert.True(info.GetProperty("ismine").GetBoolean());
            Assert.Equal(step.Key, info.GetProperty("labels")[0].GetString());
        }

        Assert.NotEqual(step.Answer, await step.Alice.TextAsync("getnewaddress"));
    }

    private static async Task LabelIsKnownAsync(DiskStep step, bool answered)
    {
        if (answered) Assert.Equal(step.Key, (await step.Alice.CallAsync("getaddressinfo", step.To)).GetProperty("labels")[0].GetString());
    }

    private static async Task CountAsync(DiskStep step) => step.Count = await SentAsync(step.Alice);

    // With its key it is there exactly once, whether or not it was answered.
    private static async Task PaidOnceAsync(DiskStep step, bool answered)
    {
        Assert.InRange(await SentAsync(step.Alice) - step.Count, answered ? 1 : 0, 1);
        await step.Operation.Run(step);
        await step.MineAsync(1);
        Assert.Equal(step.Count + 1, await SentAsync(step.Alice));
    }

    private static async Task LockAsync(DiskStep step)
    {
        var coin = (await step.Alice.CallAsync("listunspent"))[0];
        var place = new Dictionary<string, object?> { ["txid"] = coin.GetProperty("txid").GetString(), ["vout"] = coin.GetProperty("vout").GetInt32() };
        await step.Alice.CallAsync("lockunspent", false, new[] { place }, true);
        await step.Alice.CallAsync("lockunspent", true, new[] { place });
    }

    private static async Task ReorganiseAsync(DiskStep step)
    {
        var node = step.Cluster.Node;
        await node.Rpc.CallAsync("invalidateblock", await node.Rpc.TextAsync("getblockhash", await node.Rpc.IntAsync("getblockcount") - 5));
        await step.MineAsync(7, step.Answer); // blocks on the other branch are others
    }

    private static async Task EncryptedOrNotAsync(DiskStep step, bool answered)
    {
        await step.LoadAsync();
        var isEncrypted = (await step.Own.CallAsync("getwalletinfo")).TryGetProperty("unlocked_until", out _);
        Assert.True(isEncrypted || !answered);
        if (isEncrypted) await step.Own.CallAsync("walletpassphrase", Old, 60);
        await step.ShouldSignAsync();
    }

    private static async Task OnePassphraseAsync(DiskStep step, bool answered)
    {
        await step.LoadAsync();
        var opens = 0;
        foreach (var words in (string[])[Old, New])
        {
            try
            {
                await step.Own.CallAsync("walletpassphrase", words, 60);
                opens++;
                Assert.True(words == New || !answered);
            }
            catch (RpcException refused) when (refused.Code == -14)
            {
                // Not this one.
            }
        }

        Assert.Equal(1, opens);
        await step.ShouldSignAsync();
    }

    private static async Task ImportAsync(DiskStep step)
    {
        var wanted = new Dictionary<string, object?> { ["desc"] = step.Descriptor, ["timestamp"] = 0 };
        var answer = (await step.Own.CallAsync("importdescriptors", (object)new[] { wanted }))[0];
        if (!answer.GetProperty("success").GetBoolean())
        {
            var error = answer.GetProperty("error");
            throw new RpcException("importdescriptors", error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString() ?? "");
        }
    }

    private static async Task WatchAsync(DiskStep step)
    {
        await step.CreateWatchingAsync();
        await step.Alice.TextAsync("sendtoaddress", step.Watched, 0.1m);
        await step.MineAsync(1);
    }

    // What was taken in is looked for, without anybody asking again.
    private static async Task ImportedAsync(DiskStep step, bool answered)
    {
        await step.LoadAsync();
        var isThere = (await step.Own.CallAsync("getaddressinfo", step.Watched)).GetProperty("ismine").GetBoolean();
        Assert.True(isThere || !answered);
        if (isThere)
        {
            await Wait.Until("its payments are found", async () => await step.Own.AmountAsync("getbalance") > 0, step.Cluster.Wallet.LastLog);
            Assert.Contains(
                (await step.Own.CallAsync("listwalletjobs")).EnumerateArray(),
                static job => job.TryGetProperty("result", out var result) && result[0].GetProperty("success").GetBoolean());
        }

        // A search that was cut off goes on by itself, and another one waits for its end.
        await Wait.Until("no search is under way", async () => (await step.Own.CallAsync("listwalletjobs")).EnumerateArray()
            .All(static job => job.GetProperty("state").GetString() != "running"), step.Cluster.Wallet.LastLog);
        await ImportAsync(step);
        Assert.True((await step.Own.CallAsync("getaddressinfo", step.Watched)).GetProperty("ismine").GetBoolean());
    }

    private static async Task MigratedAsync(DiskStep step, bool answered)
    {
        await step.LoadAsync();
        await step.Cluster.Wallet.CaughtUpAsync(step.Cluster.Node, step.WalletName);
        Assert.Equal(
            TestWallet.Owned(await step.Cluster.Alice.CallAsync("getbalances")), TestWallet.Owned(await step.Own.CallAsync("getbalances")));
        await step.Cluster.Wallet.Rpc.CallAsync("unloadwallet", step.WalletName);
    }

    private static async Task UpgradedOrNotAsync(DiskStep step, bool answered)
    {
        await step.LoadAsync();
        var hasKeys = (await step.Own.CallAsync("listdescriptors")).GetProperty("descriptors").GetArrayLength() > 0;
        Assert.True(hasKeys || !answered);
        if (!hasKeys) await step.Own.CallAsync("upgradetohd");
        await step.ShouldSignAsync();
    }

    private static async Task BackupIsWholeAsync(DiskStep step, bool answered)
    {
        Assert.True(File.Exists(step.BackupFile) || !answered);
        if (File.Exists(step.BackupFile))
        {
            await step.Cluster.Wallet.Rpc.CallAsync("restorewallet", step.WalletName, step.BackupFile);
            Assert.True((await step.Own.CallAsync("getaddressinfo", step.Cluster.MiningAddress)).GetProperty("ismine").GetBoolean());
        }
    }

    private static async Task FundAsync(DiskStep step)
    {
        await step.CreateAsync(Old);
        await step.Alice.TextAsync("sendtoaddress", step.OwnAddress, 5m);
        await step.MineAsync(1);
        await step.Cluster.Wallet.CaughtUpAsync(step.Cluster.Node, step.WalletName);
    }

    private static async Task UnlockAndPayAsync(DiskStep step)
    {
        await step.Own.CallAsync("walletpassphrase", Old, 600);
        await step.Own.TextAsync("sendtoaddress", step.To, 0.3m);
    }

    private static async Task UnlockedPaidOnceAsync(DiskStep step, bool answered)
    {
        await step.LoadAsync();
        await step.Cluster.Wallet.CaughtUpAsync(step.Cluster.Node, step.WalletName);
        Assert.InRange(await SentAsync(step.Own), answered ? 1 : 0, 1);
        await UnlockAndPayAsync(step);
        await step.MineAsync(1);
        Assert.Equal(1, await SentAsync(step.Own));
        await step.ReturnAsync();
    }

    private static async Task CreatedOrNotAsync(DiskStep step, bool answered)
    {
        try
        {
            await step.LoadAsync();
        }
        catch (RpcException refused) when (!answered && refused.Code == -18)
        {
            await step.CreateAsync(null);
        }

        await step.ShouldSignAsync();
    }

    private static async Task<int> SentAsync(RpcConnection wallet) => (await wallet.CallAsync("listtransactions", "*", 100_000))
        .EnumerateArray().Where(static entry => entry.GetProperty("category").GetString() == "send")
        .Select(static entry => entry.GetProperty("txid").GetString()).Distinct().Count();
}
