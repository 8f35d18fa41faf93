using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>
/// The wallet killed at each of its writes to disk, and writes that fail: what was answered is there afterwards, what was not is
/// there as a whole or not at all. docs/reliability.md has the rows.
/// </summary>
public sealed class DiskFaultTests
{
    public static TheoryData<string> Operations => [.. DiskOperation.All.Select(static operation => operation.Name)];

    // F2: SIGKILL at the n-th write, for every n until an operation needs no more.
    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Killed_at_each_write_of_an_operation_the_wallet_comes_back_whole(string name)
    {
        using var disk = await DiskFaults.PrepareAsync();
        var operation = DiskOperation.All.First(operation => operation.Name == name);
        await using var cluster = await TestCluster.StartAsync(125, disk);
        var to = await cluster.Bob.TextAsync("getnewaddress");
        var kills = 0;
        var needed = "more";
        for (var write = FaultCount.First; write <= FaultCount.Or(1); write += FaultCount.Step)
        {
            DiskStep step = new(cluster, operation, to, $"{name}-{write}".Replace(' ', '-'));
            await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
            await (operation.Prepare?.Invoke(step) ?? Task.CompletedTask);
            bool answered;
            using (disk.Begin(DiskCalls.All, DiskFault.Kill, write, write))
            {
                answered = await RunAsync(step);
            }

            if (!cluster.Wallet.Process!.HasExited)
            {
                needed = $"{disk.Made}";
                break; // it needed fewer writes
            }

            kills++;
            await cluster.RestartWalletAsync();
            await cluster.MineAsync(1);
            await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
            await (operation.Verify?.Invoke(step, answered) ?? Task.CompletedTask);
            await cluster.ShouldAddUp();
        }

        TestContext.Current.SendDiagnosticMessage(
            $"{name}: killed at {kills} writes from the {FaultCount.First}. on, 0 violations; it needs {needed}");
        Assert.True(kills > 0 || FaultCount.First > 1);
    }

