namespace Dash.WalletServer.Keys;

/// <summary>What kind of refusal a <see cref="WalletException"/> is; the RPC layer turns it into Core's number.</summary>
internal enum WalletError
{
    /// <summary>Anything without a number of its own (-1).</summary>
    Misc,

    /// <summary>The wallet cannot do it (-4).</summary>
    Wallet,

    /// <summary>A payment of this name was made already; who asked again gets its answer.</summary>
    Repeated,

    /// <summary>There is no room on the disk; nothing happened, and it goes on when there is (-4).</summary>
    DiskFull,

    /// <summary>An address or key is not usable (-5).</summary>
    InvalidAddressOrKey,

    /// <summary>Not enough money, or a payment that cannot be built (-6).</summary>
    InsufficientFunds,

    /// <summary>An argument is out of its range (-8).</summary>
    InvalidParameter,

    /// <summary>A label that is not allowed or not known (-11).</summary>
    InvalidLabelName,

    /// <summary>No key is left to give out (-12).</summary>
    KeypoolRanOut,

    /// <summary>The wallet is locked (-13).</summary>
    UnlockNeeded,

    /// <summary>The passphrase does not fit (-14).</summary>
    PassphraseIncorrect,

    /// <summary>An encryption command on an unencrypted wallet, or the other way round (-15).</summary>
    WrongEncryptionState,

    /// <summary>Encrypting failed (-16).</summary>
    EncryptionFailed,

    /// <summary>Already unlocked (-17).</summary>
    AlreadyUnlocked,

    /// <summary>No such wallet (-18).</summary>
    NotFound,

    /// <summary>Several wallets, none named (-19).</summary>
    NotSpecified,

    /// <summary>Bytes that do not fit (-22).</summary>
    Deserialization,

    /// <summary>A transaction that cannot be used (-25).</summary>
    Transaction,

    /// <summary>Loaded already (-35).</summary>
    AlreadyLoaded,

    /// <summary>A wallet of this name exists (-36).</summary>
    AlreadyExists,
}
