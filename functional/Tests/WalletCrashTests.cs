using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

public sealed class WalletCrashTests
{
    [Fact]
    public async Task A_killed_wallet_comes_back_with_every_payment_it_had_answered()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 110);
        var address = await cluster.Bob.TextAsync("getnewaddress");
        var answered = new List<string>();
        var paying = Task.Run(async () =>
        {
            while (true) answered.Add(await cluster.Alice.TextAsync("sendtoaddress", address, 0.1m));
        }, TestContext.Current.CancellationToken);
        await Wait.Until("some payments are answered", () => answered.Count >= 8 || paying.IsFaulted);

        await cluster.Wallet.KillAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => paying);
        await cluster.Wallet.StartAsync();
        await cluster.Wallet.Rpc.CallAsync("loadwallet", "alice");
        await cluster.Wallet.Rpc.CallAsync("loadwallet", "bob");

        foreach (var txid in answered)
        {
            Assert.Equal(-0.1m, (await cluster.Alice.CallAsync("gettransaction", txid)).GetProperty("amount").GetDecimal());
        }

        // A payment stored but not yet broadcast when the wallet died is broadcast now: then all meets.
        var known = (await cluster.Alice.CallAsync("listtransactions", "*", 1000)).EnumerateArray()
            .Where(entry => entry.GetProperty("category").GetString() == "send").Select(entry => entry.GetProperty("txid").GetString()!).ToHashSet();
        await Wait.Until("every payment the wallet knows is in the mempool", async () =>
            known.SetEquals((await cluster.Node.Rpc.CallAsync("getrawmempool")).EnumerateArray().Select(id => id.GetString()!)), cluster.Wallet.LastLog);
        await cluster.MineAsync(1);
        await cluster.ShouldAddUp();
        Assert.Equal(0.1m * known.Count, await cluster.Bob.AmountAsync("getbalance"));
    }

    [Fact]
    public async Task An_address_that_was_given_out_is_never_given_out_again()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 1);
        var given = new HashSet<string>();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 5; i++) Assert.True(given.Add(await cluster.Bob.TextAsync("getnewaddress")));
            await cluster.Wallet.KillAsync();
            await cluster.Wallet.StartAsync();
            await cluster.Wallet.Rpc.CallAsync("loadwallet", "bob");
        }
    }

    [Fact]
    public async Task A_backup_opens_as_a_wallet_with_the_same_coins()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 101);
        var backup = Path.Combine(cluster.DataDirectory, "backup.dat");
        await cluster.Alice.CallAsync("backupwallet", backup);
        var copy = Path.Combine(cluster.Wallet.NetworkDirectory, "wallets", "copy");
        Directory.CreateDirectory(copy);
        File.Copy(backup, Path.Combine(copy, "wallet.dat"));

        await cluster.Wallet.Rpc.CallAsync("unloadwallet", "alice");
        await cluster.Wallet.Rpc.CallAsync("loadwallet", "copy");

        await cluster.Wallet.CaughtUpAsync(cluster.Node, "copy");
        Assert.Equal(await cluster.Node.ExistingAsync(), TestWallet.Owned(await cluster.Wallet.Rpc.Wallet("copy").CallAsync("getbalances")));
    }
}
