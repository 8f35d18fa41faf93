using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Keys;

namespace Dash.WalletServer.Rpc;

/// <summary>Turns what the wallet refuses into errors with Dash Core's codes. The only such place.</summary>
internal static class WalletErrors
{
    /// <summary>The error a caller sees; null for what is no refusal.</summary>
    public static RpcError? Translate(Exception exception) => exception switch
    {
        WalletException refused => new RpcError(CodeOf(refused.Error), refused.Message, refused),
        IpcException { Kind: IpcErrorKind.Disconnected } lost =>
            new RpcError(RpcErrorCode.ClientNotConnected, lost.Reason, lost),

        // Whoever had it in hand when its session ended, before it was called.
        ObjectDisposedException { ObjectName: var name } gone when name == typeof(ChainFeedClient).FullName =>
            new RpcError(RpcErrorCode.ClientNotConnected, "Not connected to a node (it has just gone)", gone),
        _ => null,
    };

    private static RpcErrorCode CodeOf(WalletError error) => error switch
    {
        WalletError.Wallet or WalletError.DiskFull or WalletError.Repeated => RpcErrorCode.Wallet,
        WalletError.InvalidAddressOrKey => RpcErrorCode.InvalidAddressOrKey,
        WalletError.InsufficientFunds => RpcErrorCode.InsufficientFunds,
        WalletError.InvalidParameter => RpcErrorCode.InvalidParameter,
        WalletError.InvalidLabelName => RpcErrorCode.InvalidLabelName,
        WalletError.KeypoolRanOut => RpcErrorCode.KeypoolRanOut,
        WalletError.UnlockNeeded => RpcErrorCode.UnlockNeeded,
        WalletError.PassphraseIncorrect => RpcErrorCode.PassphraseIncorrect,
        WalletError.WrongEncryptionState => RpcErrorCode.WrongEncryptionState,
        WalletError.EncryptionFailed => RpcErrorCode.EncryptionFailed,
        WalletError.AlreadyUnlocked => RpcErrorCode.AlreadyUnlocked,
        WalletError.NotFound => RpcErrorCode.WalletNotFound,
        WalletError.NotSpecified => RpcErrorCode.WalletNotSpecified,
        WalletError.Deserialization => RpcErrorCode.Deserialization,
        WalletError.Transaction => RpcErrorCode.Verify,
        WalletError.AlreadyLoaded => RpcErrorCode.WalletAlreadyLoaded,
        WalletError.AlreadyExists => RpcErrorCode.WalletAlreadyExists,
        _ => RpcErrorCode.Misc,
    };
}
