using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Primitives.Transactions;

namespace Dash.Node.Chain;

/// <summary>Something that happened to the active chain or the mempool, in one order for both.</summary>
internal abstract record ChainEvent
{
    private ChainEvent()
    {
    }

    /// <summary>A block became the tip.</summary>
    /// <param name="Node">Its place in the tree.</param>
    /// <param name="Block">The block.</param>
    /// <param name="Data">The block as bytes.</param>
    /// <param name="IsNewTip">Whether the chain stays here for the moment, and is not on its way to a better block.</param>
    internal sealed record BlockConnected(BlockNode Node, Block Block, ReadOnlyMemory<byte> Data, bool IsNewTip) : ChainEvent;

    /// <summary>A block that was the tip is no longer in the chain; its parent is the tip.</summary>
    /// <param name="Node">Its place in the tree.</param>
    /// <param name="Block">The block.</param>
    /// <param name="Data">The block as bytes.</param>
    /// <param name="IsNewTip">Whether the user's word ends here: the parent is the tip, until a better block is found.</param>
    internal sealed record BlockDisconnected(BlockNode Node, Block Block, ReadOnlyMemory<byte> Data, bool IsNewTip) : ChainEvent;

    /// <summary>A transaction entered the mempool.</summary>
    /// <param name="Transaction">The transaction.</param>
    /// <param name="Time">When, Unix seconds.</param>
    /// <param name="Change">Number among the changes of the mempool.</param>
    internal sealed record TransactionAdded(Transaction Transaction, long Time, ulong Change) : ChainEvent;

    /// <summary>A transaction left the mempool, but not into a block: that is told by the block.</summary>
    /// <param name="Transaction">The transaction.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="Change">Number among the changes of the mempool.</param>
    internal sealed record TransactionRemoved(Transaction Transaction, TransactionRemovalReason Reason, ulong Change) : ChainEvent;

    /// <summary>InstantSend has locked a transaction.</summary>
    /// <param name="Txid">Which.</param>
    internal sealed record TransactionLocked(Txid Txid) : ChainEvent;

    /// <summary>A block of the active chain has a ChainLock, which holds for all before it.</summary>
    /// <param name="Node">The block.</param>
    internal sealed record ChainLocked(BlockNode Node) : ChainEvent;
}
