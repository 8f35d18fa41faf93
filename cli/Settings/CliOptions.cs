using Dash.Common.Options;

namespace Dash.Cli.Settings;

/// <summary>The options of dash-cli.</summary>
internal static class CliOptions
{
    public static readonly Option<bool> Generate = Option.Bool("generate", false,
        "Generate blocks: asks the wallet for a new address, then calls generatetoaddress with it. Two numbers may follow: how many blocks (default: 1) and how many tries at most. Example: dash-cli -generate 4 1000",
        OptionGroup.General);

    public static readonly Option<bool> AddrInfo = Option.Bool("addrinfo", false,
        "Count the addresses of peers the node knows, by network", OptionGroup.General);

    public static readonly Option<bool> NetInfo = Option.Bool("netinfo", false,
        "Show the peers of the node; a level from 0 to 4 may follow, the higher the more, or \"help\"", OptionGroup.General);

    public static readonly Option<bool> GetInfo = Option.Bool("getinfo", false,
        "Show the most important facts about node and wallet. They come from several calls, so they may be of different moments.",
        OptionGroup.General);

    public static readonly Option<string> Color = Option.Str("color=<when>", "auto",
        "Use colors (default: {0}): always, auto (when standard output is a terminal), never.", OptionGroup.General, OptionFlags.NoNegation);

    public static readonly Option<bool> Named = Option.Bool("named", false,
        "Pass the arguments by name (name=value) instead of by position (default: {0})", OptionGroup.General);

    public static readonly Option<int> ClientTimeout = Option.Int("rpcclienttimeout=<n>", 900,
        "Seconds to wait for the answer to a call, 0 for ever (default: {0})", OptionGroup.General);

    public static readonly Option<string> Connect = Option.Str("rpcconnect=<ip>", "127.0.0.1",
        "Send the call to the server at <ip> (default: {0})", OptionGroup.General);

    public static readonly Option<string> CookieFile = Option.Str("rpccookiefile=<loc>", ".cookie",
        "File with the server's cookie. A relative path is inside the network's directory (default: {0})", OptionGroup.General);

    public static readonly Option<IReadOnlyList<string>> IpcConnect = Option.List("ipcconnect=<address>",
        "Send the call over the socket of a dash-node or dash-wallet that listens with -ipcbind, instead of over HTTP: \"unix\" for " +
        "node.sock in the network's directory, \"unix:<path>\", or \"tcp:<host>:<port>\" for a dash-wallet, which is TLS with " +
        "certificates of both ends. No password is needed. Can be given several times, the preferred one first", OptionGroup.Ipc);

    public static readonly Option<string> IpcCert = Option.Str("ipccert=<file>", "ipc.pem",
        "Certificate and private key, PEM, that this side shows over TCP; made if it isn't there. A relative path is inside the " +
        "network's directory. (default: {0})", OptionGroup.Ipc);

    public static readonly Option<IReadOnlyList<string>> IpcTrust = Option.List("ipctrust=<fingerprint>",
        "Certificate that the other side must show over TCP: its SHA-256 fingerprint, or a PEM file with it. Can be given several times",
        OptionGroup.Ipc);

    public static readonly OptionalOption Password = Option.OptionalStr("rpcpassword=<pw>",
        "Password for the server", OptionGroup.General, OptionFlags.Sensitive);

    public static readonly Option<int> Port = Option.Int("rpcport=<port>", 0,
        "Port of the server (default: 9998, testnet: 19998, devnet: 19798, regtest: 19898)", OptionGroup.General, OptionFlags.NetworkOnly);

    public static readonly OptionalOption User = Option.OptionalStr("rpcuser=<user>",
        "User name for the server", OptionGroup.General, OptionFlags.Sensitive);

    public static readonly Option<bool> Wait = Option.Bool("rpcwait", false,
        "Wait until the server has started", OptionGroup.General);

    public static readonly OptionalOption Wallet = Option.OptionalStr("rpcwallet=<walletname>",
        "Send the call to this wallet, under the name with which it was loaded; needed when several are loaded. Calls go to /wallet/<walletname>.",
        OptionGroup.General);

    public static readonly Option<int> WaitTimeout = Option.Int("rpcwaittimeout=<n>", 0,
        "Seconds to wait for the server to start, 0 for ever (default: {0})", OptionGroup.General, OptionFlags.NoNegation);

    public static readonly Option<bool> Stdin = Option.Bool("stdin", false,
        "Read further arguments from standard input, one a line, so that they are seen neither in the list of processes nor in the shell's history",
        OptionGroup.General);

    public static readonly Option<bool> StdinPassword = Option.Bool("stdinrpcpass", false,
        "Read the server's password from standard input: its first line", OptionGroup.General);

    public static readonly Option<bool> StdinPassphrase = Option.Bool("stdinwalletpassphrase", false,
        "Read the wallet's passphrase from standard input: its first line, or the second after -stdinrpcpass", OptionGroup.General);

    public static IReadOnlyList<Option> All { get; } =
    [
        .. BaseOptions.ForTools, Generate, AddrInfo, NetInfo, GetInfo, Color, Named, ClientTimeout, Connect, CookieFile, IpcConnect, IpcCert, IpcTrust, Password, Port, User,
        Wait, Wallet, WaitTimeout, Stdin, StdinPassword, StdinPassphrase,
    ];
}
