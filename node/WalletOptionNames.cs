namespace Dash.Node;

/// <summary>
/// Names of the wallet's options. The node takes them, from the command line and dash.conf, as dashd does, and passes them to
/// the wallet process it starts. A test compares them with the wallet's own.
/// </summary>
internal static class WalletOptionNames
{
    /// <summary>All of them, without dashes.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "answercache", "avoidpartialspends", "coinjoinamount", "coinjoinautostart", "coinjoindenomsgoal", "coinjoindenomshardcap",
        "coinjoinmultisession", "coinjoinrounds", "coinjoinsessions", "consolidatefeerate", "createwalletbackups", "dblogsize",
        "discardfee", "enablecoinjoin", "fallbackfee", "flushwallet", "hdseed", "instantsendnotify", "keypool", "maxapsfee",
        "maxreorg", "maxtxfee", "mintxfee", "mnemonic", "mnemonicbits", "mnemonicpassphrase", "paytxfee", "privdb", "quarantinedust", "rescan",
        "spendzeroconfchange", "spoolsends", "txconfirmtarget", "unsafesqlitesync", "usehd", "wallet", "walletbackupsdir",
        "walletbroadcast", "walletcrosschain", "walletdir", "walletevents", "wallethealthbind", "walletnotify", "walletpassphrasefile", "walletrejectlongchains",
        "walletwebhook", "walletwebhooksecretfile",
        "zmqpubwalletevent", "zmqpubwalleteventhwm",
    ];
}
