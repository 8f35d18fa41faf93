using Dash.Common.Options;

namespace Dash.Node.Net;

/// <summary>Options of how other nodes are found and reached, and who is let in; names are Dash Core's.</summary>
internal static class ReachOptions
{
    public static readonly Option<IReadOnlyList<string>> OnlyNet = Option.List("onlynet=<net>",
        "Connect by itself only to nodes of this network: ipv4, ipv6, onion, i2p or cjdns. Can be given several times", OptionGroup.Connection);

    public static readonly Option<IReadOnlyList<string>> ExternalIp = Option.List("externalip=<ip>",
        "An address at which others reach this node. Can be given several times", OptionGroup.Connection);

    public static readonly Option<bool> Discover = Option.Bool("discover", true,
        "Find own addresses (default: {0}, unless not listening, or -externalip or -proxy is given)", OptionGroup.Connection);

    public static readonly Option<bool> CjdnsReachable = Option.Bool("cjdnsreachable", false,
        "This machine is in CJDNS: addresses in fc00::/8 are nodes there (default: {0})", OptionGroup.Connection);

    public static readonly Option<string> Proxy = Option.Str("proxy=<ip:port|path>", "",
        "Connect through this SOCKS5 proxy; unix:<path> for a socket in the file system, -noproxy for none (default: none)",
        OptionGroup.Connection, OptionFlags.NeedsValue);

    public static readonly Option<string> Onion = Option.Str("onion=<ip:port|path>", "",
        "Reach onion services through this SOCKS5 proxy; -noonion: not at all (default: -proxy)", OptionGroup.Connection);

    public static readonly Option<bool> ProxyRandomize = Option.Bool("proxyrandomize", true,
        "Give the proxy other credentials for every connection, so that Tor keeps their paths apart (default: {0})", OptionGroup.Connection);

    public static readonly Option<string> I2pSam = Option.Str("i2psam=<ip:port>", "",
        "Reach I2P by the SAM bridge of a router (default: none)", OptionGroup.Connection);

    public static readonly Option<bool> I2pAcceptIncoming = Option.Bool("i2pacceptincoming", true,
        "With -i2psam, let peers connect through I2P (default: {0})", OptionGroup.Connection);

    public static readonly Option<string> TorControl = Option.Str("torcontrol=<ip>:<port>", "127.0.0.1:9051",
        "Where Tor is asked for an onion service (default: {0})", OptionGroup.Connection);

    public static readonly Option<string> TorPassword = Option.Str("torpassword=<pass>", "",
        "Password of Tor's control port (default: none)", OptionGroup.Connection, OptionFlags.Sensitive);

    public static readonly Option<bool> ListenOnion = Option.Bool("listenonion", true,
        "Let Tor make an onion service through which peers connect (default: {0})", OptionGroup.Connection);

    public static readonly Option<bool> DnsSeed = Option.Bool("dnsseed", true,
        "Ask name servers for nodes when few are known (default: {0}, unless -connect or -maxconnections=0 is given)", OptionGroup.Connection);

    public static readonly Option<bool> ForceDnsSeed = Option.Bool("forcednsseed", false,
        "Ask name servers for nodes in any case (default: {0})", OptionGroup.Connection);

    public static readonly Option<bool> FixedSeeds = Option.Bool("fixedseeds", true,
        "Use addresses that come with the program if nobody else tells any (default: {0})", OptionGroup.Connection);

    public static readonly Option<IReadOnlyList<string>> SeedNode = Option.List("seednode=<ip>",
        "Ask this node for addresses of others once. Can be given several times", OptionGroup.Connection);

    public static readonly Option<IReadOnlyList<string>> WhiteBind = Option.List("whitebind=<[permissions@]addr>",
        "Let peers connect at this address and give them permissions: " + Permissions + ". Can be given several times", OptionGroup.Connection);

    public static readonly Option<IReadOnlyList<string>> Whitelist = Option.List("whitelist=<[permissions@]IP address or network>",
        "Give peers that connect from there permissions, as -whitebind does. Can be given several times", OptionGroup.Connection);

    public static readonly Option<bool> WhitelistRelay = Option.Bool("whitelistrelay", true,
        "Peers with permissions that were not listed have relay (default: {0})", OptionGroup.NodeRelay);

    public static readonly Option<bool> WhitelistForceRelay = Option.Bool("whitelistforcerelay", false,
        "Peers with permissions that were not listed have forcerelay (default: {0})", OptionGroup.NodeRelay);

    public static readonly Option<long> BanTime = Option.Long("bantime=<n>", 24 * 60 * 60,
        "Seconds of a ban for which no time is given (default: {0})", OptionGroup.Connection);

    public static readonly Option<string> Asmap = Option.Str("asmap=<file>", "ip_asn.map",
        "Which autonomous system addresses belong to, so that peers are spread over them (default name: {0}, in the network's directory)",
        OptionGroup.Connection);

    public static readonly Option<int> CheckAddrman = Option.Int("checkaddrman=<n>", 0,
        "Check the tables of addresses once in n changes; 0 for never (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    public static readonly Option<bool> V2Transport = Option.Bool("v2transport", true,
        "Encrypt connections with peers that can (BIP324, default: {0})", OptionGroup.Connection);

    private const string Permissions =
        "bloomfilter (bloom filters), noban (never punished), forcerelay (transactions are relayed even if known), relay (transactions "
        + "are taken with -blocksonly), mempool (may ask for the mempool), download (served during the initial download and beyond "
        + "-maxuploadtarget), addr (any number of addresses); without a list noban, relay, mempool";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Option> All { get; } =
    [
        OnlyNet, ExternalIp, Discover, CjdnsReachable, Proxy, Onion, ProxyRandomize, I2pSam, I2pAcceptIncoming, TorControl, TorPassword,
        ListenOnion, DnsSeed, ForceDnsSeed, FixedSeeds, SeedNode, WhiteBind, Whitelist, WhitelistRelay, WhitelistForceRelay, BanTime,
        Asmap, CheckAddrman, V2Transport,
    ];
}
