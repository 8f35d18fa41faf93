namespace Dash.Node.Consensus;

/// <summary>Why something is not accepted, for those who decide what follows from it.</summary>
internal enum InvalidKind
{
    /// <summary>It is valid.</summary>
    None,

    /// <summary>It breaks a consensus rule.</summary>
    Consensus,

    /// <summary>The header breaks a rule or has no proof of work.</summary>
    InvalidHeader,

    /// <summary>The transactions don't belong to the header; the header itself may be fine.</summary>
    Mutated,

    /// <summary>It was found invalid before.</summary>
    CachedInvalid,

    /// <summary>The parent is not known.</summary>
    MissingPrevious,

    /// <summary>The parent is invalid.</summary>
    InvalidPrevious,

    /// <summary>Its time is too far ahead of ours; it may become valid.</summary>
    TimeFuture,

    /// <summary>It forks off before a checkpoint.</summary>
    Checkpoint,

    /// <summary>It conflicts with a ChainLock.</summary>
    ChainLock,

    /// <summary>Payments that depend on data a node may lack.</summary>
    Payments,

    /// <summary>A transaction this node does not relay.</summary>
    NotStandard,

    /// <summary>A transaction that spends what this node does not relay.</summary>
    InputsNotStandard,

    /// <summary>It spends coins that are not known or spent.</summary>
    MissingInputs,

    /// <summary>Its lock time or a coin's maturity is not reached.</summary>
    PrematureSpend,

    /// <summary>It conflicts with the mempool, or is in it.</summary>
    Conflict,

    /// <summary>The mempool's limits: fees, chains of unconfirmed transactions.</summary>
    MempoolPolicy,

    /// <summary>A special transaction whose payload is not acceptable.</summary>
    BadSpecial,
}
