using Dash.Common.Hosting;
using Dash.Common.Options;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Tests;

/// <summary>Every option about wallets: what is taken, what it means, and what is refused, in dashd's words.</summary>
public sealed class WalletOptionsTests
{
    private static readonly string[] Amounts = ["paytxfee", "mintxfee", "fallbackfee", "discardfee", "consolidatefeerate", "maxtxfee", "maxapsfee", "quarantinedust"];

    private static readonly FeeRate MinRelay = new(1000);

    // Those that nothing below says more about: what they take is up to other parts, and tested there.
    private static readonly string[] TestedElsewhere =
    [
        "answercache", "maxreorg", "spoolsends", "walletevents", "wallethealthbind", "zmqpubwalletevent", "zmqpubwalleteventhwm", "wallet", "walletdir",
        "walletnotify", "instantsendnotify", "walletpassphrasefile", "walletwebhook", "walletwebhooksecretfile",
    ];

    public static TheoryData<string, string, string> Numbers => new()
    {
        // option, its values with what they mean, and how that is read
        { "keypool", "0:1 -5:1 7:7 abc:1 :1", nameof(WalletSettings.KeypoolSize) },
        { "txconfirmtarget", "0:0 -1:-1 1:1 2000:2000 x:0", nameof(WalletSettings.ConfirmTarget) },
        { "rescan", "0:0 1:1 2:2 3:0 -1:0 x:0 :0", nameof(WalletSettings.RescanMode) },
        { "mnemonicbits", "128:128 160:160 192:192 224:224 256:256", nameof(WalletSettings.MnemonicBits) },
        { "spendzeroconfchange", "0:0 1:1 x:0 :1", nameof(WalletSettings.SpendZeroConfChange) },
        { "avoidpartialspends", "0:0 1:1 :1", nameof(WalletSettings.AvoidPartialSpends) },
        { "walletbroadcast", "0:0 1:1 :1", nameof(WalletSettings.Broadcast) },
        { "walletrejectlongchains", "0:0 1:1 :1", nameof(WalletSettings.RejectLongChains) },
        { "walletcrosschain", "0:0 1:1 :1", nameof(WalletSettings.AllowsOtherChain) },
        { "unsafesqlitesync", "0:0 1:1 :1", nameof(WalletSettings.UnsafeSqliteSync) },
        { "enablecoinjoin", "0:0 1:1 :1", nameof(WalletSettings.CoinJoinEnabled) },
        { "usehd", "0:0 1:1 :1", nameof(WalletSettings.UseHd) },
        { "coinjoinrounds", "1:2 2:2 16:16 17:16 x:2", nameof(CoinJoinGoals.Rounds) },
        { "coinjoinamount", "1:2 2:2 21000000:21000000 21000001:21000000", nameof(CoinJoinGoals.Amount) },
    };

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_number_is_read_as_dashd_reads_it(string option, string values, string meaning)
    {
        foreach (var pair in values.Split(' '))
        {
            var (given, expected) = (pair[..pair.IndexOf(':', StringComparison.Ordinal)], pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..]);
            Assert.Equal($"-{option}={given}: {expected}", $"-{option}={given}: {Read(Settings($"-{option}={given}"), meaning)}");
        }
    }

    [Fact]
    public void An_amount_is_decimal_with_eight_places_at_most_and_no_more_than_there_can_be()
    {
        foreach (var option in Amounts)
        {
            foreach (var wrong in new[] { "-2", "abc", "", "1e-5", "0.000000001", "21000001", "0,1", "1 2" })
            {
                Assert.Equal($"Invalid amount for -{option}=<amount>: '{wrong}'", RefusalOf($"-{option}={wrong}"));
            }

            foreach (var (right, duffs) in new[]
            {
                ("0.00001", 1000L), ("0.0000001", 10), (".5", 50_000_000), ("5.", 500_000_000), (" 1", 100_000_000), ("1 ", 100_000_000), ("1000", 100_000_000_000), ("0", 0),
            })
            {
                Assert.Equal($"-{option}={right}: {duffs}", $"-{option}={right}: {AmountOf(Settings($"-{option}={right}"), option)}");
            }

            Assert.Equal($"Invalid amount for -{option}=<amount>: ''", RefusalOf($"-{option}"));
            Assert.Equal(0, AmountOf(Settings("-no" + option), option));
        }

        Assert.Equal(-1, Settings("-maxapsfee=-1").MaxApsFee);
        Assert.Equal("Invalid amount for -paytxfee=<amount>: '-1'", RefusalOf("-paytxfee=-1"));
    }

    [Theory]
    [InlineData("mintxfee", "0.01", "0.01000001", "This is the minimum transaction fee you pay on every transaction.")]
    [InlineData("fallbackfee", "0.01", "0.01000001", "This is the transaction fee you may pay when fee estimates are not available.")]
    [InlineData("discardfee", "0.01", "0.01000001", "This is the transaction fee you may discard if change is smaller than dust at this level")]
    [InlineData("paytxfee", "0.01", "0.01000001", "This is the transaction fee you will pay if you send a transaction.")]
    [InlineData("maxtxfee", "1", "1.00000001", "Fees this large could be paid on a single transaction.")]
    [InlineData(
        "maxapsfee", "0.0001", "0.00010001",
        "This is the maximum transaction fee you pay (in addition to the normal fee) to prioritize partial spend avoidance over regular coin selection.")]
    [InlineData("consolidatefeerate", "1", null, null)]
    public void What_costs_much_is_warned_of(string option, string high, string? tooHigh, string? meaning)
    {
        Assert.Empty(Settings($"-{option}={high}").Warnings);
        if (tooHigh is not null)
        {
            Assert.Equal([$"-{option} is set very high! {meaning}"], Settings($"-{option}={tooHigh}").Warnings);
        }
    }

    [Theory]
    [InlineData("-paytxfee=0", "Invalid amount for -paytxfee=<amount>: '0' (must be at least 0.00001000 DASH/kB)")]
    [InlineData("-paytxfee=0.00000999", "Invalid amount for -paytxfee=<amount>: '0.00000999' (must be at least 0.00001000 DASH/kB)")]
    [InlineData(
        "-maxtxfee=0", "Invalid amount for -maxtxfee=<amount>: '0' (must be at least the minrelay fee of 0.00001000 DASH/kB to prevent stuck transactions)")]
    [InlineData(
        "-maxtxfee=0.00000999",
        "Invalid amount for -maxtxfee=<amount>: '0.00000999' (must be at least the minrelay fee of 0.00001000 DASH/kB to prevent stuck transactions)")]
    [InlineData("-paytxfee=0.00001", null)]
    [InlineData("-maxtxfee=0.00001", null)]
    [InlineData("-mintxfee=0", null)]
    [InlineData("-fallbackfee=0", null)]
    [InlineData("-discardfee=0", null)]
    public void What_a_node_would_not_relay_is_refused(string argument, string? refusal)
    {
        var options = Parse(argument);
        Assert.Equal(refusal, Record.Exception(() => WalletOptions.RequireRelayed(options, MinRelay))?.Message);
    }

    [Theory]
    [InlineData("-mnemonicbits=0", "Invalid '-mnemonicbits'. Allowed values: 128, 160, 192, 224, 256.")]
    [InlineData("-mnemonicbits=127", "Invalid '-mnemonicbits'. Allowed values: 128, 160, 192, 224, 256.")]
    [InlineData("-mnemonicbits=257", "Invalid '-mnemonicbits'. Allowed values: 128, 160, 192, 224, 256.")]
    [InlineData("-mnemonicbits=x", "Invalid '-mnemonicbits'. Allowed values: 128, 160, 192, 224, 256.")]
    [InlineData("-nomnemonicbits", "Invalid '-mnemonicbits'. Allowed values: 128, 160, 192, 224, 256.")]
    [InlineData("-coinjoindenomsgoal=400", "-coinjoindenomshardcap can't be lower than -coinjoindenomsgoal")]
    [InlineData("-coinjoindenomsgoal=100001", "-coinjoindenomshardcap can't be lower than -coinjoindenomsgoal")]
    [InlineData("-coinjoindenomshardcap=9", "-coinjoindenomshardcap can't be lower than -coinjoindenomsgoal")]
    [InlineData("-coinjoindenomshardcap=49", "-coinjoindenomshardcap can't be lower than -coinjoindenomsgoal")]
    [InlineData("-nocoinjoindenomshardcap", "-coinjoindenomshardcap can't be lower than -coinjoindenomsgoal")]
    [InlineData("-coinjoindenomsgoal=10", null)]
    [InlineData("-coinjoindenomshardcap=50", null)]
    [InlineData("-coinjoindenomshardcap=100001", null)]
    [InlineData("-hdseed=zz", null)]
    [InlineData("-mnemonic=nonsense words", null)]
    [InlineData("-mnemonicpassphrase=x", null)]
    [InlineData("-createwalletbackups=-1", null)]
    [InlineData("-createwalletbackups=x", null)]
    [InlineData("-coinjoinsessions=11", null)]
    [InlineData("-coinjoinautostart", null)]
    [InlineData("-coinjoinmultisession", null)]
    [InlineData("-dblogsize=1", null)]
    [InlineData("-flushwallet=0", null)]
    [InlineData("-privdb=0", null)]
    public void What_makes_no_sense_is_refused_and_the_rest_taken(string argument, string? refusal) => Assert.Equal(refusal, RefusalOf(argument));

    [Theory]
    [InlineData("-rescan=3", "Incorrect -rescan mode, falling back to default value")]
    [InlineData("-rescan=-1", "Incorrect -rescan mode, falling back to default value")]
    [InlineData("-rescan=x", null)]
    [InlineData("-walletbackupsdir=/nonexistent", "Warning: incorrect parameter -walletbackupsdir, path must exist! Using default path.")]
    [InlineData("-walletbackupsdir=", "Warning: incorrect parameter -walletbackupsdir, path must exist! Using default path.")]
    [InlineData("-walletbackupsdir=/", null)]
    public void What_is_not_used_as_given_is_said(string argument, string? warning) =>
        Assert.Equal(warning is null ? [] : [warning], WalletOptions.StartWarnings(Parse(argument), MinRelay));

    [Fact]
    public void A_seed_goes_before_words()
    {
        var both = Parse("-hdseed=" + new string('a', 64), "-mnemonic=abandon");
        Assert.Equal(["Warning: can't use -hdseed and -mnemonic/-mnemonicpassphrase together, will prefer -hdseed"], WalletOptions.StartWarnings(both, MinRelay));
        Assert.Equal("", WalletOptions.ReadSettings(both).FirstWords.Mnemonic);
        Assert.Equal("abandon", Settings("-hdseed=no hex", "-mnemonic=abandon").FirstWords.Mnemonic);
    }

    [Fact]
    public void A_node_that_relays_only_what_pays_much_is_warned_of_where_there_is_a_wallet()
    {
        Assert.Empty(WalletOptions.StartWarnings(Parse(), new FeeRate(1_000_000)));
        Assert.Equal(
            ["-minrelaytxfee is set very high! The wallet will avoid paying less than the minimum relay fee."],
            WalletOptions.StartWarnings(Parse(), new FeeRate(1_000_001)));
        Assert.Empty(WalletOptions.StartWarnings(Parse(), minRelay: null));
    }

    [Fact]
    public void Every_option_about_wallets_is_tried_here()
    {
        var tried = typeof(WalletOptionsTests).GetMethods()
            .SelectMany(static method => method.GetCustomAttributesData())
            .SelectMany(static attribute => attribute.ConstructorArguments)
            .SelectMany(static argument => argument.Value is IEnumerable<System.Reflection.CustomAttributeTypedArgument> list ? list.Select(item => item.Value) : [argument.Value])
            .OfType<string>()
            .Where(static text => text.StartsWith('-'))
            .Select(static text => text.Split('=')[0][1..]);
        string[] all = [.. tried, .. Amounts, .. Numbers.Select(static row => row.Data.Item1), .. TestedElsewhere];
        Assert.Equal([], WalletOptions.Wallets.Select(static option => option.Name).Except(all));
    }

    private static string? RefusalOf(params string[] args) => Record.Exception(() => Settings(args))?.Message;

    private static WalletSettings Settings(params string[] args) => WalletOptions.ReadSettings(Parse(args));

    private static Options Parse(params string[] args) => Options.ParseCommandLine(WalletOptions.All, args);

    private static string Read(WalletSettings settings, string meaning) => meaning switch
    {
        nameof(WalletSettings.KeypoolSize) => Text(settings.KeypoolSize),
        nameof(WalletSettings.ConfirmTarget) => Text(settings.ConfirmTarget),
        nameof(WalletSettings.RescanMode) => Text(settings.RescanMode),
        nameof(WalletSettings.MnemonicBits) => Text(settings.MnemonicBits),
        nameof(WalletSettings.SpendZeroConfChange) => Text(settings.SpendZeroConfChange),
        nameof(WalletSettings.AvoidPartialSpends) => Text(settings.AvoidPartialSpends),
        nameof(WalletSettings.Broadcast) => Text(settings.Broadcast),
        nameof(WalletSettings.RejectLongChains) => Text(settings.RejectLongChains),
        nameof(WalletSettings.AllowsOtherChain) => Text(settings.AllowsOtherChain),
        nameof(WalletSettings.UnsafeSqliteSync) => Text(settings.UnsafeSqliteSync),
        nameof(WalletSettings.CoinJoinEnabled) => Text(settings.CoinJoinEnabled),
        nameof(WalletSettings.UseHd) => Text(settings.UseHd is true),
        nameof(CoinJoinGoals.Rounds) => Text(settings.CoinJoin.Rounds),
        _ => Text(settings.CoinJoin.Amount),
    };

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Text(bool value) => value ? "1" : "0";

    private static long AmountOf(WalletSettings settings, string option) => option switch
    {
        "paytxfee" => settings.PayTxFee.DuffsPerKb,
        "mintxfee" => settings.MinTxFee.DuffsPerKb,
        "fallbackfee" => settings.FallbackFee.DuffsPerKb,
        "discardfee" => settings.DiscardFee.DuffsPerKb,
        "consolidatefeerate" => settings.ConsolidateFee.DuffsPerKb,
        "maxtxfee" => settings.MaxTxFee.Duffs,
        "quarantinedust" => settings.QuarantineBelow.Duffs,
        _ => settings.MaxApsFee,
    };
}
