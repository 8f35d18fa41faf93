namespace Dash.Common.Logging;

/// <summary>What a log line is about: the categories of <c>-debug=</c>. <see cref="LogCategories"/> has their names.</summary>
public enum LogCategory
{
    /// <summary>No category: lines that are always written.</summary>
    None,

    /// <summary>Peers and messages.</summary>
    Net,

    /// <summary>Onion service.</summary>
    Tor,

    /// <summary>Memory pool.</summary>
    Mempool,

    /// <summary>HTTP server.</summary>
    Http,

    /// <summary>How long things took.</summary>
    Bench,

    /// <summary>ZeroMQ publishers.</summary>
    Zmq,

    /// <summary>The wallet's database.</summary>
    WalletDb,

    /// <summary>Remote procedure calls.</summary>
    Rpc,

    /// <summary>Fee estimation.</summary>
    EstimateFee,

    /// <summary>Known addresses of peers.</summary>
    AddrMan,

    /// <summary>Coin selection.</summary>
    SelectCoins,

    /// <summary>Rebuilding from block files.</summary>
    Reindex,

    /// <summary>Compact blocks.</summary>
    CmpctBlock,

    /// <summary>Randomness.</summary>
    Rand,

    /// <summary>Pruning of block files.</summary>
    Prune,

    /// <summary>Proxies.</summary>
    Proxy,

    /// <summary>Transactions the memory pool refused.</summary>
    MempoolRej,

    /// <summary>A library of dashd; the name is accepted.</summary>
    Libevent,

    /// <summary>The coin database.</summary>
    CoinDb,

    /// <summary>The graphical wallet of dashd; the name is accepted.</summary>
    Qt,

    /// <summary>The key-value store.</summary>
    LevelDb,

    /// <summary>Validation of blocks.</summary>
    Validation,

    /// <summary>I2P.</summary>
    I2p,

    /// <summary>Calls between processes.</summary>
    Ipc,

    /// <summary>Block files.</summary>
    BlockStorage,

    /// <summary>Transaction reconciliation.</summary>
    TxReconciliation,

    /// <summary>Scanning the chain for a wallet.</summary>
    Scan,

    /// <summary>ChainLocks.</summary>
    ChainLocks,

    /// <summary>Governance objects.</summary>
    GObject,

    /// <summary>InstantSend.</summary>
    InstantSend,

    /// <summary>Long-living masternode quorums.</summary>
    Llmq,

    /// <summary>Distributed key generation.</summary>
    LlmqDkg,

    /// <summary>Quorum signatures.</summary>
    LlmqSigs,

    /// <summary>Masternode payments.</summary>
    MnPayments,

    /// <summary>Masternode synchronisation.</summary>
    MnSync,

    /// <summary>CoinJoin.</summary>
    CoinJoin,

    /// <summary>Sporks.</summary>
    Spork,

    /// <summary>Connections of the network.</summary>
    NetConn,

    /// <summary>The credit pool.</summary>
    CreditPool,

    /// <summary>Masternode hard fork signals.</summary>
    Ehf,
}
