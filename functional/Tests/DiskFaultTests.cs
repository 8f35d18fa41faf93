using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>
/// The wallet killed at each of its writes to disk, and writes that fail: what was answered is there afterwards, what was not is
/// there as a whole or not at all. docs/reliability.md has the rows.
/// </summary>
public sealed class DiskFaultTests
{
    private const string Writes = "pwrite64,fdatasync,fsync,ftruncate";

    private static readonly string[] Operations = ["getnewaddress", "setlabel", "sendtoaddress", "block", "sendmany", "lockunspent"];

    // F2: SIGKILL at the n-th write, for every n until an operation needs no more.
    [Fact]
    public async Task Killed_at_each_write_of_an_operation_the_wallet_comes_back_whole()
    {
        DiskFaults.RequireTool();
        var most = FaultCount.Or(2);
        await using var cluster = await TestCluster.StartAsync(blocks: 125);
        var to = await cluster.Bob.TextAsync("getnewaddress");
        var kills = 0;
        foreach (var operation in Operations.Take(most < 3 ? 3 : Operations.Length))
        {
            for (var write = 1; write <= most; write++)
            {
                await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
                var before = await CountAsync(cluster);
                bool answered;
                await using (await DiskFaults.StartAsync(cluster.Wallet.Process!, Writes, $"signal=KILL:when={write}"))
                {
                    answered = await RunAsync(cluster, operation, to, $"{operation}-{write}");
                }

                if (!cluster.Wallet.Process!.HasExited)
                {
                    break; // it needed fewer writes
                }

                kills++;
                await cluster.RestartWalletAsync();
                await cluster.MineAsync(1);
                await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
                var after = await CountAsync(cluster);
                if (operation.StartsWith("send", StringComparison.Ordinal))
                {
                    // With its key it is there exactly once, whether or not it was answered.
                    Assert.InRange(after - before, answered ? 1 : 0, 1);
                    Assert.True(await RunAsync(cluster, operation, to, $"{operation}-{write}"));
                    await cluster.MineAsync(1);
                    await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
                    Assert.Equal(before + 1, await CountAsync(cluster));
                }

                await cluster.ShouldAddUp();
            }
        }

        TestContext.Current.SendDiagnosticMessage($"killed at {kills} writes, 0 violations");
        Assert.True(kills > 0);
    }

    // F4: the disk says that it could not make something durable.
    [Theory]
    [InlineData("fsync", "error=EIO:when=1")]
    [InlineData("pwrite64", "error=EIO:when=1")]
    public async Task After_a_failed_write_nothing_is_acknowledged_and_nothing_is_lost(string call, string error)
    {
        DiskFaults.RequireTool();
        await using var cluster = await TestCluster.StartAsync(blocks: 105);
        var address = await cluster.Alice.TextAsync("getnewaddress");
        await using (await DiskFaults.StartAsync(cluster.Wallet.Process!, call, error))
        {
            var refused = await cluster.Alice.RefusedAsync("getnewaddress");
            Assert.Equal(-4, refused.Code);
        }

        // Reads go on; writing goes on when the wallet is loaded again.
        await cluster.Alice.AmountAsync("getbalance");
        await cluster.Wallet.KillAsync();
        await cluster.RestartWalletAsync();
        Assert.NotEqual(address, await cluster.Alice.TextAsync("getnewaddress"));
        await cluster.ShouldAddUp();
    }

    // F5: no room on the disk, and room again, without a restart.
    [Fact]
    public async Task With_a_full_disk_changes_are_refused_and_go_on_when_there_is_room()
    {
        DiskFaults.RequireTool();
        await using var cluster = await TestCluster.StartAsync(blocks: 105);
        await cluster.Alice.TextAsync("getnewaddress");
        for (var round = 0; round < FaultCount.Or(1); round++)
        {
            await using (await DiskFaults.StartAsync(cluster.Wallet.Process!, "pwrite64", "error=ENOSPC"))
            {
                var refused = await cluster.Alice.RefusedAsync("getnewaddress");
                Assert.Contains("no room", refused.RpcMessage, StringComparison.Ordinal);
                await cluster.Alice.AmountAsync("getbalance");
                await cluster.MineAsync(1);
            }

            // A write that began while there was no room may still be refused.
            await Wait.Until("changes are taken again", () => TakesChangesAsync(cluster));
            await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
            await cluster.ShouldAddUp();
        }
    }

    private static async Task<bool> TakesChangesAsync(TestCluster cluster)
    {
        try
        {
            await cluster.Alice.TextAsync("getnewaddress");
            return true;
        }
        catch (RpcException)
        {
            return false;
        }
    }

    private static async Task<int> CountAsync(TestCluster cluster) => (await cluster.Alice.CallAsync("listtransactions", "*", 100_000))
        .EnumerateArray().Where(static entry => entry.GetProperty("category").GetString() == "send")
        .Select(static entry => entry.GetProperty("txid").GetString()).Distinct().Count();

    private static async Task<bool> RunAsync(TestCluster cluster, string operation, string to, string key)
    {
        try
        {
            var alice = cluster.Alice.WithMember("idempotency_key", key);
            switch (operation)
            {
                case "getnewaddress":
                    await alice.TextAsync("getnewaddress");
                    break;
                case "setlabel":
                    await alice.CallAsync("setlabel", to, key);
                    break;
                case "sendtoaddress":
                    await alice.TextAsync("sendtoaddress", to, 0.1m);
                    break;
                case "sendmany":
                    await alice.TextAsync("sendmany", "", new Dictionary<string, object?> { [to] = 0.2m });
                    break;
                case "lockunspent":
                    var coin = (await alice.CallAsync("listunspent"))[0];
                    var place = new Dictionary<string, object?> { ["txid"] = coin.GetProperty("txid").GetString(), ["vout"] = coin.GetProperty("vout").GetInt32() };
                    await alice.CallAsync("lockunspent", false, new[] { place }, true);
                    await alice.CallAsync("lockunspent", true, new[] { place });
                    break;
                default:
                    await cluster.MineAsync(1);
                    await Wait.Until("the block is stored, or the wallet is gone", async () => cluster.Wallet.Process!.HasExited
                        || await cluster.Wallet.TipAsync("alice") == await cluster.Node.Rpc.TextAsync("getbestblockhash"));
                    break;
            }

            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            await cluster.Wallet.Process!.WaitForExitAsync("to be gone");
            return false;
        }
    }
}
