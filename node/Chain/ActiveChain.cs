using Dash.Common.Concurrency;
using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;

namespace Dash.Node.Chain;

/// <summary>
/// The tip and the coins at it: connects one block, disconnects one block, and tells followers and readers. Belongs to
/// the validation loop.
/// </summary>
internal sealed class ActiveChain(
    BlockIndex index,
    BlockArchive archive,
    CoinsCache coins,
    BlockConnector connector,
    AssumedValid assumedValid,
    ChainEvents events,
    Action storeIndex,
    Action<BlockNode> tipChanged)
{
    private readonly List<IChainFollower> _followers = [];

    /// <summary>The last block.</summary>
    public BlockNode Tip => View.Tip;

    /// <summary>The chain.</summary>
    public ChainView View { get; private set; } = events.Position.View;

    /// <summary>The coins at the tip.</summary>
    public CoinsCache Coins => coins;

    /// <summary>Adds someone who changes with the chain.</summary>
    public void AddFollower(IChainFollower follower) => _followers.Add(follower);

    /// <summary>Connects a block on top of the tip; nothing changes when it is invalid.</summary>
    /// <param name="node">Its place in the tree.</param>
    /// <param name="block">The block; read from disk when null.</param>
    /// <param name="data">The block's bytes; read from disk when null.</param>
    /// <param name="isNewTip">Whether the chain stays there for the moment.</param>
    public ValidationState Connect(BlockNode node, Block? block, ReadOnlyMemory<byte>? data, bool isNewTip)
    {
        var bytes = data ?? archive.ReadData(node);
        block ??= BlockArchive.Parse(node, bytes.Span);
        var overlay = new CoinsOverlay(coins, block.Transactions.Sum(static transaction => transaction.Inputs.Length + transaction.Outputs.Length));
        var checks = new ConnectChecks { Scripts = !assumedValid.Covers(node) };
        var state = connector.Connect(block, Tip, overlay, out var undo, checks);
        if (state.IsInvalid)
        {
            return state;
        }

        // What the index tells of may be lost to a power cut; without it the block could not be taken back.
        if (archive.FindUndo(node) is null)
        {
            archive.WriteUndo(node, undo);
        }

        node.RaiseValidity(BlockStatus.ValidScripts);
        index.MarkChanged(node);
        coins.Apply(overlay, node.Hash);

        // Whoever hears of the block may rely on finding it after a crash.
        storeIndex();
        foreach (var follower in _followers)
        {
            ThreadTurns.Rest();
            follower.BlockConnected(node, block, undo);
        }

        View = new ChainView(node);
        tipChanged(node);
        events.Publish(new ChainEvent.BlockConnected(node, block, bytes, isNewTip), View);
        return state;
    }

    /// <summary>What connecting a block on top of the tip would give; changes nothing.</summary>
    public ValidationState Test(Block block, bool isProposal) =>
        connector.Connect(
            block, Tip, new CoinsOverlay(coins), out _, new ConnectChecks { IsProposal = isProposal });

    /// <summary>Disconnects the tip.</summary>
    /// <param name="isNewTip">Whether the tip below is told of as a new one.</param>
    /// <exception cref="StorageException">It cannot be read back, or does not fit the coins.</exception>
    public void Disconnect(bool isNewTip = false)
    {
        var node = Tip;
        var (data, block, undo) = ReadForDisconnect(node);
        var overlay = new CoinsOverlay(coins);
        if (!BlockConnector.Disconnect(block, node, undo, overlay))
        {
            throw FailedToDisconnect(new StorageException($"Block {node.Hash} does not fit the coins after it"));
        }

        var previous = node.Previous!; // the genesis block is never disconnected
        coins.Apply(overlay, previous.Hash);
        foreach (var follower in _followers)
        {
            follower.BlockDisconnected(node, block, undo);
        }

        View = new ChainView(previous);
        tipChanged(previous);
        events.Publish(new ChainEvent.BlockDisconnected(node, block, data, isNewTip), View);
    }

    private (byte[] Data, Block Block, BlockUndo Undo) ReadForDisconnect(BlockNode node)
    {
        try
        {
            var data = archive.ReadData(node);
            return (data, BlockArchive.Parse(node, data), archive.ReadUndo(node));
        }
        catch (StorageException e)
        {
            throw FailedToDisconnect(e);
        }
    }

    private static StorageException FailedToDisconnect(StorageException reason) =>
        new("Failed to disconnect block; see debug.log for details: " + reason.Message, reason);

    /// <summary>Tells followers that disconnected blocks are replaced by what is connected now.</summary>
    /// <param name="keepTransactions">Whether transactions of disconnected blocks are worth keeping.</param>
    public void FinishReorganisation(bool keepTransactions)
    {
        foreach (var follower in _followers)
        {
            follower.Reorganised(keepTransactions);
        }
    }
}
