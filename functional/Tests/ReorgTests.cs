using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

public sealed class ReorgTests
{
    //  … ─ 105 ─ 106a (pays bob)
    //         └─ 106b ─ 107b       invalidateblock 106a, mine 106b and 107b elsewhere, reconsider 106a
    [Fact]
    public async Task The_wallet_follows_a_reorganisation_and_its_payment_is_mined_again()
    {
        await using var cluster = await TestCluster.StartAsync();
        var address = await cluster.Bob.TextAsync("getnewaddress");
        var txid = await cluster.Alice.TextAsync("sendtoaddress", address, 7m);
        await cluster.MineAsync(1);
        await cluster.Wallet.CaughtUpAsync(cluster.Node, "bob");
        Assert.Equal(1, await ConfirmationsAsync(cluster.Bob, txid));
        var stale = await cluster.Node.Rpc.TextAsync("getbestblockhash");

        await cluster.Node.Rpc.CallAsync("invalidateblock", stale);
        await cluster.Wallet.CaughtUpAsync(cluster.Node, "bob");
        Assert.Equal(0, await ConfirmationsAsync(cluster.Bob, txid));
        Assert.Equal(7m, (await cluster.Bob.CallAsync("getbalances")).GetProperty("mine").GetProperty("untrusted_pending").GetDecimal());
        Assert.Contains(txid, (await cluster.Node.Rpc.CallAsync("getrawmempool")).EnumerateArray().Select(id => id.GetString()));

        // Another address: a block with the same coinbase would be the same block.
        var elsewhere = await cluster.Alice.TextAsync("getnewaddress");
        await cluster.Node.MineAsync(2, elsewhere);
        await cluster.ShouldAddUp();
        Assert.Equal(2, await ConfirmationsAsync(cluster.Bob, txid));

        await cluster.Node.Rpc.CallAsync("reconsiderblock", stale);
        await cluster.ShouldAddUp();
        Assert.Equal(2, await ConfirmationsAsync(cluster.Bob, txid));
    }

    [Fact]
    public async Task A_reorganisation_while_the_wallet_is_down_is_followed_at_its_next_start()
    {
        await using var cluster = await TestCluster.StartAsync();
        var address = await cluster.Bob.TextAsync("getnewaddress");
        await cluster.Alice.TextAsync("sendtoaddress", address, 7m);
        var elsewhere = await cluster.Alice.TextAsync("getnewaddress");
        await cluster.MineAsync(2);
        await cluster.ShouldAddUp();
        await cluster.Wallet.StopAsync();
        await cluster.Node.Rpc.CallAsync("invalidateblock", await cluster.Node.Rpc.TextAsync("getbestblockhash"));
        await cluster.Node.MineAsync(3, elsewhere);

        await cluster.Wallet.StartAsync();
        await cluster.Wallet.Rpc.CallAsync("loadwallet", "alice");
        await cluster.Wallet.Rpc.CallAsync("loadwallet", "bob");

        await cluster.ShouldAddUp();
    }

    private static async Task<int> ConfirmationsAsync(RpcConnection wallet, string txid) =>
        (await wallet.CallAsync("gettransaction", txid)).GetProperty("confirmations").GetInt32();
}
