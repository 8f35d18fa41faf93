using Dash.Primitives.Units;
using Dash.WalletServer.Keys;

namespace Dash.WalletServer.Ledger;

/// <summary>What the options of the daemon say about every wallet; the defaults are Core's.</summary>
internal sealed record WalletSettings
{
    /// <summary>A fee rate above this many duffs/kB (0.01 DASH/kB) is warned of.</summary>
    public const long HighRate = 1_000_000;

    /// <summary>What to say of a node whose least rate is above that.</summary>
    public const string HighRelayWarning =
        "-minrelaytxfee is set very high! The wallet will avoid paying less than the minimum relay fee.";

    /// <summary>Core's defaults.</summary>
    public static WalletSettings Default { get; } = new();

    /// <summary><c>-keypool</c>: how many scripts past the last used one each ranged descriptor watches.</summary>
    public int KeypoolSize { get; init; } = 1000;

    /// <summary><c>-quarantinedust</c>: payments from others below this are set aside as they come; zero is off.</summary>
    public Amount QuarantineBelow { get; init; }

    /// <summary><c>-spendzeroconfchange</c>: own unconfirmed change may be spent and counts as trusted.</summary>
    public bool SpendZeroConfChange { get; init; } = true;

    /// <summary><c>-avoidpartialspends</c>: all coins of an address are spent together.</summary>
    public bool AvoidPartialSpends { get; init; }

    /// <summary><c>-walletbroadcast</c>.</summary>
    public bool Broadcast { get; init; } = true;

    /// <summary><c>-walletrejectlongchains</c>.</summary>
    public bool RejectLongChains { get; init; } = true;

    /// <summary><c>-enablecoinjoin</c>: the CoinJoin balance is counted.</summary>
    public bool CoinJoinEnabled { get; init; } = true;

    /// <summary><c>-coinjoinrounds</c> and <c>-coinjoinamount</c>, as they are now.</summary>
    public CoinJoinGoals CoinJoin { get; init; } = new();

    /// <summary><c>-mnemonicbits</c>.</summary>
    public int MnemonicBits { get; init; } = 128;

    /// <summary><c>-txconfirmtarget</c>, blocks.</summary>
    public int ConfirmTarget { get; init; } = 6;

    /// <summary><c>-paytxfee</c>; zero is off.</summary>
    public FeeRate PayTxFee { get; init; } = new(0);

    /// <summary><c>-fallbackfee</c>; zero is off.</summary>
    public FeeRate FallbackFee { get; init; } = new(1000);

    /// <summary><c>-discardfee</c>: change that is dust at this rate is given to the miner.</summary>
    public FeeRate DiscardFee { get; init; } = new(10_000);

    /// <summary><c>-mintxfee</c>.</summary>
    public FeeRate MinTxFee { get; init; } = new(1000);

    /// <summary><c>-consolidatefeerate</c>.</summary>
    public FeeRate ConsolidateFee { get; init; } = new(1000);

    /// <summary><c>-walletevents</c>: so many of the latest lines of the event log are kept.</summary>
    public int EventsKept { get; init; } = 1_000_000;

    /// <summary><c>-maxreorg</c>: a node that would take back more blocks at once is waited out until the user accepts it.</summary>
    public int MaxReorganisation { get; init; } = 144;

    /// <summary><c>-spoolsends</c>: payments are made without a node too, and sent when it is back.</summary>
    public bool SpoolSends { get; init; }

    /// <summary><c>-rescan</c>: whether old blocks are looked at again when a wallet is loaded: 1 from its birth, 2 all.</summary>
    public int RescanMode { get; init; }

    /// <summary><c>-usehd</c>, if it was given: wallets of the other kind are refused.</summary>
    public bool? UseHd { get; init; }

    /// <summary><c>-mnemonic</c> and its passphrase: for the first wallet that is made.</summary>
    public SecretWords FirstWords { get; init; } = SecretWords.None;

    /// <summary>The seed of new wallets of the other kind, as it was given; it is looked at, not used.</summary>
    public string? HdSeed { get; init; }

    /// <summary><c>-walletcrosschain</c>: wallets that were on another chain are loaded.</summary>
    public bool AllowsOtherChain { get; init; }

    /// <summary><c>-deprecatedrpc=exclude_coinbase</c>: what was mined does not count as received.</summary>
    public bool ExcludesCoinbase { get; init; }

    /// <summary>What to know about the options; told with every wallet that is loaded or made.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary><c>-unsafesqlitesync</c>: commits don't wait for the disk.</summary>
    public bool UnsafeSqliteSync { get; init; }

    /// <summary><c>-maxtxfee</c>: most a transaction may pay in all.</summary>
    public Amount MaxTxFee { get; init; } = new(10_000_000);

    /// <summary><c>-maxapsfee</c>: most that spending whole addresses may cost more; negative is never.</summary>
    public long MaxApsFee { get; init; }
}
