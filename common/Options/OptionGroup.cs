namespace Dash.Common.Options;

/// <summary>Sections of the option help, in the order in which they are printed.</summary>
public enum OptionGroup
{
    /// <summary>General options.</summary>
    General,

    /// <summary>Connection options.</summary>
    Connection,

    /// <summary>Indexing options.</summary>
    Indexing,

    /// <summary>Masternode options.</summary>
    Masternode,

    /// <summary>Statsd options.</summary>
    Statsd,

    /// <summary>ZeroMQ notification options.</summary>
    Zmq,

    /// <summary>Debugging and testing options.</summary>
    DebugTest,

    /// <summary>Chain selection options.</summary>
    ChainSelection,

    /// <summary>Node relay options.</summary>
    NodeRelay,

    /// <summary>Block creation options.</summary>
    BlockCreation,

    /// <summary>RPC server options.</summary>
    Rpc,

    /// <summary>Wallet options.</summary>
    Wallet,

    /// <summary>Wallet fee options.</summary>
    WalletFee,

    /// <summary>HD wallet options.</summary>
    WalletHd,

    /// <summary>CoinJoin options.</summary>
    CoinJoin,

    /// <summary>Wallet debugging and testing options; printed with <c>-help-debug</c> only.</summary>
    WalletDebugTest,

    /// <summary>Interprocess options.</summary>
    Ipc,

    /// <summary>Options of a command-line tool that are commands in themselves.</summary>
    Commands,

    /// <summary>Accepted and never printed.</summary>
    Hidden,
}
