namespace Dash.Node.Net.Wire;

/// <summary>What an inventory entry names.</summary>
internal enum InventoryKind
{
    /// <summary>A transaction, by its id.</summary>
    Transaction = 1,

    /// <summary>A block.</summary>
    Block = 2,

    /// <summary>A block as <c>merkleblock</c>; only asked for.</summary>
    FilteredBlock = 3,

    /// <summary>A spork.</summary>
    Spork = 6,

    /// <summary>A mixing transaction, by its id.</summary>
    MixingTransaction = 16,

    /// <summary>A governance object.</summary>
    GovernanceObject = 17,

    /// <summary>A vote on one.</summary>
    GovernanceVote = 18,

    /// <summary>A block as <c>cmpctblock</c>; only asked for.</summary>
    CompactBlock = 20,

    /// <summary>A quorum's final commitment.</summary>
    FinalCommitment = 21,

    /// <summary>A contribution to a key.</summary>
    Contribution = 23,

    /// <summary>A complaint about one.</summary>
    Complaint = 24,

    /// <summary>The answer to a complaint.</summary>
    Justification = 25,

    /// <summary>A member's commitment.</summary>
    PrematureCommitment = 26,

    /// <summary>A recovered signature.</summary>
    RecoveredSignature = 28,

    /// <summary>A ChainLock.</summary>
    ChainLock = 29,

    /// <summary>An InstantSend lock.</summary>
    InstantSendLock = 31,

    /// <summary>A queue of CoinJoin.</summary>
    MixingQueue = 32,

    /// <summary>A ban of a platform node.</summary>
    PlatformBan = 33,
}
