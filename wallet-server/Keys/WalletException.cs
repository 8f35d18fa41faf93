namespace Dash.WalletServer.Keys;

/// <summary>A refusal the user can understand, with Core's text. Nothing has been changed when it is thrown.</summary>
internal sealed class WalletException : Exception
{
    /// <summary>Says what was refused and why, keeping what led to it, if anything did.</summary>
    public WalletException(WalletError error, string message, Exception? inner = null) : base(message, inner) => Error = error;

    /// <summary>The kind, from which the RPC layer takes the number.</summary>
    public WalletError Error { get; }

    /// <summary>Why, without what an RPC method puts before it.</summary>
    public string Cause => (InnerException as WalletException)?.Message ?? Message;

    /// <summary>The wallet is locked and a secret is needed.</summary>
    public static WalletException Locked() =>
        new(WalletError.UnlockNeeded, "Error: Please enter the wallet passphrase with walletpassphrase first.");
}
