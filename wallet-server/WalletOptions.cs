using Dash.Common.Hosting;
using Dash.Common.Options;
using Dash.Primitives.Units;
using Dash.Rpc.Http;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer;

/// <summary>The wallet's options; the names are Dash Core's.</summary>
internal static class WalletOptions
{
    /// <summary>How many addresses to look ahead.</summary>
    public static readonly Option<int> Keypool = Option.Int("keypool", 1000,
        "Watch <n> addresses past the last one used, of each kind (default: {0}). With fewer, a restored backup may miss payments.",
        OptionGroup.Wallet);

    /// <summary>Wallets to load at start.</summary>
    public static readonly Option<IReadOnlyList<string>> Wallet = Option.List("wallet=<path>",
        "Load this wallet at start: a name inside -walletdir or an absolute path. Can be given several times. Wallets are not created by this.",
        OptionGroup.Wallet, OptionFlags.NetworkOnly);

    /// <summary>Where wallets are.</summary>
    public static readonly OptionalOption WalletDir = Option.OptionalStr("walletdir=<dir>",
        "Directory of the wallets, absolute (default: wallets in the network's directory if it exists, else that directory)",
        OptionGroup.Wallet, OptionFlags.NetworkOnly);

    /// <summary>Send transactions to the node.</summary>
    public static readonly Option<bool> WalletBroadcast = Option.Bool("walletbroadcast", true,
        "Hand transactions of the wallet to the node (default: {0})", OptionGroup.Wallet);

    /// <summary>Own unconfirmed change may be spent.</summary>
    public static readonly Option<bool> SpendZeroConfChange = Option.Bool("spendzeroconfchange", true,
        "Spend change that is not confirmed yet (default: {0})", OptionGroup.Wallet);

    /// <summary>All coins of an address are spent together.</summary>
    public static readonly Option<bool> AvoidPartialSpends = Option.Bool("avoidpartialspends", false,
        "Spend all coins of an address together or none: better for privacy, at a higher fee (default: {0})", OptionGroup.Wallet);

    /// <summary>A fee rate instead of estimates.</summary>
    public static readonly Option<string> PayTxFee = Option.Str("paytxfee=<amt>", "0.00",
        "Fee rate in DASH/kB for payments; 0 leaves it to estimates (default: {0})", OptionGroup.WalletFee);

    /// <summary>The least fee rate.</summary>
    public static readonly Option<string> MinTxFee = Option.Str("mintxfee=<amt>", "0.00001",
        "Least fee rate in DASH/kB of a payment (default: {0})", OptionGroup.WalletFee);

    /// <summary>The rate without estimates.</summary>
    public static readonly Option<string> FallbackFee = Option.Str("fallbackfee=<amt>", "0.00001",
        "Fee rate in DASH/kB when the node has no estimate; 0 refuses payments then (default: {0})", OptionGroup.WalletFee);

    /// <summary>The rate at which change is not worth its output.</summary>
    public static readonly Option<string> DiscardFee = Option.Str("discardfee=<amt>", "0.0001",
        "Fee rate in DASH/kB at which change that costs more to spend than it is worth is left to the miner (default: {0})",
        OptionGroup.WalletFee);

    /// <summary>Blocks until confirmation.</summary>
    public static readonly Option<int> TxConfirmTarget = Option.Int("txconfirmtarget", 6,
        "Without -paytxfee, pay for confirmation within <n> blocks on average (default: {0})", OptionGroup.WalletFee);

    /// <summary>The most a transaction may pay.</summary>
    public static readonly Option<string> MaxTxFee = Option.Str("maxtxfee=<amt>", "0.10",
        "Most that a single transaction may pay in fees, in DASH (default: {0})", OptionGroup.DebugTest);

    /// <summary>What partial spend avoidance may cost.</summary>
    public static readonly Option<string> MaxApsFee = Option.Str("maxapsfee=<n>", "0.00",
        "Spend all coins of an address together where that costs at most this many DASH more; -1 never does (default: {0})",
        OptionGroup.Wallet);

    /// <summary>Strength of new words.</summary>
    public static readonly Option<int> MnemonicBits = Option.Int("mnemonicbits", 128,
        "Bits behind the words of a new wallet: 128, 160, 192, 224 or 256 (default: {0})", OptionGroup.WalletHd);

    /// <summary>Don't wait for the disk.</summary>
    public static readonly Option<bool> UnsafeSqliteSync = Option.Bool("unsafesqlitesync", false,
        "Do not wait until a change of a wallet is on the disk: a failing machine may lose or spoil it. For tests (default: {0})",
        OptionGroup.WalletDebugTest, OptionFlags.DebugOnly);

    /// <summary>Refuse what the mempool would.</summary>
    public static readonly Option<bool> WalletRejectLongChains = Option.Bool("walletrejectlongchains", true,
        "Do not make transactions that the mempool's limits on chains refuse (default: {0})",
        OptionGroup.WalletDebugTest, OptionFlags.DebugOnly);

