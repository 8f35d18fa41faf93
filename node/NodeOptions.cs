using Dash.Common.Hosting;
using Dash.Common.Options;
using Dash.Node.Chain;
using Dash.Node.Indexes;
using Dash.Node.Net;
using Dash.Node.Services.Zmq;
using Dash.Rpc.Http;

namespace Dash.Node;

/// <summary>The node's options; names are Dash Core's.</summary>
internal static class NodeOptions
{
    public static readonly Option<bool> DisableWallet = Option.Bool("disablewallet", false,
        "Start no wallet process and answer no wallet calls (default: {0})", OptionGroup.Wallet);

    public static readonly Option<string> Signer = Option.Str("signer=<cmd>", "",
        "Program that speaks to signing devices, as enumeratesigners needs it", OptionGroup.Wallet);

    public static readonly Option<IReadOnlyList<string>> IpcBind = Option.List("ipcbind=<address>",
        "Let other processes, such as dash-wallet, attach here: \"unix\" for node.sock in the network's directory, \"unix:<path>\", " +
        "which only this user may open, or \"tcp:<host>:<port>\", which is TLS with certificates of both ends (-ipccert, -ipctrust). " +
        "Can be given several times", OptionGroup.Ipc);

    public static readonly Option<IReadOnlyList<string>> IpcConnect = Option.List("ipcconnect=<address>",
        "Pass wallet calls on to the dash-wallet that listens there: \"unix\" for wallet.sock in the network's directory, " +
        "\"unix:<path>\", or \"tcp:<host>:<port>\" as for -ipcbind. No wallet process is started then. Can be given several " +
        "times, the preferred wallet process first", OptionGroup.Ipc);

    // A wallet asks, a node answers: what an attached process says is short.
    public static readonly Option<int> IpcMaxMessage = Option.Int("ipcmaxmessage=<n>", 16,
        "MiB that one message of an attached process may have, at most 64 (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    public static readonly Option<long> MaxMempool = Option.Long("maxmempool=<n>", 300,
        "Memory for unconfirmed transactions, in megabytes (default: {0})", OptionGroup.General);

    public static readonly Option<long> MempoolExpiry = Option.Long("mempoolexpiry=<n>", 336,
        "Hours an unconfirmed transaction is kept (default: {0})", OptionGroup.General);

    public static readonly Option<bool> PersistMempool = Option.Bool("persistmempool", true,
        "Keep unconfirmed transactions over a restart (default: {0})", OptionGroup.General);

    public static readonly Option<bool> AcceptNonStandard = Option.Bool("acceptnonstdtxn", false,
        "Take transactions that are valid and not standard; test networks only (default: {0} on main and regtest, 1 on test)",
        OptionGroup.NodeRelay, OptionFlags.DebugOnly);

    public static readonly Option<string> MinRelayFee = Option.Str("minrelaytxfee=<amt>", "0.00001",
        "Least fee rate of a transaction that is taken, in DASH per 1,000 bytes (default: {0})", OptionGroup.NodeRelay);

    public static readonly Option<string> IncrementalRelayFee = Option.Str("incrementalrelayfee=<amt>", "0.00001",
        "Step by which the floor rises when the mempool is full, in DASH per 1,000 bytes (default: {0})", OptionGroup.NodeRelay, OptionFlags.DebugOnly);

    public static readonly Option<string> DustRelayFee = Option.Str("dustrelayfee=<amt>", "0.00003",
        "Fee rate at which an output that costs more to spend than it is worth is refused, in DASH per 1,000 bytes (default: {0})",
        OptionGroup.NodeRelay, OptionFlags.DebugOnly);

    public static readonly Option<bool> PermitBareMultisig = Option.Bool("permitbaremultisig", true,
        "Take outputs to several keys that are not behind a hash (default: {0})", OptionGroup.NodeRelay);

    public static readonly Option<bool> DataCarrier = Option.Bool("datacarrier", true,
        "Take outputs that only carry data (default: {0})", OptionGroup.NodeRelay);

    public static readonly Option<int> DataCarrierSize = Option.Int("datacarriersize", 83,
        "Bytes of the script of an output that only carries data (default: {0})", OptionGroup.NodeRelay);

    public static readonly Option<int> BytesPerSigOp = Option.Int("bytespersigop", 20,
        "Bytes that one signature operation counts as, in transactions that are taken and put into blocks (default: {0})", OptionGroup.NodeRelay);

    public static readonly Option<int> AncestorCount = Option.Int("limitancestorcount=<n>", 25,
        "Unconfirmed transactions that one may depend on, with itself (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    public static readonly Option<int> AncestorSize = Option.Int("limitancestorsize=<n>", 101,
        "Their size in kilobytes (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    public static readonly Option<int> DescendantCount = Option.Int("limitdescendantcount=<n>", 25,
        "Unconfirmed transactions that may depend on one, with itself (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    public static readonly Option<int> DescendantSize = Option.Int("limitdescendantsize=<n>", 101,
        "Their size in kilobytes (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    public static readonly Option<int> BlockMaxSize = Option.Int("blockmaxsize=<n>", 2_000_000,
        "Bytes to which blocks made here are filled (default: {0})", OptionGroup.BlockCreation);

    public static readonly Option<string> BlockMinFee = Option.Str("blockmintxfee=<amt>", "0.00001",
        "Least fee rate of transactions in blocks made here, in DASH per 1,000 bytes (default: {0})", OptionGroup.BlockCreation);

    public static readonly Option<bool> PrintPriority = Option.Bool("printpriority", false,
        "Log the fee rate of each transaction that is put into a block made here (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    public static readonly OptionalOption BlockVersion = Option.OptionalStr("blockversion=<n>",
        "Version of blocks made here, to test forks", OptionGroup.BlockCreation, OptionFlags.DebugOnly);

    /// <summary>Everything a node declares, the wallet's names among it.</summary>
    public static IReadOnlyList<Option> All { get; } =
    [
        .. DaemonOptions.All,
        .. HttpOptions.All,
        HttpOptions.Rest,
        .. HealthOptions.All,
        .. ZmqOptions.All,
        .. IpcLinkOptions.All,
        .. ChainOptions.All,
        .. NetworkOptions.All,
        .. IndexOptions.All,
        .. NetOptions.All,
        .. ReachOptions.All,
        DisableWallet, Signer, IpcBind, IpcConnect, IpcMaxMessage, MaxMempool, MempoolExpiry, PersistMempool, AcceptNonStandard, MinRelayFee,
        IncrementalRelayFee, DustRelayFee, PermitBareMultisig, DataCarrier, DataCarrierSize, AncestorCount, AncestorSize,
        DescendantCount, DescendantSize, BytesPerSigOp, BlockMaxSize, BlockMinFee, BlockVersion, PrintPriority,
        .. WalletOptionNames.All.Select(name => Option.Hidden(name)),
    ];
}
