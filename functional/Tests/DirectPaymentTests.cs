using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

public sealed class DirectPaymentTests
{
    [Fact]
    public async Task A_payment_over_the_wallets_own_rpc_arrives_to_the_duff()
    {
        await using var cluster = await TestCluster.StartAsync();
        var address = await cluster.Bob.TextAsync("getnewaddress", "shop");

        var txid = await cluster.Alice.TextAsync("sendtoaddress", address, 1.23456789m, "for coffee", "the shop");

        Assert.True((await cluster.Node.Rpc.CallAsync("getmempoolentry", txid)).GetProperty("vsize").GetInt32() > 0);
        await Wait.Until("bob sees the payment coming", async () =>
            (await cluster.Bob.CallAsync("getbalances")).GetProperty("mine").GetProperty("untrusted_pending").GetDecimal() == 1.23456789m);

        await cluster.MineAsync(1);
        await cluster.ShouldAddUp();
        Assert.Equal(1.23456789m, await cluster.Bob.AmountAsync("getbalance"));

        var sent = await cluster.Alice.CallAsync("gettransaction", txid);
        Assert.Equal(-1.23456789m, sent.GetProperty("amount").GetDecimal());
        Assert.Equal(1, sent.GetProperty("confirmations").GetInt32());
        Assert.Equal("for coffee", sent.GetProperty("comment").GetString());
        Assert.Equal("the shop", sent.GetProperty("to").GetString());
        Assert.True(sent.GetProperty("fee").GetDecimal() < 0);

        var received = (await cluster.Bob.CallAsync("listtransactions", "*", 10))[0];
        Assert.Equal("receive", received.GetProperty("category").GetString());
        Assert.Equal("shop", received.GetProperty("label").GetString());
        Assert.Equal(txid, received.GetProperty("txid").GetString());
    }

    [Fact]
    public async Task A_payment_to_many_pays_each_and_a_locked_coin_is_left_alone()
    {
        await using var cluster = await TestCluster.StartAsync();
        var first = await cluster.Bob.TextAsync("getnewaddress");
        var second = await cluster.Bob.TextAsync("getnewaddress");
        var locked = (await cluster.Alice.CallAsync("listunspent"))[0];
        var lockedTxid = locked.GetProperty("txid").GetString();
        Assert.True((await cluster.Alice.CallAsync("lockunspent", false, new object?[]
        {
            new Dictionary<string, object?> { ["txid"] = lockedTxid, ["vout"] = locked.GetProperty("vout").GetInt32() },
        })).GetBoolean());

        var txid = await cluster.Alice.TextAsync("sendmany", "", new Dictionary<string, object?> { [first] = 3m, [second] = 4.5m });

        await cluster.MineAsync(1);
        await cluster.ShouldAddUp();
        Assert.Equal(7.5m, await cluster.Bob.AmountAsync("getbalance"));
        var raw = await cluster.Node.Rpc.CallAsync("getrawtransaction", txid, true,
            (await cluster.Alice.CallAsync("gettransaction", txid)).GetProperty("blockhash").GetString());
        Assert.DoesNotContain(raw.GetProperty("vin").EnumerateArray(), input => input.GetProperty("txid").GetString() == lockedTxid);
        Assert.Equal(lockedTxid, (await cluster.Alice.CallAsync("listlockunspent"))[0].GetProperty("txid").GetString());
    }

    [Fact]
    public async Task More_than_there_is_cannot_be_paid()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 101);
        var address = await cluster.Bob.TextAsync("getnewaddress");

        var refused = await cluster.Alice.RefusedAsync("sendtoaddress", address, 20_000_000m);

        Assert.Equal(-6, refused.Code);
        Assert.Equal("Insufficient funds.", refused.RpcMessage);
        Assert.Equal("Invalid Dash address", (await cluster.Alice.RefusedAsync("setlabel", "nonsense", "x")).RpcMessage);
    }

    [Fact]
    public async Task Forty_payments_at_once_never_spend_a_coin_twice()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 120);
        var address = await cluster.Bob.TextAsync("getnewaddress");

        var paid = await Task.WhenAll(Enumerable.Range(1, 40).Select(i => PayAsync(0.01m * i)));

        Assert.Equal(40, paid.Distinct().Count());
        await Wait.Until("all payments are in the mempool", async () => (await cluster.Node.Rpc.CallAsync("getmempoolinfo")).GetProperty("size").GetInt32() == 40);
        await cluster.MineAsync(1);
        await cluster.ShouldAddUp();
        Assert.Equal(0.01m * 820, await cluster.Bob.AmountAsync("getbalance"));

        // A busy listener answers 503 beyond its queue, as dashd does: such a call had no effect and is asked again.
        async Task<string> PayAsync(decimal amount)
        {
            while (true)
            {
                var (status, body) = await cluster.Alice.PostAsync(RpcConnection.Request("sendtoaddress", address, amount));
                if (status == System.Net.HttpStatusCode.ServiceUnavailable) continue;
                Assert.True(status == System.Net.HttpStatusCode.OK, body);
                using var reply = System.Text.Json.JsonDocument.Parse(body);
                return reply.RootElement.GetProperty("result").GetString()!;
            }
        }
    }
}