    /// <summary>Payments without a node.</summary>
    public static readonly Option<bool> SpoolSends = Option.Bool("spoolsends", false,
        "Make payments while no node is attached too, and send them when one is back; a call can ask for either by itself (default: {0})",
        OptionGroup.Wallet);

    /// <summary>The deepest reorganisation that is followed unasked.</summary>
    public static readonly Option<int> MaxReorg = Option.Int("maxreorg=<n>", 144,
        "Wait for the user (acceptchain) when a node's chain takes back more than <n> blocks at once (default: {0}, regtest: no limit)",
        OptionGroup.Wallet);

    /// <summary>How long the event log is.</summary>
    public static readonly Option<int> WalletEvents = Option.Int("walletevents=<n>", 1_000_000,
        "Keep the latest <n> events of each wallet for those who follow them (default: {0})", OptionGroup.Wallet);

    /// <summary>Nodes to attach to.</summary>
    public static readonly Option<IReadOnlyList<string>> IpcConnect = Option.List("ipcconnect=<address>",
        "Attach to the node that listens there: \"unix\" for node.sock in the network's directory, \"unix:<path>\", or "
        + "\"tcp:<host>:<port>\", which is TLS with certificates of both ends (-ipccert, -ipctrust). Can be given several times, the "
        + "preferred node first. Runs the daemon.",
        OptionGroup.Ipc);

    /// <summary>Where nodes and command lines attach.</summary>
    public static readonly Option<IReadOnlyList<string>> IpcBind = Option.List("ipcbind=<address>",
        "Answer wallet calls of other processes, such as a dash-node with -ipcconnect, here: \"unix\" for wallet.sock in the "
        + "network's directory, \"unix:<path>\", which only this user may open, or \"tcp:<host>:<port>\", which is TLS with "
        + "certificates of both ends (-ipccert, -ipctrust). Can be given several times. Runs the daemon.",
        OptionGroup.Ipc);

    /// <summary>The socket to the node that started this process.</summary>
    public static readonly OptionalOption IpcFd = Option.Hidden("ipcfd");

    /// <summary>Those that are about wallets, which a node takes and passes to the wallet process it starts.</summary>
    public static IReadOnlyList<Option> Wallets { get; } =
    [
        AvoidPartialSpends, DiscardFee, FallbackFee, Keypool, MaxApsFee, MaxTxFee, MinTxFee, MnemonicBits, PayTxFee,
        MaxReorg, SpoolSends, WalletEvents, SpendZeroConfChange, TxConfirmTarget, UnsafeSqliteSync, Wallet, WalletBroadcast, WalletDir, WalletRejectLongChains,
    ];

    /// <summary>All options of the daemon.</summary>
    public static IReadOnlyList<Option> All { get; } =
        [.. DaemonOptions.All, .. HttpOptions.All, .. HealthOptions.All, .. IpcLinkOptions.All, .. Wallets, IpcBind, IpcConnect, IpcFd];

    /// <summary>What the options say about every wallet.</summary>
    /// <exception cref="StartupException">An amount is none.</exception>
    public static WalletSettings ReadSettings(Options options) => WalletSettings.Default with
    {
        KeypoolSize = Math.Max(options[Keypool], 1),
        SpendZeroConfChange = options[SpendZeroConfChange],
        AvoidPartialSpends = options[AvoidPartialSpends],
        Broadcast = options[WalletBroadcast],
        RejectLongChains = options[WalletRejectLongChains],
        UnsafeSqliteSync = options[UnsafeSqliteSync],
        SpoolSends = options[SpoolSends],
        EventsKept = Math.Max(options[WalletEvents], 1),
        MaxReorganisation = options.IsSet(MaxReorg) || options.Chain != ChainNames.Regtest ? Math.Max(options[MaxReorg], 0) : int.MaxValue,
        MnemonicBits = options[MnemonicBits],
        ConfirmTarget = options[TxConfirmTarget],
        PayTxFee = Rate(options, PayTxFee),
        MinTxFee = Rate(options, MinTxFee),
        FallbackFee = Rate(options, FallbackFee),
        DiscardFee = Rate(options, DiscardFee),
        MaxTxFee = Money(options, MaxTxFee),
        MaxApsFee = options[MaxApsFee] == "-1" ? -1 : Money(options, MaxApsFee).Duffs,
    };

    private static FeeRate Rate(Options options, Option<string> option) => new(Money(options, option).Duffs);

    private static Amount Money(Options options, Option<string> option) =>
        Amount.TryParse(options[option], out var amount) && amount.IsInRange
            ? amount
            : throw new StartupException($"Invalid amount for {option}=<amount>: '{options[option]}'");
}
