namespace Dash.Rpc.Protocol;

/// <summary>Error codes of the JSON-RPC interface; the numbers are Dash Core's.</summary>
public enum RpcErrorCode
{
    /// <summary>The text is not JSON, or the top level is neither an object nor an array.</summary>
    ParseError = -32700,

    /// <summary>The request is not an object with a method name and parameters. HTTP status 400.</summary>
    InvalidRequest = -32600,

    /// <summary>No such method. HTTP status 404.</summary>
    MethodNotFound = -32601,

    /// <summary>Parameters do not fit the method.</summary>
    InvalidParams = -32602,

    /// <summary>A fault of the server.</summary>
    InternalError = -32603,

    /// <summary>Anything without a code of its own.</summary>
    Misc = -1,

    /// <summary>Reserved.</summary>
    ForbiddenBySafeMode = -2,

    /// <summary>A JSON value has the wrong type.</summary>
    Type = -3,

    /// <summary>A wallet cannot do it.</summary>
    Wallet = -4,

    /// <summary>Invalid address or key.</summary>
    InvalidAddressOrKey = -5,

    /// <summary>Not enough coins.</summary>
    InsufficientFunds = -6,

    /// <summary>Not enough memory.</summary>
    OutOfMemory = -7,

    /// <summary>Invalid, missing or repeated parameter.</summary>
    InvalidParameter = -8,

    /// <summary>Not connected, or shutting down.</summary>
    ClientNotConnected = -9,

    /// <summary>Still downloading blocks.</summary>
    InInitialDownload = -10,

    /// <summary>Invalid label.</summary>
    InvalidLabelName = -11,

    /// <summary>No more keys; the keypool needs a refill.</summary>
    KeypoolRanOut = -12,

    /// <summary>The wallet must be unlocked first.</summary>
    UnlockNeeded = -13,

    /// <summary>Wrong passphrase.</summary>
    PassphraseIncorrect = -14,

    /// <summary>The wallet is, or is not, encrypted.</summary>
    WrongEncryptionState = -15,

    /// <summary>Encrypting the wallet failed.</summary>
    EncryptionFailed = -16,

    /// <summary>The wallet is unlocked already.</summary>
    AlreadyUnlocked = -17,

    /// <summary>No such wallet is loaded.</summary>
    WalletNotFound = -18,

    /// <summary>Several wallets are loaded and none was named.</summary>
    WalletNotSpecified = -19,

    /// <summary>Database error.</summary>
    Database = -20,

    /// <summary>Bytes cannot be decoded.</summary>
    Deserialization = -22,

    /// <summary>The peer was added already.</summary>
    NodeAlreadyAdded = -23,

    /// <summary>The peer was not added.</summary>
    NodeNotAdded = -24,

    /// <summary>A transaction or block was refused for a general reason.</summary>
    Verify = -25,

    /// <summary>A transaction or block breaks a rule.</summary>
    VerifyRejected = -26,

    /// <summary>The transaction is in the chain already.</summary>
    AlreadyInChain = -27,

    /// <summary>The server is starting.</summary>
    InWarmup = -28,

    /// <summary>The peer is not connected.</summary>
    NodeNotConnected = -29,

    /// <summary>Invalid IP address or subnet.</summary>
    InvalidIpOrSubnet = -30,

    /// <summary>There are no peer connections in this process.</summary>
    P2PDisabled = -31,

    /// <summary>The method is deprecated and switched off.</summary>
    MethodDeprecated = -32,

    /// <summary>There is no mempool in this process.</summary>
    MempoolDisabled = -33,

    /// <summary>All places for such connections are taken.</summary>
    NodeCapacityReached = -34,

    /// <summary>The wallet is loaded already.</summary>
    WalletAlreadyLoaded = -35,

    /// <summary>A wallet of that name exists.</summary>
    WalletAlreadyExists = -36,

    /// <summary>The caller's deadline passed before the call had any effect. Not a code of Dash Core.</summary>
    DeadlineExceeded = -60,

    /// <summary>The wallet had not seen in time what the caller wanted it to have seen. Not a code of Dash Core.</summary>
    StateNotReached = -61,

    /// <summary>The caller's deadline passed after the call had an effect, or may have had one. Not a code of Dash Core.</summary>
    AnswerTooLate = -62,
}
