using System.Globalization;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>The wallet process that a node started ends, and the node goes on.</summary>
public sealed class WalletProcessTests
{
    private const int Gone = -4, Loading = -28;

    [Fact]
    public async Task A_wallet_process_that_is_killed_is_started_again_and_callers_are_told_meanwhile()
    {
        using var directory = new TempDirectory();
        await using var node = new TestNode(directory.Path, "-keypool=20");
        var (alice, address) = await StartAsync(node);
        await node.MineAsync(103, address);

        using var done = new CancellationTokenSource();
        var asking = Task.Run(() => AskAsync(alice, done.Token), TestContext.Current.CancellationToken);
        HashSet<int> children = [];
        for (var round = 1; round <= 3; round++)
        {
            var child = StartedWallets.ChildOf(node);
            Assert.True(children.Add(child), "it is the process that was killed");
            Signals.Kill(child);

            await Wait.Until("a wallet process is there again", () => StartedWallets.ChildOf(node) != child, node.LastLog);
            await Wait.Until("it answers", async () => await AnswersAsync(alice), node.LastLog);
            Assert.Equal(64, (await alice.TextAsync("sendtoaddress", address, 1m)).Length);
            await node.MineAsync(1, address);
            Assert.Equal(await node.ExistingAsync(), TestWallet.Owned(await alice.CallAsync("getbalances")));
        }

        await done.CancelAsync();
        var told = await asking;
        Assert.True(told.IsSubsetOf([Gone, Loading]), string.Join(' ', told));
        Assert.Contains($"Wallet process was ended by signal 9; it is started again", node.ReadLog(), StringComparison.Ordinal);
        await node.StopAsync();
        Assert.False(Directory.Exists("/proc/" + StartedWallets.ChildOf(node).ToString(CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task A_wallet_process_that_stands_still_is_ended_and_started_again()
    {
        using var directory = new TempDirectory();
        await using var node = new TestNode(directory.Path, "-keypool=20", "-ipcheartbeat=1", "-ipctimeout=2");
        var (alice, address) = await StartAsync(node);
        await node.MineAsync(103, address);
        var child = StartedWallets.ChildOf(node);
        Assert.Contains("-ipctimeout=2", await File.ReadAllTextAsync($"/proc/{child}/cmdline", TestContext.Current.CancellationToken), StringComparison.Ordinal);

        // Before its first heartbeat is answered, a process that starts has two minutes.
        await Wait.Until("heartbeats were answered", async () => await node.Rpc.IntAsync("uptime") >= 5, node.LastLog);
        Signals.Freeze(child);
        await Wait.Until("callers are told", async () => !await AnswersAsync(alice), node.LastLog);
        await Wait.Until("a wallet process is there again", () => StartedWallets.ChildOf(node) != child, node.LastLog);
        Assert.False(Directory.Exists($"/proc/{child}"), "another has its wallets, and it is still there");
        await Wait.Until("it answers", async () => await AnswersAsync(alice), node.LastLog);
        Assert.Equal(64, (await alice.TextAsync("sendtoaddress", address, 1m)).Length);
        Assert.Contains($"Wallet process pid {child} does not answer", node.ReadLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wallet_process_that_is_started_again_has_the_wallets_loaded_that_the_one_before_it_had()
    {
        using var directory = new TempDirectory();
        await using var node = new TestNode(directory.Path, "-keypool=20");
        var (alice, _) = await StartAsync(node);
        await node.Rpc.CallAsync("createwallet", "put away", false, false, "", false, true, true);
        await node.Rpc.CallAsync("createwallet", "by hand");
        await node.Rpc.CallAsync("unloadwallet", "put away");
        await ShouldHaveAfterAsync(Signals.Kill, "alice", "by hand");

        // In the order in which they were loaded, and also when the one that died had been started in the place of another.
        await node.Rpc.CallAsync("unloadwallet", "alice");
        await node.Rpc.CallAsync("loadwallet", "alice");
        await ShouldHaveAfterAsync(Signals.Kill, "by hand", "alice");

        // One that was asked to end, and not by the node.
        await ShouldHaveAfterAsync(Signals.Ask, "by hand", "alice");

        // A start of the node loads what its settings say.
        await node.StopAsync();
        await node.StartAsync();
        Assert.Equal(["alice", "put away"], await LoadedAsync());

        async Task ShouldHaveAfterAsync(Action<int> end, params string[] loaded)
        {
            var child = StartedWallets.ChildOf(node);
            end(child);
            await Wait.Until("a wallet process is there again", () => StartedWallets.ChildOf(node) != child, node.LastLog);
            await Wait.Until("it answers", async () => await AnswersAsync(alice), node.LastLog);
            Assert.Equal(loaded, await LoadedAsync());
        }

        async Task<string[]> LoadedAsync() => [.. (await node.Rpc.CallAsync("listwallets")).EnumerateArray().Select(static name => name.GetString()!)];
    }

    [Fact]
    public async Task A_wallet_process_that_cannot_start_again_is_tried_until_it_can()
    {
        using var directory = new TempDirectory();
        await using var node = new TestNode(directory.Path, "-keypool=20");
        var (alice, address) = await StartAsync(node);

        // In the place of its wallet is what cannot be opened when it comes back.
        var wallet = Path.Combine(node.NetworkDirectory, "wallets", "alice");
        var aside = Path.Combine(directory.Path, "aside");
        Directory.Move(wallet, aside);
        Directory.CreateDirectory(wallet);
        await File.WriteAllBytesAsync(Path.Combine(wallet, "wallet.dat"), [.. Enumerable.Repeat((byte)'x', 8192)], TestContext.Current.CancellationToken);
        Signals.Kill(StartedWallets.ChildOf(node));

        await Wait.Until(
            "it is refused", () => node.ReadLog().Contains("Wallet process cannot be started, and is tried again", StringComparison.Ordinal), node.LastLog);
        Assert.Equal(0, await node.Rpc.IntAsync("getblockcount"));
        Assert.Contains((await alice.RefusedAsync("getbalance")).Code, (int[])[Gone, Loading]);

        Directory.Delete(wallet, recursive: true);
        Directory.Move(aside, wallet);
        await Wait.Until("it answers", async () => await AnswersAsync(alice), node.LastLog);
        Assert.True((await alice.CallAsync("getaddressinfo", address)).GetProperty("ismine").GetBoolean());
        Assert.Equal(0, await node.Process!.StopAsync()); // what the refused one said is on standard error
    }

    // With a wallet that is loaded at each start, and an address of it.
    private static async Task<(RpcConnection Wallet, string Address)> StartAsync(TestNode node)
    {
        await node.StartAsync();
        await node.Rpc.CallAsync("createwallet", "alice", false, false, "", false, true, true);
        var alice = node.Rpc.Wallet("alice");
        return (alice, await alice.TextAsync("getnewaddress"));
    }

    // What callers were told who ask all the time.
    private static async Task<HashSet<int>> AskAsync(RpcConnection wallet, CancellationToken ct)
    {
        HashSet<int> told = [];
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await wallet.CallAsync("getbalance");
            }
            catch (RpcException refused)
            {
                told.Add(refused.Code);
            }
        }

        return told;
    }

    private static async Task<bool> AnswersAsync(RpcConnection wallet)
    {
        try
        {
            await wallet.CallAsync("getbalance");
            return true;
        }
        catch (RpcException)
        {
            return false;
        }
    }
}
