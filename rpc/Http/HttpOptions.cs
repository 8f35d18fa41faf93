using Dash.Common.Options;
using Dash.Rpc.Dispatch;

namespace Dash.Rpc.Http;

/// <summary>Options of the JSON-RPC server; the names are Dash Core's. Some are the client's as well.</summary>
public static class HttpOptions
{
    /// <summary>Serve JSON-RPC at all.</summary>
    public static readonly Option<bool> Server =
        Option.Bool("server", true, "Serve JSON-RPC (default: {0})", OptionGroup.Rpc);

    /// <summary>Serve REST too; only a node does.</summary>
    public static readonly Option<bool> Rest =
        Option.Bool("rest", false, "Answer public REST requests (default: {0})", OptionGroup.Rpc);

    /// <summary>Port; the default depends on the network.</summary>
    public static readonly Option<int> Port = Option.Int(
        "rpcport=<port>",
        9998,
        "Serve or call JSON-RPC on <port> (default: 9998, testnet: 19998, devnet: 19798, regtest: 19898)",
        OptionGroup.Rpc,
        OptionFlags.NetworkOnly);

    /// <summary>Addresses to listen on.</summary>
    public static readonly Option<IReadOnlyList<string>> Bind = Option.List(
        "rpcbind=<addr>[:port]",
        "Listen on this address; [host]:port for IPv6. Has no effect without -rpcallowip. Never expose the server to " +
        "a network you do not trust. Can be given several times (default: 127.0.0.1 and ::1)",
        OptionGroup.Rpc,
        OptionFlags.NetworkOnly);

    /// <summary>Who may connect.</summary>
    public static readonly Option<IReadOnlyList<string>> AllowIp = Option.List(
        "rpcallowip=<ip>",
        "Accept connections from here: an address (1.2.3.4), a network with its mask (1.2.3.4/255.255.255.0) or its " +
        "length (1.2.3.4/24). Can be given several times (default: this machine only)",
        OptionGroup.Rpc);

    /// <summary>Names by which this machine may be called.</summary>
    public static readonly Option<IReadOnlyList<string>> AllowHost = Option.List(
        "rpcallowhost=<name>",
        "Accept calls over the loopback interface that name this host, or come from a page of this origin, beside " +
        "localhost and plain addresses. Can be given several times",
        OptionGroup.Rpc);

    /// <summary>User of the one password.</summary>
    public static readonly OptionalOption User = Option.OptionalStr(
        "rpcuser=<user>", "User name for JSON-RPC", OptionGroup.Rpc, OptionFlags.Sensitive);

    /// <summary>The one password.</summary>
    public static readonly OptionalOption Password = Option.OptionalStr(
        "rpcpassword=<pw>", "Password for JSON-RPC; without it a cookie file is made", OptionGroup.Rpc, OptionFlags.Sensitive);

    /// <summary>Users with hashed passwords.</summary>
    public static readonly Option<IReadOnlyList<string>> Auth = Option.List(
        "rpcauth=<userpw>",
        "A user and a hashed password, <USERNAME>:<SALT>$<HASH>, where the hash is HMAC-SHA-256 of the password with the " +
        "salt as key. Can be given several times",
        OptionGroup.Rpc,
        OptionFlags.Sensitive);

    /// <summary>Where the cookie is.</summary>
    public static readonly Option<string> CookieFile = Option.Str(
        "rpccookiefile=<loc>",
        ".cookie",
        "The file with the cookie; relative paths are inside the network's folder of the data directory",
        OptionGroup.Rpc);

    /// <summary>Methods a user is held to.</summary>
    public static readonly Option<IReadOnlyList<string>> Whitelist = Option.List(
        "rpcwhitelist=<whitelist>",
        "Methods a user may call: <USERNAME>:<rpc 1>,<rpc 2>,...,<rpc n>. Several lists of one user are intersected",
        OptionGroup.Rpc);

    /// <summary>What holds for users without a list.</summary>
    public static readonly Option<bool> WhitelistDefault = Option.Bool(
        "rpcwhitelistdefault",
        false,
        "Users without an -rpcwhitelist may call nothing (default: 1 if there is any -rpcwhitelist, else 0)",
        OptionGroup.Rpc);

    /// <summary>Calls that run at a time.</summary>
    public static readonly Option<int> Threads = Option.Int(
        "rpcthreads", 4, "Calls that are worked on at a time (default: {0})", OptionGroup.Rpc);

    /// <summary>Calls that wait.</summary>
    public static readonly Option<int> WorkQueue = Option.Int(
        "rpcworkqueue", 16, "Calls that may wait (default: {0})", OptionGroup.Rpc, OptionFlags.DebugOnly);