    // F4: the disk says that it could not write: nothing was changed, and the next change goes through.
    [Fact]
    public async Task After_a_failed_write_nothing_is_acknowledged_and_the_next_change_goes_through()
    {
        using var disk = await DiskFaults.PrepareAsync();
        await using var cluster = await TestCluster.StartAsync(105, disk);
        var address = await cluster.Alice.TextAsync("getnewaddress");
        for (var round = 0; round < FaultCount.Or(1); round++)
        {
            using (disk.Begin(DiskCalls.Write, DiskFault.Failed))
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
    [InlineData("half")]
    public async Task When_one_call_to_the_disk_fails_a_payment_is_made_once_or_refused(string error)
    {
        using var disk = await DiskFaults.PrepareAsync();
        await using var cluster = await TestCluster.StartAsync(125, disk);
        var to = await cluster.Bob.TextAsync("getnewaddress");
        var (calls, refusals) = (FaultCount.Or(2), 0);
        for (var call = 1; call <= calls; call++)
        {
            await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
            var key = $"{error}-{call}";
            string? answer = null;
            using (disk.Begin(DiskCalls.Write | DiskCalls.Sync | DiskCalls.Cut, FaultOf(error), call, call))
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
    [InlineData("EIO")]
    [InlineData("ENOSPC")]
    [InlineData("EINTR")]
    [InlineData("half")]
    [InlineData("full")]
    public async Task Whatever_fails_at_each_call_of_an_operation_it_is_done_whole_or_refused(string error)
    {
        using var disk = await DiskFaults.PrepareAsync();
        await using var cluster = await TestCluster.StartAsync(125, disk);
        var to = await cluster.Bob.TextAsync("getnewaddress");
        var most = FaultCount.Or(1);
        var calls = error switch
        {
            "half" => DiskCalls.Write,
            "full" => DiskCalls.Write | DiskCalls.Cut,
            _ => DiskCalls.All & ~DiskCalls.Remove,
        };

        // With all other tests a few each; by hand every one.
        var operations = DiskOperation.All.Where((_, place) => most > 1 || place % 8 == error.Length % 8 || place % 8 == (error[0] % 8)).ToList();
        foreach (var operation in operations)
        {
            var (faults, refusals) = (0, 0);
            var needed = "more";
            for (var call = FaultCount.First; call <= most; call += FaultCount.Step)
            {
                DiskStep step = new(cluster, operation, to, $"{error}-{operation.Name}-{call}".Replace(' ', '-'));
                await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
                await (operation.Prepare?.Invoke(step) ?? Task.CompletedTask);
                Task<bool> running;
                using (disk.Begin(calls, FaultOf(error), call, error == "full" ? long.MaxValue : call))
                {
                    running = RefusedOrDoneAsync(step);
                    await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, TestContext.Current.CancellationToken));
                    await cluster.Alice.AmountAsync("getbalance");
                }

                var isHit = disk.Hit > 0;
                needed = isHit ? needed : $"{disk.Made}";

                // After a sync that failed only loading again helps; that needs no restart.
                await LoadAllAsync(cluster, step.WalletName, to);
                var answered = await running;
                refusals += answered ? 0 : 1;
                await LoadAllAsync(cluster, step.WalletName, to);
                await cluster.MineAsync(1);
                await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
                await (operation.Verify?.Invoke(step, answered) ?? Task.CompletedTask);
                await cluster.ShouldAddUp();
                if (!isHit)
                {
                    break; // it needed fewer calls
                }

                faults++;
            }

            Assert.True(faults > 0 || FaultCount.First > 1, operation.Name);
            TestContext.Current.SendDiagnosticMessage(
                $"{error}: {operation.Name}: {faults} calls from the {FaultCount.First}. on, {refusals} refusals, 0 violations; it needs {needed}");
        }
    }

    // F4: the disk says that it could not make something durable: nobody knows what it holds until the file is opened again.
    [Fact]
    public async Task After_a_failed_sync_nothing_is_acknowledged_and_nothing_is_written_until_the_wallet_is_loaded_again()
    {
        using var disk = await DiskFaults.PrepareAsync();
        await using var cluster = await TestCluster.StartAsync(105, disk);
        var address = await cluster.Alice.TextAsync("getnewaddress");
        using (disk.Begin(DiskCalls.Sync, DiskFault.Failed))
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

    // What was refused did not happen, also after its wallet was closed and opened: only what was synced before is in its log then.
    [Fact]
    public async Task After_a_failed_sync_what_was_refused_is_not_there_when_the_wallet_is_loaded_again()
    {
        using var disk = await DiskFaults.PrepareAsync();
        await using var cluster = await TestCluster.StartAsync(105, disk);
        await cluster.Alice.CallAsync("getnewaddress", "before");
        using (disk.Begin(DiskCalls.Sync, DiskFault.Failed))
        {
            Assert.Equal(-4, (await cluster.Alice.RefusedAsync("getnewaddress", "refused")).Code);
        }

        await cluster.Wallet.Rpc.CallAsync("unloadwallet", "alice");
        await cluster.Wallet.Rpc.CallAsync("loadwallet", "alice");
        await cluster.Alice.CallAsync("getnewaddress", "after");
        var labels = (await cluster.Alice.CallAsync("listlabels")).EnumerateArray().Select(static label => label.GetString()).ToList();
        Assert.Contains("before", labels);
        Assert.DoesNotContain("refused", labels);
        Assert.Contains("after", labels);
        await cluster.ShouldAddUp();
    }

    // F5: no room on the disk, and room again, without a restart.
    [Fact]
    public async Task With_a_full_disk_changes_are_refused_and_go_on_when_there_is_room()
    {
        using var disk = await DiskFaults.PrepareAsync();
        await using var cluster = await TestCluster.StartAsync(105, disk);
        await cluster.Alice.TextAsync("getnewaddress");
        for (var round = 0; round < FaultCount.Or(1); round++)
        {
            using (disk.Begin(DiskCalls.Write, DiskFault.Full))
            {
                var refused = await cluster.Alice.RefusedAsync("getnewaddress");
                Assert.Contains("no room", refused.RpcMessage, StringComparison.Ordinal);
                Assert.Contains("no room", (await cluster.Wallet.Rpc.RefusedAsync("createwallet", $"carol{round}")).RpcMessage, StringComparison.Ordinal);
                await cluster.Alice.AmountAsync("getbalance");
                await cluster.MineAsync(1);
            }

            // A write that began while there was no room may still be refused.
            await Wait.Until("changes are taken again", () => TakesChangesAsync(cluster.Alice));
            await cluster.Wallet.Rpc.CallAsync("createwallet", $"carol{round}");
            await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
            await cluster.ShouldAddUp();
        }
    }

    private static DiskFault FaultOf(string error) => error switch
    {
        "EIO" => DiskFault.Failed,
        "EINTR" => DiskFault.Interrupted,
        "half" => DiskFault.ShortWrite,
        _ => DiskFault.Full,
    };

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
