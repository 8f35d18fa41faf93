using System.Text.Json;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>Options about wallets mean the same to a dash-wallet of its own and to the one that a dash-node starts.</summary>
public sealed class WalletOptionTests
{
    private const string Words = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    [Theory]
    [InlineData("-paytxfee=abc", "Invalid amount for -paytxfee=<amount>: 'abc'")]
    [InlineData("-mnemonicbits=127", "Invalid '-mnemonicbits'. Allowed values: 128, 160, 192, 224, 256.")]
    [InlineData("-coinjoindenomshardcap=49", "-coinjoindenomshardcap can't be lower than -coinjoindenomsgoal")]
    [InlineData("-walletdir=/nonexistent", "Specified -walletdir \"/nonexistent\" does not exist")]
    [InlineData("-walletdir=/dev/null", "Specified -walletdir \"/dev/null\" is not a directory")]
    [InlineData("-nowalletdir", "Specified -walletdir \"\" does not exist")]
    [InlineData("-wallet=text", "Failed to load database path '{0}/text'. Data is not in recognized format.")]
    public async Task What_is_wrong_ends_either_program_with_the_same_words(string argument, string refusal)
    {
        foreach (var program in new[] { Programs.Wallet, Programs.Node })
        {
            using TempDirectory directory = new();
            var wallets = Path.Combine(directory.Path, "regtest", "wallets");
            Directory.CreateDirectory(Path.Combine(wallets, "text"));
            await File.WriteAllTextAsync(Path.Combine(wallets, "text", "wallet.dat"), new string('x', 1000), TestContext.Current.CancellationToken);

            var (code, _, error) = await TestProcess.RunAsync(program, null, [.. Arguments(directory, program), argument]);

            var expected = string.Format(System.Globalization.CultureInfo.InvariantCulture, refusal, wallets);
            Assert.Equal($"{Path.GetFileName(program)}: 1, Error: {expected}", $"{Path.GetFileName(program)}: {code}, {error.TrimEnd('\n')}");
        }
    }

    [Theory]
    [InlineData("-paytxfee=0", "Invalid amount for -paytxfee=<amount>: '0' (must be at least 0.00001000 DASH/kB)")]
    [InlineData(
        "-maxtxfee=0.000009", "Invalid amount for -maxtxfee=<amount>: '0.000009' (must be at least the minrelay fee of 0.00001000 DASH/kB to prevent stuck transactions)")]
    public async Task What_the_node_would_not_relay_ends_it(string argument, string refusal)
    {
        using TempDirectory directory = new();
        var (code, _, error) = await TestProcess.RunAsync(Programs.Node, null, [.. Arguments(directory, Programs.Node), argument]);
        Assert.Equal((1, "Error: " + refusal), (code, error.TrimEnd('\n')));
    }

