using Dash.Common.Hosting;
using Dash.Common.Options;
using Dash.Primitives.Encoding;
using Dash.Primitives.Units;
using Dash.Rpc.Http;
using Dash.WalletServer.Keys;
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

    /// <summary>Memory for answers that are given again.</summary>
    public static readonly Option<int> AnswerCache = Option.Int("answercache=<n>", 128,
        "Keep long answers about whole wallets (listunspent, listsinceblock, listreceivedbyaddress, ...) in up to <n> MiB while the wallet " +
        "does not change, or their rows to write anew only those that do, a minute after they were last asked for; 0 makes each anew (default: {0})", OptionGroup.Rpc);

    /// <summary>How long the event log is.</summary>
    public static readonly Option<int> WalletEvents = Option.Int("walletevents=<n>", 1_000_000,
        "Keep the latest <n> events of each wallet for those who follow them (default: {0})", OptionGroup.Wallet);

    /// <summary>Where events are published.</summary>
    public static readonly Option<IReadOnlyList<string>> ZmqPubWalletEvent = Option.List("zmqpubwalletevent=<address>",
        "Publish the lines of wallets' event logs at <address>, e.g. tcp://127.0.0.1:28332. Can be given several times", OptionGroup.Zmq);

    /// <summary>How far behind a subscriber may be.</summary>
    public static readonly Option<int> ZmqPubWalletEventHwm = Option.Int("zmqpubwalleteventhwm=<n>", 1000,
        "Events that a subscriber may be behind before he misses some (default: {0})", OptionGroup.Zmq);

    /// <summary>Where events are posted to.</summary>
    public static readonly Option<IReadOnlyList<string>> WalletWebhook = Option.List("walletwebhook=<url>",
        "Post each event of each wallet to this http or https address as JSON, signed, in order and again and again until it is taken (any "
        + "status 2xx). Needs -walletwebhooksecretfile. Can be given several times",
        OptionGroup.Wallet, OptionFlags.Sensitive);

    /// <summary>Signs them.</summary>
    public static readonly OptionalOption WalletWebhookSecretFile = Option.OptionalStr("walletwebhooksecretfile=<file>",
        "Sign what -walletwebhook posts (HMAC-SHA256) with the first line of this file, of 16 characters at least; credential:<name> is one of "
        + "systemd's credentials. Nobody else may be able to read the file.",
        OptionGroup.Wallet);

    /// <summary>Where the wallet tells how it is when a node started it.</summary>
    public static readonly OptionalOption WalletHealthBind = Option.OptionalStr("wallethealthbind=<addr>:<port>",
        "The same as -healthbind for the wallet process that a dash-node starts; the node's own -healthbind tells about the node (default: off)",
        OptionGroup.Rpc, OptionFlags.NetworkOnly);

    /// <summary>The rate below which many small coins would be merged.</summary>
    public static readonly Option<string> ConsolidateFeeRate = Option.Str("consolidatefeerate=<amt>", "0.00001",
        "Highest fee rate in DASH/kB at which a payment may use more coins than it needs (default: {0})", OptionGroup.WalletFee);

    /// <summary>What is too small is set aside.</summary>
    public static readonly Option<string> QuarantineDust = Option.Str("quarantinedust=<amt>", "0.00",
        "Set coins below this many DASH that others send aside as they come, so that no payment spends them: listquarantine shows them, "
        + "lockunspent frees them; 0 sets none aside (default: {0})", OptionGroup.Wallet);

    /// <summary>Look at old blocks at start.</summary>
    public static readonly Option<int> Rescan = Option.Int("rescan=<mode>", 0,
        "Look at old blocks again when a wallet is loaded: 1 from the wallet's birth on, 2 from the first block on (default: {0})",
        OptionGroup.Wallet);

    /// <summary>How many backups are kept.</summary>
    public static readonly Option<int> CreateWalletBackups = Option.Int("createwalletbackups=<n>", 10,
        "Copy each wallet when it is made and when it is loaded, and keep the latest <n> copies; 0 makes none (default: {0})",
        OptionGroup.Wallet);

    /// <summary>Where backups are.</summary>
    public static readonly OptionalOption WalletBackupsDir = Option.OptionalStr("walletbackupsdir=<dir>",
        "Directory of these copies; it must exist (default: backups in the network's directory)", OptionGroup.Wallet);

    /// <summary>Unlocks wallets without a caller.</summary>
    public static readonly Option<IReadOnlyList<string>> WalletPassphraseFile = Option.List("walletpassphrasefile=<file>",
        "Unlock encrypted wallets with the first line of this file when they are loaded. /dev/fd/<n> is a descriptor, credential:<name> one of "
        + "systemd's credentials. Can be given several times; each wallet takes the passphrase that fits. Nobody else may be able to read the file.",
        OptionGroup.Wallet);

    /// <summary>Told of transactions.</summary>
    public static readonly OptionalOption WalletNotify = Option.OptionalStr("walletnotify=<cmd>",
        "Run a command when a transaction of a wallet comes or changes. In it %s is the txid, %w the wallet's name, %b the hash of "
        + "the block that holds it (or \"unconfirmed\"), %h that block's height (or -1). %w is quoted for the shell: do not quote it again.",
        OptionGroup.Wallet);

    /// <summary>Told of locks.</summary>
    public static readonly OptionalOption InstantSendNotify = Option.OptionalStr("instantsendnotify=<cmd>",
        "Run a command when InstantSend locks a transaction of a wallet. In it %s is the txid and %w the wallet's name, quoted for the shell.",
        OptionGroup.Wallet);

    /// <summary>Keys that derive from one another.</summary>
    public static readonly Option<bool> UseHd = Option.Bool("usehd", true,
        "Make the keys of a new wallet from one secret; wallets made the other way are refused when this is given (default: {0})",
        OptionGroup.WalletHd);

    /// <summary>The secret of a new wallet, of the kind that does not exist here.</summary>
    public static readonly OptionalOption HdSeed = Option.OptionalStr("hdseed=<hex>",
        "The secret of a new wallet without descriptors. There are none here, so it does nothing.", OptionGroup.WalletHd, OptionFlags.Sensitive);

    /// <summary>The words of a new wallet.</summary>
    public static readonly OptionalOption MnemonicWords = Option.OptionalStr("mnemonic=<text>",
        "Words (BIP39) from which the first wallet that is made gets its keys (default: new ones)", OptionGroup.WalletHd, OptionFlags.Sensitive);

    /// <summary>What goes with the words.</summary>
    public static readonly OptionalOption MnemonicPassphrase = Option.OptionalStr("mnemonicpassphrase=<text>",
        "The passphrase of these words (default: none)", OptionGroup.WalletHd, OptionFlags.Sensitive);

    /// <summary>Files of another chain.</summary>
    public static readonly Option<bool> WalletCrossChain = Option.Bool("walletcrosschain", false,
        "Load wallets that were on another chain (default: {0})", OptionGroup.WalletDebugTest, OptionFlags.DebugOnly);

    /// <summary>Coins that are mixed count.</summary>
    public static readonly Option<bool> EnableCoinJoin = Option.Bool("enablecoinjoin", true,
        "Count coins that CoinJoin has mixed (default: {0})", OptionGroup.CoinJoin);

    /// <summary>How often coins are mixed.</summary>
    public static readonly Option<int> CoinJoinRounds = Option.Int("coinjoinrounds=<n>", CoinJoinGoals.UsualRounds,
        "How often CoinJoin is to have mixed a coin, 2 to 16 (default: {0})", OptionGroup.CoinJoin);

    /// <summary>How much is mixed.</summary>
    public static readonly Option<int> CoinJoinAmount = Option.Int("coinjoinamount=<n>", CoinJoinGoals.UsualAmount,
        "How much, in whole DASH, is to be mixed, 2 to 21000000 (default: {0})", OptionGroup.CoinJoin);

    /// <summary>How many coins of a denomination mixing aims at. Nothing mixes here; it is held against the next one.</summary>
    public static readonly Option<int> CoinJoinDenomsGoal = Option.Int("coinjoindenomsgoal", 50, "", OptionGroup.Hidden);

    /// <summary>How many it makes at most.</summary>
    public static readonly Option<int> CoinJoinDenomsHardCap = Option.Int("coinjoindenomshardcap", 300, "", OptionGroup.Hidden);

    /// <summary>Names of Dash Core's that mean something to mixing and to Berkeley DB, neither of which is here.</summary>
    public static IReadOnlyList<OptionalOption> Ignored { get; } =
    [
        Option.Hidden("coinjoinautostart"), Option.Hidden("coinjoinmultisession"), Option.Hidden("coinjoinsessions"), Option.Hidden("dblogsize"),
        Option.Hidden("flushwallet"), Option.Hidden("privdb"),
    ];

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

    /// <summary>This process takes the place of one that died: it loads what that one had loaded.</summary>
    public static readonly OptionalOption IpcAgain = Option.Hidden("ipcagain");

    /// <summary>Those that are about wallets, which a node takes and passes to the wallet process it starts.</summary>
    public static IReadOnlyList<Option> Wallets { get; } =
    [
        AnswerCache, AvoidPartialSpends, CoinJoinAmount, CoinJoinDenomsGoal, CoinJoinDenomsHardCap, CoinJoinRounds, ConsolidateFeeRate, CreateWalletBackups, DiscardFee, EnableCoinJoin,
        FallbackFee, HdSeed, InstantSendNotify, Keypool, MaxApsFee, MaxReorg, MaxTxFee, MinTxFee, MnemonicBits, MnemonicPassphrase,
        MnemonicWords, PayTxFee, QuarantineDust, Rescan, SpendZeroConfChange, SpoolSends, TxConfirmTarget, UnsafeSqliteSync, UseHd, Wallet,
        WalletBackupsDir, WalletBroadcast, WalletCrossChain, WalletDir, WalletEvents, WalletHealthBind, WalletNotify,
        WalletPassphraseFile, WalletRejectLongChains, WalletWebhook, WalletWebhookSecretFile,
        ZmqPubWalletEvent, ZmqPubWalletEventHwm, .. Ignored,
    ];

    /// <summary>All options of the daemon.</summary>
    public static IReadOnlyList<Option> All { get; } =
        [.. DaemonOptions.All, .. HttpOptions.All, .. HealthOptions.All, .. IpcLinkOptions.All, .. Wallets, IpcBind, IpcConnect, IpcFd, IpcAgain];

    /// <summary>What the options say about every wallet.</summary>
    /// <exception cref="StartupException">An amount is none.</exception>
    public static WalletSettings ReadSettings(Options options) => Checked(options) with
    {
        ConsolidateFee = Rate(options, ConsolidateFeeRate),
        QuarantineBelow = Money(options, QuarantineDust),
        RescanMode = options[Rescan] is 1 or 2 ? options[Rescan] : 0,
        UseHd = options.IsSet(UseHd) ? options[UseHd] : null,
        FirstWords = PrefersSeed(options) ? SecretWords.None : new SecretWords(options[MnemonicWords] ?? "", options[MnemonicPassphrase] ?? ""),
        HdSeed = options[HdSeed],
        ExcludesCoinbase = options[HttpOptions.DeprecatedRpc].Contains("exclude_coinbase"),
        AllowsOtherChain = options[WalletCrossChain],
        CoinJoinEnabled = options[EnableCoinJoin],
        CoinJoin = new CoinJoinGoals(
            Math.Clamp(options[CoinJoinRounds], CoinJoinGoals.FewestRounds, CoinJoinGoals.MostRounds),
            Math.Clamp(options[CoinJoinAmount], CoinJoinGoals.SmallestAmount, CoinJoinGoals.LargestAmount)),
        Warnings = WarningsOf(options),
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

    /// <summary>What to say at start about options that are not used as given, or cost much.</summary>
    /// <param name="options">The options.</param>
    /// <param name="minRelay">The least rate the node relays, if there is a node and a wallet that is held to it.</param>
    public static IEnumerable<string> StartWarnings(Options options, FeeRate? minRelay)
    {
        if (minRelay?.DuffsPerKb > WalletSettings.HighRate)
        {
            yield return WalletSettings.HighRelayWarning;
        }

        if (options[Rescan] is < 0 or > 2)
        {
            yield return "Incorrect -rescan mode, falling back to default value";
        }

        if (PrefersSeed(options))
        {
            yield return "Warning: can't use -hdseed and -mnemonic/-mnemonicpassphrase together, will prefer -hdseed";
        }

        if (options[WalletBackupsDir] is { } directory && !Directory.Exists(directory))
        {
            yield return "Warning: incorrect parameter -walletbackupsdir, path must exist! Using default path.";
        }
    }

    /// <summary>Refuses fees that the node would not relay.</summary>
    /// <exception cref="StartupException">An amount is too small.</exception>
    public static void RequireRelayed(Options options, FeeRate minRelay)
    {
        if (BelowRelay(options, minRelay).FirstOrDefault() is { } refusal)
        {
            throw new StartupException(refusal);
        }
    }

    /// <summary>What is to be said of fees that the node would not relay.</summary>
    public static IEnumerable<string> BelowRelay(Options options, FeeRate minRelay)
    {
        if (options.IsSet(PayTxFee) && Rate(options, PayTxFee) < minRelay)
        {
            yield return $"Invalid amount for {PayTxFee}=<amount>: '{options[PayTxFee]}' (must be at least {minRelay})";
        }

        if (options.IsSet(MaxTxFee) && Rate(options, MaxTxFee) < minRelay)
        {
            yield return $"Invalid amount for {MaxTxFee}=<amount>: '{options[MaxTxFee]}' (must be at least the minrelay fee of {minRelay} "
                + "to prevent stuck transactions)";
        }
    }

    // What is much for a single payment.
    private const long HighApsFee = 10_000;
    private const long HighTotal = 100_000_000;

    private static WalletSettings Checked(Options options)
    {
        if (options[CoinJoinDenomsHardCap] < options[CoinJoinDenomsGoal])
        {
            throw new StartupException($"{CoinJoinDenomsHardCap} can't be lower than {CoinJoinDenomsGoal}");
        }

        return options[MnemonicBits] is 128 or 160 or 192 or 224 or 256
            ? WalletSettings.Default
            : throw new StartupException("Invalid '-mnemonicbits'. Allowed values: 128, 160, 192, 224, 256.");
    }

    private static bool PrefersSeed(Options options) =>
        options[HdSeed] is { Length: > 0 } seed && Hex.TryDecode(seed, out _)
        && (options.IsSet(MnemonicWords) || options.IsSet(MnemonicPassphrase));

    private static List<string> WarningsOf(Options options)
    {
        List<string> warnings = [];
        Warn(MinTxFee, WalletSettings.HighRate, "This is the minimum transaction fee you pay on every transaction.");
        if (options[MaxApsFee] != "-1")
        {
            Warn(MaxApsFee, HighApsFee,
                "This is the maximum transaction fee you pay (in addition to the normal fee) to prioritize partial spend avoidance "
                + "over regular coin selection.");
        }

        Warn(FallbackFee, WalletSettings.HighRate, "This is the transaction fee you may pay when fee estimates are not available.");
        Warn(DiscardFee, WalletSettings.HighRate, "This is the transaction fee you may discard if change is smaller than dust at this level");
        Warn(PayTxFee, WalletSettings.HighRate, "This is the transaction fee you will pay if you send a transaction.");
        if (Money(options, MaxTxFee).Duffs > HighTotal)
        {
            warnings.Add("-maxtxfee is set very high! Fees this large could be paid on a single transaction.");
        }

        return warnings;

        void Warn(Option<string> option, long high, string meaning)
        {
            if (Money(options, option).Duffs > high)
            {
                warnings.Add($"{option} is set very high! {meaning}");
            }
        }
    }

    private static FeeRate Rate(Options options, Option<string> option) => new(Money(options, option).Duffs);

    private static Amount Money(Options options, Option<string> option) =>
        Amount.TryParseMoney(options[option], out var amount)
            ? amount
            : throw new StartupException($"Invalid amount for {option}=<amount>: '{options[option]}'");
}
