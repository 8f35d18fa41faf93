namespace Dash.Primitives.Transactions;

/// <summary>DIP2: what a transaction of version 3 is for; decides what its extra payload holds.</summary>
public enum TransactionType : ushort
{
    /// <summary>An ordinary transaction without extra payload.</summary>
    Normal = 0,

    /// <summary>DIP3: registers a masternode.</summary>
    ProRegTx = 1,

    /// <summary>DIP3: updates a masternode's service.</summary>
    ProUpServTx = 2,

    /// <summary>DIP3: updates a masternode's registration.</summary>
    ProUpRegTx = 3,

    /// <summary>DIP3: revokes a masternode's operator.</summary>
    ProUpRevTx = 4,

    /// <summary>DIP4: the coinbase with its payload.</summary>
    CoinbaseSpecial = 5,

    /// <summary>DIP6: a mined quorum commitment.</summary>
    QuorumCommitment = 6,

    /// <summary>DIP23: a masternode hard fork signal.</summary>
    MnHfSignal = 7,

    /// <summary>DIP27: locks an amount into the credit pool.</summary>
    AssetLock = 8,

    /// <summary>DIP27: unlocks an amount out of the credit pool.</summary>
    AssetUnlock = 9,
}
