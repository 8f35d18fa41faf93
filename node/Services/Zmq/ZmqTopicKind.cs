namespace Dash.Node.Services.Zmq;

/// <summary>What can be published, in the order of the names.</summary>
internal enum ZmqTopicKind
{
    /// <summary>The hash of a block that became the tip.</summary>
    HashBlock,

    /// <summary>The id of a transaction that came to the mempool or with a block, or left with one.</summary>
    HashTransaction,

    /// <summary>A block that became the tip.</summary>
    RawBlock,

    /// <summary>A transaction, as by <see cref="HashTransaction"/>.</summary>
    RawTransaction,

    /// <summary>What happens to chain and mempool, in its order.</summary>
    Sequence,
}
