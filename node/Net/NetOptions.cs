using Dash.Common.Options;

namespace Dash.Node.Net;

/// <summary>Options of the node's part in the network; names are Dash Core's.</summary>
internal static class NetOptions
{
    public static readonly Option<bool> Listen = Option.Bool("listen", true,
        "Let peers connect (default: {0}, unless -connect or -maxconnections=0 is given)", OptionGroup.Connection);

    public static readonly Option<int> Port = Option.Int("port=<port>", 0,
        "Port at which peers connect (default: 9999, test: 19999, devnet: 19799, regtest: 19899)", OptionGroup.Connection, OptionFlags.NetworkOnly);

    public static readonly Option<IReadOnlyList<string>> Bind = Option.List("bind=<addr>[:<port>][=onion]",
        "Let peers connect at this address, [host]:port for IPv6; with =onion they are taken for visitors of this node's onion service. " +
        "Can be given several times (default: all addresses, and 127.0.0.1 at the onion port)", OptionGroup.Connection, OptionFlags.NetworkOnly);

    public static readonly Option<IReadOnlyList<string>> Connect = Option.List("connect=<ip>",
        "Connect to this node and to no other; -noconnect: to none. Can be given several times", OptionGroup.Connection, OptionFlags.NetworkOnly);

    public static readonly Option<IReadOnlyList<string>> AddNode = Option.List("addnode=<ip>",
        "Stay connected to this node (see the addnode call), at most 8 at a time. Can be given several times", OptionGroup.Connection, OptionFlags.NetworkOnly);

    public static readonly Option<int> MaxConnections = Option.Int("maxconnections=<n>", 125,
        "Peers at once, without those of -addnode (default: {0})", OptionGroup.Connection);

    public static readonly Option<int> Timeout = Option.Int("timeout=<n>", 5000,
        "Milliseconds after which an attempt to connect is given up (at least 1, default: {0})", OptionGroup.Connection);

    public static readonly Option<long> PeerTimeout = Option.Long("peertimeout=<n>", 60,
        "Seconds after a connection was made before silence of the peer counts (at least 1, default: {0})", OptionGroup.Connection);

    public static readonly Option<IReadOnlyList<string>> UserAgentComment = Option.List("uacomment=<cmt>",
        "Add a comment to the name and version peers are told. Can be given several times", OptionGroup.DebugTest);

    public static readonly Option<bool> NetworkActive = Option.Bool("networkactive", true,
        "Speak to peers; the setnetworkactive call changes it (default: {0})", OptionGroup.Connection);

    public static readonly Option<bool> Dns = Option.Bool("dns", true,
        "Look up names given to -addnode, -seednode and -connect (default: {0})", OptionGroup.Connection);

    public static readonly Option<long> MaxReceiveBuffer = Option.Long("maxreceivebuffer=<n>", 5000,
        "Kilobytes of messages of a peer that may wait to be handled (default: {0})", OptionGroup.Connection);

    public static readonly Option<long> MaxSendBuffer = Option.Long("maxsendbuffer=<n>", 1000,
        "Kilobytes that may wait to be sent to a peer before its requests wait too (default: {0})", OptionGroup.Connection);

    public static readonly Option<bool> BlocksOnly = Option.Bool("blocksonly", false,
        "Take no transactions from peers, unless they have the relay permission (default: {0})", OptionGroup.General);

    public static readonly Option<int> PushVersion = Option.Int("pushversion=<n>", 0,
        "Protocol version peers are told, on test networks", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    public static readonly Option<string> MaxUploadTarget = Option.Str("maxuploadtarget=<n>", "0M",
        "Try to send no more than so much in 24 hours; blocks of the last week and peers with the download permission are served beyond. " +
        "Units: k, m, g, t are powers of 1000, K, M, G, T of 1024; 0 is no limit (default: {0})", OptionGroup.Connection);

    public static readonly Option<bool> PeerBloomFilters = Option.Bool("peerbloomfilters", true,
        "Let peers ask for blocks and transactions by bloom filter (default: {0})", OptionGroup.Connection);

    public static readonly Option<int> MaxOrphanSize = Option.Int("maxorphantxsize=<n>", 10,
        "Megabytes of transactions kept that spend what is not known yet (default: {0})", OptionGroup.General);

    public static readonly Option<int> ReconstructionTransactions = Option.Int("blockreconstructionextratxn=<n>", 100,
        "Transactions kept beside the mempool for blocks that come without them (default: {0})", OptionGroup.General);

    public static readonly Option<bool> PeerBlockFilters = Option.Bool("peerblockfilters", false,
        "Serve filters of blocks to peers (BIP157); needs -blockfilterindex (default: {0})", OptionGroup.Connection);

    public static readonly OptionalOption SporkKey = Option.OptionalStr("sporkkey=<privatekey>",
        "Key to sign sporks with", OptionGroup.DebugTest, OptionFlags.Sensitive);

    public static readonly Option<IReadOnlyList<string>> SporkAddress = Option.List("sporkaddr=<dashaddress>",
        "Take sporks of this address's key instead of the network's. Can be given several times", OptionGroup.DebugTest);

    public static readonly Option<int> MinSporkKeys = Option.Int("minsporkkeys=<n>", 1,
        "How many spork keys must agree, on test networks", OptionGroup.DebugTest);

    public static readonly Option<bool> SyncMempool = Option.Bool("syncmempool", true,
        "Ask the first peers for their unconfirmed transactions (default: {0})", OptionGroup.General);

    public static readonly Option<bool> CaptureMessages = Option.Bool("capturemessages", false,
        "Write all messages of peers to files (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    public static readonly Option<long> MaxTimeAdjustment = Option.Long("maxtimeadjustment=<n>", 70 * 60,
        "Greatest offset of peers' clocks, in seconds, that getnetworkinfo tells; blocks are judged by our own clock in any case (default: {0})",
        OptionGroup.Connection);

    public static readonly Option<string> SocketEvents = Option.Str("socketevents=<mode>", "epoll",
        "How sockets are waited for: epoll is the only way there is (default: {0})", OptionGroup.Connection);

    public static readonly Option<bool> Reconciliation = Option.Bool("txreconciliation", false,
        "Tell peers that transactions may be announced by reconciling sets (BIP330); only the greeting is spoken yet (default: {0})",
        OptionGroup.Connection, OptionFlags.DebugOnly);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Option> All { get; } =
    [
        Listen, Port, Bind, Connect, AddNode, MaxConnections, Timeout, PeerTimeout, UserAgentComment, NetworkActive, Dns, MaxReceiveBuffer,
        CaptureMessages, PeerBlockFilters, SporkKey, SporkAddress, MinSporkKeys, SyncMempool, PeerBloomFilters, MaxOrphanSize, ReconstructionTransactions, MaxSendBuffer, MaxUploadTarget, BlocksOnly, PushVersion,
        Reconciliation, MaxTimeAdjustment, SocketEvents,
    ];
}
