namespace Dash.Node.Chain;

/// <summary>Why a transaction left the mempool; the numbers are Core's.</summary>
internal enum TransactionRemovalReason
{
    /// <summary>It waited too long.</summary>
    Expiry = 0,

    /// <summary>The mempool is full.</summary>
    SizeLimit = 1,

    /// <summary>A reorganisation made it invalid.</summary>
    Reorg = 2,

    /// <summary>It is in a block.</summary>
    Block = 3,

    /// <summary>A block has a transaction that spends the same coins.</summary>
    Conflict = 4,

    /// <summary>Somebody asked for it.</summary>
    Manual = 5,
}
