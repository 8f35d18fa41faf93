namespace Dash.WalletServer.Ledger;

/// <summary>
/// Promises of the masternodes about a transaction, never taken back. That of a ChainLock is about blocks, see
/// <see cref="WalletSnapshot.ChainLockHeight"/>.
/// </summary>
[Flags]
internal enum Finality
{
    /// <summary>None known.</summary>
    None = 0,

    /// <summary>Locked by InstantSend: no other transaction may spend its inputs.</summary>
    InstantSend = 1,
}
