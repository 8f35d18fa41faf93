using System.Collections.Concurrent;
using System.Diagnostics;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>Callers that unlock a wallet beside each other, and wallets that are unlocked without a caller.</summary>
public sealed class UnlockTests
{
    private const string Words = "secret words";
    private const int Callers = 4;
    private const int Locked = -13;
    private const int NotReadable = 1;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // Long: DASH_FAULTS says how often each caller unlocks, signs and locks.
    [Fact]
    public async Task Callers_with_leases_of_their_own_never_lock_each_other_out()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 1);
        await cluster.Wallet.Rpc.CallAsync("createwallet", "carol");
        var carol = cluster.Wallet.Rpc.Wallet("carol");
        var address = await carol.TextAsync("getnewaddress");
        await carol.CallAsync("encryptwallet", Words);
        await carol.CallAsync("walletpassphrase", Words, 100_000); // what each of the others ends for itself
        await carol.CallAsync("walletlock");
        Assert.Equal(Locked, (await carol.RefusedAsync("signmessage", address, "text")).Code);
        var (rounds, signed) = (FaultCount.Or(4), 0);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        // One without a name that always wants the shortest time, and a wall clock that jumps.
        var short1 = Task.Run(async () =>
        {
            var random = new Random(FaultCount.Seed);
            while (!over.IsCancellationRequested)
            {
                await carol.CallAsync("walletpassphrase", Words, 0);
                await cluster.Wallet.Rpc.CallAsync("setmocktime", 1_700_000_000 + (86_400 * random.Next(-1, 2)));
            }
        }, Ct);
        ConcurrentBag<TimeSpan> unlocks = [];
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var mine = carol.WithMember("lease", $"caller-{caller}");
            for (var round = 0; round < rounds; round++)
            {
                var watch = Stopwatch.StartNew();
                await mine.CallAsync("walletpassphrase", Words, 600);
                unlocks.Add(watch.Elapsed);
                for (var i = 0; i < 5; i++)
                {
                    await carol.TextAsync("signmessage", address, $"{caller} {round} {i}");
                    Interlocked.Increment(ref signed);
                }

                await mine.CallAsync("walletlock");
            }
        }, Ct)));
        await over.CancelAsync();
        await short1;
        Assert.Equal(Locked, (await carol.RefusedAsync("signmessage", address, "text")).Code); // the last lease has ended
        Assert.Equal(0, (await carol.CallAsync("getwalletinfo")).GetProperty("unlocked_until").GetInt64());
        await cluster.Wallet.Rpc.CallAsync("setmocktime", 0);

        // A lease ends when its time is over, and not much later.
        var end = Stopwatch.StartNew();
        await carol.WithMember("lease", "short").CallAsync("walletpassphrase", Words, 1);
        var begun = Stopwatch.StartNew();
        await Wait.Until("it is locked", async () => (await carol.CallAsync("getwalletinfo")).GetProperty("unlocked_until").GetInt64() == 0);
        Assert.True(end.Elapsed >= TimeSpan.FromSeconds(1));
        TestContext.Current.SendDiagnosticMessage(
            $"{unlocks.Count} unlocks, {signed} signatures, 0 refused; locked {begun.Elapsed.TotalSeconds:F2} s after a lease of a second began");
    }

    [Fact]
    public async Task A_call_with_a_passphrase_signs_while_the_wallet_stays_locked()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 103);
        await cluster.Alice.CallAsync("encryptwallet", Words);
        await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
        var (own, to) = (cluster.Alice.WithMember("passphrase", Words), await cluster.Bob.TextAsync("getnewaddress"));
        Assert.Equal(Locked, (await cluster.Alice.RefusedAsync("sendtoaddress", to, 1m)).Code);
        var paid = await own.TextAsync("sendtoaddress", to, 1m);
        Assert.Equal(64, paid.Length);
        await own.TextAsync("sendmany", "", new Dictionary<string, object?> { [to] = 1m });
        Assert.True((await own.CallAsync("send", new Dictionary<string, object?> { [to] = 1m })).GetProperty("complete").GetBoolean());
        await own.TextAsync("signmessage", cluster.MiningAddress, "text");
        var raw = await cluster.Node.Rpc.TextAsync("createrawtransaction", Array.Empty<object>(), new Dictionary<string, object?> { [to] = 1m });
        var funded = (await cluster.Alice.CallAsync("fundrawtransaction", raw)).GetProperty("hex").GetString();
        Assert.False((await Signed(cluster.Alice)).HasValue);
        Assert.True((await Signed(own)).HasValue);
        Assert.Equal(Locked, (await cluster.Alice.RefusedAsync("signmessage", cluster.MiningAddress, "text")).Code);
        Assert.Equal(0, (await cluster.Alice.CallAsync("getwalletinfo")).GetProperty("unlocked_until").GetInt64());
        Assert.Equal(-14, (await cluster.Alice.WithMember("passphrase", "wrong").RefusedAsync("signmessage", cluster.MiningAddress, "text")).Code);
        Assert.Equal(-8, (await own.RefusedAsync("getbalance")).Code);
        Assert.Equal(-15, (await cluster.Bob.WithMember("passphrase", Words).RefusedAsync("signmessage", to, "text")).Code);

        // Asked for again under its key a payment needs no secret any more.
        var keyed = await own.WithMember("idempotency_key", "one").TextAsync("sendtoaddress", to, 2m);
        Assert.Equal(keyed, await cluster.Alice.WithMember("idempotency_key", "one").TextAsync("sendtoaddress", to, 2m));

        async Task<System.Text.Json.JsonElement?> Signed(RpcConnection wallet)
        {
            try
            {
                return await wallet.CallAsync("signrawtransactionwithwallet", funded);
            }
            catch (RpcException refused) when (refused.Code == Locked)
            {
                return null;
            }
        }
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task A_passphrase_file_unlocks_what_is_loaded_and_others_may_not_read_it()
    {
        using var directory = new TempDirectory();
        var file = directory["passphrase"];
        await File.WriteAllTextAsync(file, Words + "\n", Ct);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await using var wallet = new TestWallet(directory.Path, "-noipcconnect", "-walletpassphrasefile=" + file);
        await wallet.StartAsync();
        await wallet.Rpc.CallAsync("createwallet", "carol", false, false, Words);
        await wallet.Rpc.CallAsync("createwallet", "other", false, false, "other words");
        var carol = wallet.Rpc.Wallet("carol");
        var address = await carol.TextAsync("getnewaddress");
        foreach (var name in (string[])["carol", "other"])
        {
            await wallet.Rpc.CallAsync("unloadwallet", name);
            await wallet.Rpc.CallAsync("loadwallet", name, true);
        }

        await carol.TextAsync("signmessage", address, "text");
        Assert.Equal(0, (await wallet.Rpc.Wallet("other").CallAsync("getwalletinfo")).GetProperty("unlocked_until").GetInt64());

        // A caller's short time leaves it unlocked; who locks it locks it.
        await carol.CallAsync("walletpassphrase", Words, 0);
        await carol.TextAsync("signmessage", address, "text");
        await carol.CallAsync("walletlock");
        Assert.Equal(Locked, (await carol.RefusedAsync("signmessage", address, "text")).Code);

        // Again when it starts; the words are nowhere to be read.
        await wallet.StopAsync();
        await wallet.StartAsync();
        await carol.TextAsync("signmessage", address, "text");
        Assert.DoesNotContain(Words, wallet.ReadLog(), StringComparison.Ordinal);
        await wallet.StopAsync();

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        await wallet.LaunchAsync();
        await wallet.Process!.WaitForExitAsync("to refuse the file");
        Assert.Equal(NotReadable, wallet.Process.ExitCode);
        Assert.Contains("anybody may read the file", wallet.Process.Output, StringComparison.Ordinal);
    }
}
