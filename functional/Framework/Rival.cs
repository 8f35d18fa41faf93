using System.Text.Json;

namespace Dash.Functional.Framework;

/// <summary>Payments that exclude each other.</summary>
public static class Rival
{
    /// <summary>Pays from alice; mines where she has no coin.</summary>
    public static async Task<string> PayAsync(TestCluster cluster, string address, decimal amount)
    {
        var txid = "";
        await Wait.Until("there is a coin to pay with", async () =>
        {
            try
            {
                txid = await cluster.Alice.TextAsync("sendtoaddress", address, amount);
                return true;
            }
            catch (RpcException none) when (none.Code == -6)
            {
                await cluster.MineAsync(1);
                return false;
            }
        });
        return txid;
    }

    /// <summary>Spends a coin that one of alice's payments spends: all of it to bob. Signed, and told nobody.</summary>
    public static async Task<(string Raw, decimal Amount)> OfAsync(TestCluster cluster, string txid)
    {
        var paid = (await DecodedAsync(cluster, txid)).GetProperty("vin")[0];
        var (coin, place) = (paid.GetProperty("txid").GetString()!, paid.GetProperty("vout").GetInt32());
        var value = (await DecodedAsync(cluster, coin)).GetProperty("vout")[place].GetProperty("value").GetDecimal();
        Dictionary<string, object?> input = new() { ["txid"] = coin, ["vout"] = place };
        Dictionary<string, object?> output = new() { [await cluster.Bob.TextAsync("getnewaddress")] = value - 0.01m };
        var raw = await cluster.Node.Rpc.TextAsync("createrawtransaction", new[] { input }, output);
        var signed = await cluster.Alice.CallAsync("signrawtransactionwithwallet", raw);
        Assert.True(signed.GetProperty("complete").GetBoolean());
        return (signed.GetProperty("hex").GetString()!, value - 0.01m);
    }

    /// <summary>What a transaction of alice's is made of.</summary>
    public static async Task<JsonElement> DecodedAsync(TestCluster cluster, string txid) =>
        (await cluster.Alice.CallAsync("gettransaction", txid, true, true)).GetProperty("decoded");
}
