namespace Dash.WalletServer.Ledger;

/// <summary>Promises of the masternodes about a transaction. Only a reorganisation takes one back.</summary>
[Flags]
internal enum Finality
{
    /// <summary>None known.</summary>
    None = 0,

    /// <summary>Locked by InstantSend: no other transaction may spend its inputs.</summary>
    InstantSend = 1,

    /// <summary>In a block at or below a ChainLock.</summary>
    ChainLock = 2,
}
