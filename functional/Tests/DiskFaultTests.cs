using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>
/// The wallet killed at each of its writes to disk, and writes that fail: what was answered is there afterwards, what was not is
/// there as a whole or not at all. docs/reliability.md has the rows.
/// </summary>
public sealed class DiskFaultTests
{
    private const string Writes = "pwrite64,fdatasync,fsync,ftruncate,rename,renameat2,unlink";

    public static TheoryData<string> Operations => [.. DiskOperation.All.Select(static operation => operation.Name)];

    // F2: SIGKILL at the n-th write, for every n until an operation needs no more.
    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Killed_at_each_write_of_an_operation_the_wallet_comes_back_whole(string name)
    {
        DiskFaults.RequireTool();
        var operation = DiskOperation.All.First(operation => operation.Name == name);
        await using var cluster = await TestCluster.StartAsync(blocks: 125);
        var to = await cluster.Bob.TextAsync("getnewaddress");
        var kills = 0;
        for (var write = 1; write <= FaultCount.Or(1); write++)
        {
            DiskStep step = new(cluster, operation, to, $"{name}-{write}".Replace(' ', '-'));
            await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
            await (operation.Prepare?.Invoke(step) ?? Task.CompletedTask);
            bool answered;
            await using (await DiskFaults.StartAsync(cluster.Wallet.Process!, Writes, $"signal=KILL:when={write}"))
            {
                answered = await RunAsync(step);
            }

            if (!cluster.Wallet.Process!.HasExited)
            {
                break; // it needed fewer writes
            }

            kills++;
            await cluster.RestartWalletAsync();
            await cluster.MineAsync(1);
            await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
            await (operation.Verify?.Invoke(step, answered) ?? Task.CompletedTask);
            await cluster.ShouldAddUp();
        }

        TestContext.Current.SendDiagnosticMessage($"{name}: killed at {kills} writes, 0 violations");
        Assert.True(kills > 0);
    }

    // F4: the disk says that it could not write: nothing was changed, and the next change goes through.
    [Fact]
    public async Task After_a_failed_write_nothing_is_acknowledged_and_the_next_change_goes_through()
    {
        DiskFaults.RequireTool();
        await using var cluster = await TestCluster.StartAsync(blocks: 105);
        var address = await cluster.Alice.TextAsync("getnewaddress");
        for (var round = 0; round < FaultCount.Or(1); round++)
        {
            await using (await DiskFaults.StartAsync(cluster.Wallet.Process!, "pwrite64", "error=EIO"))
            {
                var refused = await cluster.Alice.RefusedAsync("getnewaddress");
                Assert.Equal(-4, refused.Code);
                Assert.Contains("nothing was changed", refused.RpcMessage, StringComparison.Ordinal);
                await cluster.Alice.AmountAsync("getbalance");
            }

            await Wait.Until("changes are taken again", () => TakesChangesAsync(cluster.Alice));
            Assert.NotEqual(address, await cluster.Alice.TextAsync("getnewaddress"));
            await cluster.ShouldAddUp();
        }
    }

    // F4: one call of an operation fails, each in turn.
    [Theory]
    [InlineData("EIO")]
    [InlineData("ENOSPC")]
    [InlineData("EINTR")]
    public async Task When_one_call_to_the_disk_fails_a_payment_is_made_once_or_refused(string error)
    {
        DiskFaults.RequireTool();
        await using var cluster = await TestCluster.StartAsync(blocks: 125);
        var to = await cluster.Bob.TextAsync("getnewaddress");
        var (calls, refusals) = (FaultCount.Or(2), 0);
        for (var call = 1; call <= calls; call++)
        {
            await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
            var key = $"{error}-{call}";
            string? answer = null;
            await using (await DiskFaults.StartAsync(cluster.Wallet.Process!, "pwrite64,fdatasync,fsync,ftruncate", $"error={error}:when={call}"))
            {
                try
                {
                    answer = await PayAsync(cluster, key, to);
                }
                catch (RpcException refused) when (refused.Code == -4)
                {
                    refusals++;
                }

                await cluster.Alice.AmountAsync("getbalance");
            }

            // After a sync that failed only loading again helps; that needs no restart.
            foreach (var name in (string[])["alice", "bob"])
            {
                if (!await TakesChangesAsync(cluster.Wallet.Rpc.Wallet(name)))
                {
                    await cluster.Wallet.Rpc.CallAsync("unloadwallet", name);
                    await cluster.Wallet.Rpc.CallAsync("loadwallet", name);
                }
            }

            var again = await PayAsync(cluster, key, to);
            Assert.True(answer is null || answer == again);
            await cluster.MineAsync(1);
            await cluster.ShouldAddUp();
            Assert.Equal(call * 0.1m, await cluster.Bob.AmountAsync("getbalance"));
        }

        TestContext.Current.SendDiagnosticMessage($"{error} at each of {calls} calls, {refusals} refusals, 0 violations");
    }