    [Fact]
    public async Task A_wallet_of_its_own_says_so_once_a_node_is_there()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 1, "-paytxfee=0.000009", "-maxtxfee=0.000008");
        await Wait.Until(
            "the log names both",
            () => Task.FromResult(new[]
            {
                "Warning: Invalid amount for -paytxfee=<amount>: '0.000009' (must be at least 0.00001000 DASH/kB)",
                "Warning: Invalid amount for -maxtxfee=<amount>: '0.000008' (must be at least the minrelay fee of 0.00001000 DASH/kB to prevent stuck transactions)",
            }.All(cluster.Wallet.ReadLog().Contains)),
            cluster.Wallet.LastLog);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_right_is_so_in_either(bool isAlone)
    {
        using TempDirectory directory = new();
        using TempDirectory wallets = new();
        using TempDirectory copies = new();
        string[] options =
        [
            "-keypool=7", "-paytxfee=0.0002", "-mnemonic=" + Words, "-mnemonicbits=256", "-walletdir=" + wallets.Path, "-walletbackupsdir=" + copies.Path,
            "-createwalletbackups=1", "-mintxfee=0.00002", "-fallbackfee=0", "-discardfee=0.001", "-consolidatefeerate=0.1", "-maxtxfee=0.5", "-maxapsfee=-1",
            "-txconfirmtarget=2", "-spendzeroconfchange=0", "-avoidpartialspends", "-nowalletbroadcast", "-walletrejectlongchains=0", "-unsafesqlitesync",
            "-walletcrosschain", "-rescan", "-coinjoinrounds=16", "-coinjoinamount=2", "-enablecoinjoin=0", "-coinjoinautostart", "-coinjoinmultisession",
            "-coinjoinsessions=10", "-coinjoindenomsgoal=10", "-coinjoindenomshardcap=10", "-dblogsize=1", "-flushwallet=0", "-privdb=0", "-usehd",
            "-mnemonicpassphrase=x", "-walletnotify=true %s %w %b %h", "-instantsendnotify=true %s %w",
        ];
        await using TestDaemon daemon = isAlone ? new TestWallet(directory.Path, options) : new TestNode(directory.Path, options);
        await daemon.StartAsync();
        await daemon.Rpc.CallAsync("createwallet", "first");
        await daemon.Rpc.CallAsync("createwallet", "second");

        var info = await daemon.Rpc.Wallet("first").CallAsync("getwalletinfo");
        Assert.Equal("7 0.00020000", $"{info.GetProperty("keypoolsize")} {info.GetProperty("paytxfee")}");
        var first = await SecretOf(daemon.Rpc.Wallet("first"));
        Assert.Equal((Words, "x"), (first.GetProperty("mnemonic").GetString(), first.GetProperty("mnemonicpassphrase").GetString()));
        Assert.Equal(24, (await SecretOf(daemon.Rpc.Wallet("second"))).GetProperty("mnemonic").GetString()!.Split(' ').Length);
        foreach (var name in new[] { "first", "second" })
        {
            Assert.True(File.Exists(Path.Combine(wallets.Path, name, "wallet.dat")));
            Assert.Single(Directory.GetFiles(copies.Path), file => Path.GetFileName(file).StartsWith(name + ".", StringComparison.Ordinal));
        }

        await daemon.StopAsync();
    }

    [Fact]
    public async Task A_wallet_that_is_not_there_or_named_twice_is_passed_over()
    {
        using TempDirectory directory = new();
        await using TestNode node = new(directory.Path, "-keypool=1");
        await node.StartAsync();
        await node.Rpc.CallAsync("createwallet", "w");
        await node.StopAsync();

        await node.StartAsync("-wallet=w", "-wallet=w", "-wallet=nowhere");
        Assert.Equal("w", (await node.Rpc.CallAsync("listwallets")).EnumerateArray().Single().GetString());
        Assert.Contains("stderr: Warning: Ignoring duplicate -wallet w.", node.Process!.Output, StringComparison.Ordinal);
        Assert.Contains(
            $"stderr: Warning: Skipping -wallet path that doesn't exist. Failed to load database path '{node.NetworkDirectory}/wallets/nowhere'. Path does not exist.",
            node.Process.Output,
            StringComparison.Ordinal);
        Assert.Equal(0, await node.Process.StopAsync());

        await node.StartAsync("-disablewallet");
        Assert.Equal(-32601, (await node.Rpc.RefusedAsync("listwallets")).Code);
    }

    private static async Task<JsonElement> SecretOf(RpcConnection wallet) =>
        (await wallet.CallAsync("listdescriptors", true)).GetProperty("descriptors")[0];

    private static string[] Arguments(TempDirectory directory, string program) =>
        program == Programs.Wallet
            ? ["-regtest", "-datadir=" + directory.Path, "-server", "-rpcport=" + Ports.Free()]
            : ["-regtest", "-datadir=" + directory.Path, "-listen=0", "-rpcport=" + Ports.Free()];
}