    /// <summary>Users with a queue of their own.</summary>
    public static readonly OptionalOption ExternalUsers = Option.OptionalStr(
        "rpcexternaluser=<users>",
        "Users, separated by commas, whose calls wait in a queue of their own",
        OptionGroup.Rpc,
        OptionFlags.Sensitive);

    /// <summary>Depth of that queue.</summary>
    public static readonly Option<int> ExternalWorkQueue = Option.Int(
        "rpcexternalworkqueue",
        16,
        "Calls of -rpcexternaluser that may wait (default: {0})",
        OptionGroup.Rpc,
        OptionFlags.DebugOnly);

    /// <summary>Connections at a time.</summary>
    public static readonly Option<int> MaxConnections = Option.Int(
        "rpcmaxconnections",
        512,
        "Connections that may be open at a time; further ones are answered with 503 and closed. Each takes a file descriptor (default: {0})",
        OptionGroup.Rpc,
        OptionFlags.DebugOnly);

    /// <summary>Calls of one user at a time.</summary>
    public static readonly Option<int> UserLimit = Option.Int(
        "rpcuserlimit",
        0,
        "Calls of one user that may run and wait at a time, also while nobody else calls; further ones are answered with 503. 0 sets no limit (default: {0})",
        OptionGroup.Rpc,
        OptionFlags.DebugOnly);

    /// <summary>Calls that wait for something to happen.</summary>
    public static readonly Option<int> WaitLimit = Option.Int(
        "rpcwaitlimit=<n>",
        64,
        "Calls at a time that wait for a block, a transaction or an event, beside -rpcthreads; more wait in the queue (default: {0})",
        OptionGroup.Rpc,
        OptionFlags.DebugOnly);

    /// <summary>Calls that wait for rescans.</summary>
    public static readonly Option<int> RescanLimit = Option.Int(
        "rpcrescanlimit=<n>",
        64,
        "Calls at a time that wait for a rescan or an import; more wait in the queue (default: {0})",
        OptionGroup.Rpc,
        OptionFlags.DebugOnly);

    /// <summary>Calls that wait for wallets.</summary>
    public static readonly Option<int> LoadLimit = Option.Int(
        "rpcloadlimit=<n>",
        64,
        "Calls at a time that wait for a wallet to be loaded; more wait in the queue (default: {0})",
        OptionGroup.Rpc,
        OptionFlags.DebugOnly);

    /// <summary>Streams of events.</summary>
    public static readonly Option<int> StreamLimit = Option.Int(
        "rpcstreamlimit=<n>",
        64,
        "Streams of a wallet's events at a time; more are answered with 503 (default: {0})",
        OptionGroup.Rpc,
        OptionFlags.DebugOnly);

    /// <summary>Patience with clients.</summary>
    public static readonly Option<int> ServerTimeout = Option.Int(
        "rpcservertimeout",
        30,
        "Seconds until a silent connection is closed (default: {0})",
        OptionGroup.Rpc,
        OptionFlags.DebugOnly);

    /// <summary>Compare results with their documentation.</summary>
    public static readonly Option<bool> DocCheck = Option.Bool(
        "rpcdoccheck",
        false,
        "Refuse to answer when a result is not as its help says (default: {0})",
        OptionGroup.Rpc,
        OptionFlags.DebugOnly);

    /// <summary>Old methods and members that are given once more.</summary>
    public static readonly Option<IReadOnlyList<string>> DeprecatedRpc = Option.List(
        "deprecatedrpc=<method>",
        "Bring back an old method or form of an answer, by the name the release notes give it. Can be given several times",
        OptionGroup.Rpc,
        OptionFlags.DebugOnly);

    /// <summary>All of them, for a daemon's list of options.</summary>
    public static IReadOnlyList<Option> All { get; } =
    [
        Server, Port, Bind, AllowIp, AllowHost, User, Password, Auth, CookieFile, Whitelist, WhitelistDefault, Threads,
        WorkQueue, WaitLimit, RescanLimit, LoadLimit, StreamLimit, MaxConnections, UserLimit, ExternalUsers, ExternalWorkQueue, ServerTimeout, DocCheck, DeprecatedRpc,
    ];

    /// <summary>Who may call what, by <see cref="Whitelist"/> and <see cref="WhitelistDefault"/>.</summary>
    public static Permissions ReadPermissions(Options options) => Permissions.Parse(
        options[Whitelist], options.IsSet(WhitelistDefault) ? options[WhitelistDefault] : null);
}
