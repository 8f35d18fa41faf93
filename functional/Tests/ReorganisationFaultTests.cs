using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>
/// Chains that take blocks back, with payments in them, while the wallet does something else; and payments that lose, are given up
/// or forgotten by the node. docs/reliability.md has the rows.
/// </summary>
public sealed class ReorganisationFaultTests
{
    private const decimal Paid = 1m;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // F12
    [Theory]
    [InlineData(1, "attached")]
    [InlineData(6, "rescanning")]
    [InlineData(6, "conflicting")]
    [InlineData(30, "sending")]
    [InlineData(100, "away")]
    [InlineData(1000, "attached")]
    [InlineData(1000, "away")]
    public async Task After_a_reorganisation_all_is_as_on_the_new_chain(int depth, string meanwhile)
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 130);
        var journal = new PaymentJournal(cluster, FaultCount.Seed);
        var (address, arrived) = (await cluster.Bob.TextAsync("getnewaddress"), 0m);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var working = meanwhile == "sending" ? journal.WorkAsync(address, done.Token) : Task.CompletedTask;
        var rounds = FaultCount.Or(1);
        for (var round = 0; round < rounds; round++)
        {
            var txid = await Rival.PayAsync(cluster, await cluster.Bob.TextAsync("getnewaddress"), Paid);
            var (rival, rivalAmount) = meanwhile == "conflicting" ? await Rival.OfAsync(cluster, txid) : ((string?)null, Paid);
            await cluster.MineAsync(1);
            var block = await cluster.Node.Rpc.TextAsync("getbestblockhash");
            await cluster.MineAsync(depth - 1);
            var other = await cluster.Alice.TextAsync("getnewaddress"); // blocks on the other branch are others
            await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
            if (meanwhile == "rescanning") await cluster.Alice.CallAsync("startwalletjob", "rescan");
            if (meanwhile == "away") await cluster.Wallet.KillAsync();

            await cluster.Node.Rpc.CallAsync("invalidateblock", block);
            if (rival is not null) await cluster.Node.Rpc.CallAsync("generateblock", other, new[] { rival });
            await cluster.Node.MineAsync(depth + 2, other);

            if (meanwhile == "away") await cluster.RestartWalletAsync();
            await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
            arrived += rivalAmount;
            if (rival is null)
            {
                await Wait.Until("the payment is offered again and mined", async () =>
                {
                    await cluster.Node.MineAsync(1, other);
                    return (await cluster.Alice.CallAsync("gettransaction", txid)).GetProperty("confirmations").GetInt32() > 0;
                }, cluster.Wallet.LastLog);
            }
            else
            {
                Assert.True((await cluster.Alice.CallAsync("gettransaction", txid)).GetProperty("confirmations").GetInt32() < 0);
            }
        }

        await done.CancelAsync();
        await working;
        if (meanwhile == "sending")
        {
            await journal.RetryAsync(address);
            await cluster.Alice.CallAsync("lockunspent", true); // coins that the journal has set aside are no less the wallet's
            await Wait.Until("nothing waits", async () =>
            {
                await cluster.MineAsync(1);
                return (await cluster.Alice.CallAsync("getbalances")).GetProperty("mine").GetProperty("untrusted_pending").GetDecimal() == 0
                    && (await cluster.Node.Rpc.CallAsync("getrawmempool")).GetArrayLength() == 0
                    && !await WaitsAsync(cluster.Alice);
            }, cluster.Wallet.LastLog);
        }

        await cluster.ShouldAddUp();
        if (meanwhile != "sending") Assert.Equal(arrived, await cluster.Bob.AmountAsync("getbalance"));
        await Wait.Until("no rescan is under way", async () => (await cluster.Alice.CallAsync("listwalletjobs")).EnumerateArray()
            .All(static job => job.GetProperty("state").GetString() != "running"), cluster.Wallet.LastLog);
        foreach (var name in (string[])["alice", "bob"])
        {
            await WalletOracle.ShouldHaveWholeLogAsync(cluster.Wallet.Rpc.Wallet(name), []);
            await WalletOracle.ShouldEqualRescannedAsync(cluster, name);
        }

        TestContext.Current.SendDiagnosticMessage($"{rounds} reorganisations of {depth} blocks, {meanwhile}, 0 violations");
    }

    // F12: again and again, as deep as it comes, while payments go on.
    [Fact]
    public async Task After_reorganisations_of_all_depths_all_is_as_on_the_last_chain()
    {
        Random random = new(FaultCount.Seed);
        TestContext.Current.SendDiagnosticMessage($"seed {FaultCount.Seed}");
        await using var cluster = await TestCluster.StartAsync(blocks: 160);
        var address = await cluster.Bob.TextAsync("getnewaddress");
        PaymentJournal journal = new(cluster, FaultCount.Seed);
        var (rounds, deepest, kills) = (FaultCount.Or(6), 0, 0);
        for (var round = 0; round < rounds; round++)
        {
            using var done = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            var working = random.Next(2) == 0 ? journal.WorkAsync(address, done.Token) : Task.CompletedTask;

            // Mostly a few blocks, now and then many.
            var depth = random.Next(10) switch { < 6 => random.Next(1, 7), < 9 => random.Next(7, 40), _ => random.Next(40, 101) };
            deepest = Math.Max(deepest, depth);
            await cluster.MineAsync(1);
            await journal.RetryAsync(address);
            var other = await cluster.Alice.TextAsync("getnewaddress"); // blocks on the other branch are others
            if (random.Next(4) == 0) await cluster.Alice.CallAsync("startwalletjob", "rescan").ContinueWith(static _ => { }, TaskScheduler.Default);
            var isAway = random.Next(4) == 0;
            if (isAway)
            {
                await cluster.Wallet.KillAsync();
                kills++;
            }

            var from = await cluster.Node.Rpc.IntAsync("getblockcount") - depth + 1;
            await cluster.Node.Rpc.CallAsync("invalidateblock", await cluster.Node.Rpc.TextAsync("getblockhash", from));
            await cluster.Node.MineAsync(depth + 1, other);
            if (isAway) await cluster.RestartWalletAsync();
            await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
            await done.CancelAsync();
            await working;
        }

        await journal.VerifyAsync(address);
        TestContext.Current.SendDiagnosticMessage(
            $"{rounds} reorganisations of up to {deepest} blocks, the wallet away in {kills}, {journal.Answered} payments answered, 0 violations");
    }

    // What a reorganisation put out of the mempool is in neither of the two until it is offered again.
    private static async Task<bool> WaitsAsync(RpcConnection wallet) =>
        (await wallet.CallAsync("listtransactions", "*", 1_000_000)).EnumerateArray()
            .Any(static entry => entry.GetProperty("confirmations").GetInt32() == 0 && entry.GetProperty("category").GetString() != "orphan"
                && !(entry.TryGetProperty("abandoned", out var given) && given.GetBoolean()));

    // F15: the node has lost its mempool.
    [Fact]
    public async Task A_payment_that_the_node_forgot_is_offered_again()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 110);
        var rounds = FaultCount.Or(2);
        for (var round = 0; round < rounds; round++)
        {
            await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
            var txid = await Rival.PayAsync(cluster, await cluster.Bob.TextAsync("getnewaddress"), Paid);
            await cluster.Node.KillAsync();
            if (round % 2 == 1)
            {
                await cluster.Wallet.KillAsync();
                await cluster.RestartWalletAsync();
            }

            await cluster.Node.StartAsync("-persistmempool=0");
            await Wait.Until("the node has the payment", async () => (await cluster.Node.Rpc.CallAsync("getrawmempool")).EnumerateArray()
                .Any(id => id.GetString() == txid), cluster.Wallet.LastLog);
            await cluster.MineAsync(1);
        }

        await cluster.ShouldAddUp();
        Assert.Equal(rounds * Paid, await cluster.Bob.AmountAsync("getbalance"));
    }
}
