using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>Payments that lose against a rival, in all the ways there are, again and again. docs/reliability.md has the rows.</summary>
public sealed class ConflictFaultTests
{
    private const decimal Paid = 1m;

    // F15
    [Theory]
    [InlineData("mined")]
    [InlineData("built upon")]
    [InlineData("away")]
    [InlineData("node forgot")]
    [InlineData("and back")]
    public async Task A_payment_that_loses_against_a_rival_counts_for_nothing_and_locks_nothing(string how)
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 130);
        var arrived = 0m;
        var rounds = FaultCount.Or(1);
        for (var round = 0; round < rounds; round++)
        {
            await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
            var txid = await Rival.PayAsync(cluster, await cluster.Bob.TextAsync("getnewaddress"), Paid);
            var child = how == "built upon" ? await SpendChangeAsync(cluster, txid) : null;
            var (rival, amount) = await Rival.OfAsync(cluster, txid);
            var payment = (await cluster.Alice.CallAsync("gettransaction", txid)).GetProperty("hex").GetString()!;
            if (how == "away") await cluster.Wallet.KillAsync();
            if (how == "node forgot")
            {
                // While the wallet cannot offer it again.
                Signals.Freeze(cluster.Wallet.Process!);
                await cluster.Node.KillAsync();
                await cluster.Node.StartAsync("-persistmempool=0");
                await cluster.Node.Rpc.CallAsync("sendrawtransaction", rival);
                Signals.Thaw(cluster.Wallet.Process!);
                await cluster.Node.MineAsync(1, cluster.MiningAddress);
            }
            else
            {
                await cluster.Node.Rpc.CallAsync("generateblock", cluster.MiningAddress, new[] { rival });
            }

            if (how == "away") await cluster.RestartWalletAsync();
            await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
            Assert.Equal(-1, await ConfirmationsAsync(cluster, txid));
            if (child is not null) Assert.True(await ConfirmationsAsync(cluster, child) <= 0);
            if (how == "and back")
            {
                // The payment itself is mined instead, twice as high.
                await cluster.Node.Rpc.CallAsync("invalidateblock", await cluster.Node.Rpc.TextAsync("getbestblockhash"));
                await cluster.Node.Rpc.CallAsync("generateblock", await cluster.Alice.TextAsync("getnewaddress"), new[] { payment });
                await cluster.MineAsync(1);
                await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
                Assert.Equal(2, await ConfirmationsAsync(cluster, txid));
                amount = Paid;
            }

            arrived += amount;
            await cluster.MineAsync(1);
            await cluster.Wallet.CaughtUpAsync(cluster.Node, "bob");
            Assert.Equal(arrived, await cluster.Bob.AmountAsync("getbalance"));
        }

        await cluster.ShouldAddUp();

        // No coin is locked for ever: all of them can be spent at once.
        var all = await cluster.Alice.AmountAsync("getbalance");
        await cluster.Alice.TextAsync("sendtoaddress", await cluster.Bob.TextAsync("getnewaddress"), all, "", "", true);
        await cluster.MineAsync(1);
        await cluster.ShouldAddUp();
        foreach (var name in (string[])["alice", "bob"])
        {
            await WalletOracle.ShouldHaveWholeLogAsync(cluster.Wallet.Rpc.Wallet(name), []);
            await WalletOracle.ShouldEqualRescannedAsync(cluster, name);
        }

        TestContext.Current.SendDiagnosticMessage($"{rounds} payments that lost, {how}, 0 violations");
    }

    private static async Task<int> ConfirmationsAsync(TestCluster cluster, string txid) =>
        (await cluster.Alice.CallAsync("gettransaction", txid)).GetProperty("confirmations").GetInt32();

    // A payment of what came back from another one.
    private static async Task<string> SpendChangeAsync(TestCluster cluster, string txid)
    {
        var change = (await Rival.DecodedAsync(cluster, txid)).GetProperty("vout").EnumerateArray()
            .First(static output => output.GetProperty("value").GetDecimal() != Paid);
        Dictionary<string, object?> coin = new() { ["txid"] = txid, ["vout"] = change.GetProperty("n").GetInt32() };
        Dictionary<string, object?> to = new() { [await cluster.Bob.TextAsync("getnewaddress")] = Paid };
        Dictionary<string, object?> options = new() { ["inputs"] = new[] { coin }, ["add_inputs"] = false };
        return (await cluster.Alice.CallAsync("send", to, null, "unset", null, options)).GetProperty("txid").GetString()!;
    }
}
