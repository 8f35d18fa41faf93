namespace Dash.Node.Mempool;

/// <summary>What became of a transaction that was given to the node to be sent.</summary>
internal enum BroadcastOutcome
{
    /// <summary>It is in the mempool.</summary>
    Sent,

    /// <summary>It spends what isn't there.</summary>
    MissingInputs,

    /// <summary>It is in a block.</summary>
    AlreadyInChain,

    /// <summary>The mempool doesn't take it.</summary>
    Rejected,

    /// <summary>It pays more than the sender allowed.</summary>
    MaxFeeExceeded,
}
