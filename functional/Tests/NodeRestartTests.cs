using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

public sealed class NodeRestartTests
{
    [Fact]
    public async Task The_wallet_answers_all_along_while_its_node_is_killed_and_comes_back()
    {
        await using var cluster = await TestCluster.StartAsync();
        var address = await cluster.Bob.TextAsync("getnewaddress");
        await cluster.Alice.TextAsync("sendtoaddress", address, 5m);
        await cluster.MineAsync(1);
        await cluster.Wallet.CaughtUpAsync(cluster.Node, "bob");

        using var done = new CancellationTokenSource();
        var asked = 0;
        var asking = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                Assert.Equal(5m, await cluster.Bob.AmountAsync("getbalance"));
                asked++;
            }
        }, TestContext.Current.CancellationToken);

        for (var round = 0; round < 2; round++)
        {
            var height = await cluster.Node.Rpc.IntAsync("getblockcount");
            await cluster.Node.KillAsync();
            var before = asked;
            await Wait.Until("twenty more answers without a node", () => asking.IsFaulted || asked >= before + 20);
            Assert.Equal(-9, (await cluster.Alice.RefusedAsync("sendtoaddress", address, 1m)).Code);
            await cluster.Alice.TextAsync("getnewaddress");
            await cluster.Node.StartAsync();
            Assert.Equal(height, await cluster.Node.Rpc.IntAsync("getblockcount"));
            await cluster.MineAsync(2);
            await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
        }

        await done.CancelAsync();
        await asking;
        await cluster.ShouldAddUp();
        await cluster.Wallet.StopAsync();
        await cluster.Node.StopAsync();
    }

    [Fact]
    public async Task A_wallet_may_start_before_its_node()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 101);
        await cluster.Wallet.StopAsync();
        await cluster.Node.StopAsync();

        await cluster.Wallet.StartAsync();
        await cluster.Wallet.Rpc.CallAsync("loadwallet", "alice");
        Assert.True(TestWallet.Owned(await cluster.Alice.CallAsync("getbalances")) > 0);

        await cluster.Node.StartAsync();
        await cluster.MineAsync(1);
        await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
        Assert.Equal(await cluster.Node.ExistingAsync(), TestWallet.Owned(await cluster.Alice.CallAsync("getbalances")));
    }
}
