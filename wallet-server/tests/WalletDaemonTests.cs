using Dash.Common.Hosting;
using Dash.Common.Options;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Tests;

public sealed class WalletDaemonTests
{
    [Theory]
    [InlineData("-server")]
    [InlineData("-regtest", "-datadir=/nowhere", "-ipcconnect=unix")]
    [InlineData("-ipcbind=unix:w.sock")]
    [InlineData("-ipcfd=3", "-keypool=5")]
    [InlineData("-help")]
    [InlineData("-version")]
    public void These_ask_for_the_daemon(params string[] args)
    {
        Assert.True(WalletDaemon.IsAskedFor(args, out var refusal));
        Assert.Null(refusal);
    }

    [Theory]
    [InlineData("No method provided. Run `dash-wallet -help` for valid methods.")]
    [InlineData("No method provided. Run `dash-wallet -help` for valid methods.", "-regtest", "-wallet=w")]
    [InlineData("No method provided. Run `dash-wallet -help` for valid methods.", "-server=0")]
    [InlineData("Error parsing command line arguments: Invalid parameter -foo", "-foo", "-server")]
    public void These_do_not(string expected, params string[] args)
    {
        Assert.False(WalletDaemon.IsAskedFor(args, out var refusal));
        Assert.Equal(expected, refusal);
    }

    [Fact]
    public void Without_options_wallets_are_as_dashd_has_them()
    {
        var settings = WalletOptions.ReadSettings(Parse());
        Assert.Empty(settings.Warnings);
        Assert.Equal((CoinJoinGoals.UsualRounds, CoinJoinGoals.UsualAmount), (settings.CoinJoin.Rounds, settings.CoinJoin.Amount));
        Assert.Equal(WalletSettings.Default, settings with { CoinJoin = WalletSettings.Default.CoinJoin, Warnings = WalletSettings.Default.Warnings });
    }

    [Fact]
    public void Options_say_how_wallets_are()
    {
        var settings = WalletOptions.ReadSettings(Parse(
            "-keypool=7", "-spendzeroconfchange=0", "-avoidpartialspends", "-nowalletbroadcast", "-walletrejectlongchains=0",
            "-mnemonicbits=256", "-txconfirmtarget=2", "-paytxfee=0.0002", "-fallbackfee=0", "-discardfee=0.1", "-mintxfee=0.00002",
            "-maxtxfee=1", "-maxapsfee=-1", "-unsafesqlitesync"));

        Assert.Equal(
            new WalletSettings
            {
                KeypoolSize = 7, SpendZeroConfChange = false, AvoidPartialSpends = true, Broadcast = false, RejectLongChains = false,
                MnemonicBits = 256, ConfirmTarget = 2, PayTxFee = new FeeRate(20_000), FallbackFee = FeeRate.Zero,
                DiscardFee = new FeeRate(10_000_000), MinTxFee = new FeeRate(2000), MaxTxFee = Amount.OneDash, MaxApsFee = -1,
                UnsafeSqliteSync = true, CoinJoin = settings.CoinJoin, Warnings = settings.Warnings,
            },
            settings);
        Assert.StartsWith("-discardfee is set very high! ", Assert.Single(settings.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Words_of_the_command_line_are_not_shown()
    {
        var settings = WalletOptions.ReadSettings(Parse("-mnemonic=abandon abandon", "-mnemonicpassphrase=open sesame"));
        Assert.Equal("abandon abandon", settings.FirstWords.Mnemonic);
        Assert.DoesNotContain("abandon", settings.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", settings.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-mnemonicbits=127")]
    [InlineData("-mnemonicbits=0")]
    public void Words_have_a_few_lengths_only(string arg) => Assert.Equal(
        "Invalid '-mnemonicbits'. Allowed values: 128, 160, 192, 224, 256.",
        Assert.Throws<StartupException>(() => WalletOptions.ReadSettings(Parse(arg))).Message);

    [Theory]
    [InlineData("-mintxfee=abc", "Invalid amount for -mintxfee=<amount>: 'abc'")]
    [InlineData("-maxtxfee=-1", "Invalid amount for -maxtxfee=<amount>: '-1'")]
    public void An_amount_that_is_none_is_refused(string arg, string expected) =>
        Assert.Equal(expected, Assert.Throws<StartupException>(() => WalletOptions.ReadSettings(Parse(arg))).Message);

    private static Options Parse(params string[] args) => Options.ParseCommandLine(WalletOptions.All, args);
}
