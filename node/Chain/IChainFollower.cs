using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;

namespace Dash.Node.Chain;

/// <summary>
/// Whoever must change in step with the active chain, before anybody hears of the change: the mempool, indexes in
/// the block index. Called
/// on the validation loop.
/// </summary>
internal interface IChainFollower
{
    /// <summary>The block's coins are applied; it is about to be announced as the tip.</summary>
    public void BlockConnected(BlockNode node, Block block, BlockUndo undo);

    /// <summary>The block's coins are undone; its parent is about to be announced as the tip.</summary>
    public void BlockDisconnected(BlockNode node, Block block, BlockUndo undo);

    /// <summary>Blocks were disconnected, and what replaces them is connected.</summary>
    /// <param name="keepTransactions">Whether transactions of disconnected blocks are worth keeping.</param>
    public void Reorganised(bool keepTransactions);
}