    // F4, F5: the n-th call of an operation fails, or the disk is full from there on, for every n until an operation needs no more.
    [Theory]
    [InlineData("EIO", "error=EIO:when={0}")]
    [InlineData("ENOSPC", "error=ENOSPC:when={0}")]
    [InlineData("EINTR", "error=EINTR:when={0}")]
    [InlineData("full", "error=ENOSPC:when={0}+")]
    public async Task Whatever_fails_at_each_call_of_an_operation_it_is_done_whole_or_refused(string error, string injection)
    {
        DiskFaults.RequireTool();
        await using var cluster = await TestCluster.StartAsync(blocks: 125);
        var to = await cluster.Bob.TextAsync("getnewaddress");
        var most = FaultCount.Or(1);
        var calls = error == "full" ? "pwrite64,ftruncate" : Writes.Replace(",unlink", "", StringComparison.Ordinal);

        // With all other tests a few each; by hand every one.
        var operations = DiskOperation.All.Where((_, place) => most > 1 || place % 8 == error.Length % 8 || place % 8 == (error[0] % 8)).ToList();
        foreach (var operation in operations)
        {
            var (faults, refusals) = (0, 0);
            for (var call = 1; call <= most; call++)
            {
                DiskStep step = new(cluster, operation, to, $"{error}-{operation.Name}-{call}".Replace(' ', '-'));
                await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
                await (operation.Prepare?.Invoke(step) ?? Task.CompletedTask);
                var attached = await DiskFaults.StartAsync(
                    cluster.Wallet.Process!, calls, string.Format(System.Globalization.CultureInfo.InvariantCulture, injection, call));
                Task<bool> running;
                await using (attached)
                {
                    running = RefusedOrDoneAsync(step);
                    await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, TestContext.Current.CancellationToken));
                    await cluster.Alice.AmountAsync("getbalance");
                }

                // After a sync that failed only loading again helps; that needs no restart.
                await LoadAllAsync(cluster, step.WalletName, to);
                var answered = await running;
                refusals += answered ? 0 : 1;
                await LoadAllAsync(cluster, step.WalletName, to);
                await cluster.MineAsync(1);
                await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
                await (operation.Verify?.Invoke(step, answered) ?? Task.CompletedTask);
                await cluster.ShouldAddUp();
                if (attached.Injected == 0)
                {
                    break; // it needed fewer calls
                }

                faults++;
            }

            Assert.True(faults > 0, operation.Name);
            TestContext.Current.SendDiagnosticMessage($"{error}: {operation.Name}: {faults} calls, {refusals} refusals, 0 violations");
        }
    }

    // F4: the disk says that it could not make something durable: nobody knows what it holds until the file is opened again.
    [Fact]
    public async Task After_a_failed_sync_nothing_is_acknowledged_and_nothing_is_written_until_the_wallet_is_loaded_again()
    {
        DiskFaults.RequireTool();
        await using var cluster = await TestCluster.StartAsync(blocks: 105);
        var address = await cluster.Alice.TextAsync("getnewaddress");
        await using (await DiskFaults.StartAsync(cluster.Wallet.Process!, "fsync,fdatasync", "error=EIO"))
        {
            Assert.Equal(-4, (await cluster.Alice.RefusedAsync("getnewaddress")).Code);
        }

        // Reads go on.
        Assert.Equal(-4, (await cluster.Alice.RefusedAsync("getnewaddress")).Code);
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
            await Wait.Until("changes are taken again", () => TakesChangesAsync(cluster.Alice));
            await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
            await cluster.ShouldAddUp();
        }
    }

    private static async Task LoadAllAsync(TestCluster cluster, string own, string to)
    {
        var loaded = (await cluster.Wallet.Rpc.CallAsync("listwallets")).EnumerateArray().Select(static name => name.GetString()).ToHashSet();
        foreach (var name in (string[])["alice", "bob", own])
        {
            var wallet = cluster.Wallet.Rpc.Wallet(name);
            if (loaded.Contains(name)
                && !await TakesChangesAsync(wallet, (await wallet.CallAsync("getwalletinfo")).GetProperty("private_keys_enabled").GetBoolean() ? null : to))
            {
                await cluster.Wallet.Rpc.CallAsync("unloadwallet", name);
                loaded.Remove(name);
            }

            if (!loaded.Contains(name) && name != own)
            {
                await cluster.Wallet.Rpc.CallAsync("loadwallet", name);
            }
        }
    }

    private static async Task<bool> RefusedOrDoneAsync(DiskStep step)
    {
        try
        {
            await step.Operation.Run(step);
            return true;
        }
        catch (RpcException refused) when (refused.Code is -4 or -1 or -18)
        {
            return false;
        }
    }

    // A wallet that only watches has no addresses to give out; labels it takes like any other.
    private static async Task<bool> TakesChangesAsync(RpcConnection wallet, string? watched = null)
    {
        try
        {
            await (watched is null ? wallet.CallAsync("getnewaddress") : wallet.CallAsync("setlabel", watched, "seen"));
            return true;
        }
        catch (RpcException)
        {
            return false;
        }
    }

    private static Task<string> PayAsync(TestCluster cluster, string key, string to) =>
        cluster.Alice.WithMember("idempotency_key", key).TextAsync("sendtoaddress", to, 0.1m);

    private static async Task<bool> RunAsync(DiskStep step)
    {
        try
        {
            await step.Operation.Run(step);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            await step.Cluster.Wallet.Process!.WaitForExitAsync("to be gone");
            return false;
        }
    }
}
