using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>Files of wallets that were copied by hand, with and without the log that a killed process leaves beside them.</summary>
public sealed class CopiedFileTests
{
    private const string Lacking = "a log is beside it (wallet.dat-wal), and there is none";

    [Fact]
    public async Task A_killed_wallets_file_is_restored_with_what_is_in_its_log_alone()
    {
        await using var cluster = await TestCluster.StartAsync();
        var address = await cluster.Alice.TextAsync("getnewaddress", "in the log");
        await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
        await cluster.Wallet.KillAsync();
        var (file, copy) = (FileOf(cluster, "alice"), Path.Combine(cluster.DataDirectory, "copy"));
        File.Copy(file, copy);
        File.Copy(file + "-wal", copy + "-wal");
        var (before, log) = (await ReadAsync(copy), await ReadAsync(copy + "-wal"));
        await cluster.RestartWalletAsync();

        var link = Path.Combine(cluster.DataDirectory, "link");
        File.CreateSymbolicLink(link, copy);
        foreach (var (name, source) in ((string, string)[])[("from the file", copy), ("from a link", link)])
        {
            var restored = await cluster.Wallet.Rpc.CallAsync("restorewallet", name, source);
            Assert.DoesNotContain(Lacking, restored.GetRawText(), StringComparison.Ordinal);
            var info = await cluster.Wallet.Rpc.Wallet(name).CallAsync("getaddressinfo", address);
            Assert.Equal("in the log", info.GetProperty("labels").EnumerateArray().Single().GetString());
        }

        Assert.Equal(before, await ReadAsync(copy));
        Assert.Equal(log, await ReadAsync(copy + "-wal"));
    }

    [Fact]
    public async Task A_file_that_was_copied_without_its_log_is_loaded_with_a_warning()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Wallet.KillAsync();
        var copy = Path.Combine(cluster.DataDirectory, "copy");
        File.Copy(FileOf(cluster, "alice"), copy);
        var place = Directory.CreateDirectory(Path.Combine(cluster.Wallet.NetworkDirectory, "wallets", "by hand")).FullName;
        File.Copy(copy, Path.Combine(place, "wallet.dat"));
        await cluster.RestartWalletAsync();

        Assert.Contains(Lacking, (await cluster.Wallet.Rpc.CallAsync("restorewallet", "restored", copy)).GetRawText(), StringComparison.Ordinal);
        Assert.Contains(Lacking, (await cluster.Wallet.Rpc.CallAsync("loadwallet", "by hand")).GetRawText(), StringComparison.Ordinal);

        // Closed in order it lacks nothing any more.
        await cluster.Wallet.Rpc.CallAsync("unloadwallet", "by hand");
        Assert.DoesNotContain(Lacking, (await cluster.Wallet.Rpc.CallAsync("loadwallet", "by hand")).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_another_daemon_has_open_is_not_restored()
    {
        await using var cluster = await TestCluster.StartAsync();
        using TempDirectory elsewhere = new();
        await using TestWallet other = new(elsewhere.Path, "-noipcconnect");
        await other.StartAsync();
        await other.Rpc.CallAsync("createwallet", "live");
        var live = Path.Combine(other.NetworkDirectory, "wallets", "live", "wallet.dat");

        var refusal = await cluster.Wallet.Rpc.RefusedAsync("restorewallet", "taken", live);
        Assert.Equal(-4, refusal.Code);
        Assert.Contains("being used by another process", refusal.RpcMessage, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(cluster.Wallet.NetworkDirectory, "wallets", "taken")));

        // It is as it was there, and can be restored when it is closed.
        await other.Rpc.Wallet("live").TextAsync("getnewaddress");
        await other.Rpc.CallAsync("unloadwallet", "live");
        await cluster.Wallet.Rpc.CallAsync("restorewallet", "taken", live);
    }

    private static string FileOf(TestCluster cluster, string name) => Path.Combine(cluster.Wallet.NetworkDirectory, "wallets", name, "wallet.dat");

    private static Task<byte[]> ReadAsync(string file) => File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
}
