using Dash.Node.Consensus;
using Dash.Primitives.Blocks;

namespace Dash.Node.Chain;

/// <summary>
/// The active chain at one moment: its tip, and through the links of the tree all blocks below. Immutable, for any
/// thread.
/// </summary>
/// <param name="Tip">The last block.</param>
internal sealed record ChainView(BlockNode Tip)
{
    /// <summary>Height of the tip.</summary>
    public int Height => Tip.Height;

    /// <summary>The block at a height; null above the tip and below zero.</summary>
    public BlockNode? At(int height) => Tip.Ancestor(height);

    /// <summary>Whether the block is in this chain.</summary>
    public bool Contains(BlockNode node) => Tip.Ancestor(node.Height) == node;

    /// <summary>The block after one of this chain; null after the tip, and for a block that isn't in it.</summary>
    public BlockNode? Next(BlockNode node) => Contains(node) ? At(node.Height + 1) : null;

    /// <summary>
    /// The last block of this chain that is an ancestor of <paramref name="node"/> or the node itself.
    /// </summary>
    public BlockNode FindFork(BlockNode node) =>
        BlockNode.CommonAncestor(Tip, node)!; // all nodes descend from one genesis block

    /// <summary>
    /// The first block of a locator that is in this chain, or this tip if the locator starts above it.
    /// </summary>
    /// <param name="locator">Hashes from a tip downwards.</param>
    /// <param name="find">Any known block by hash.</param>
    /// <returns>Null when none of the locator's blocks is known.</returns>
    public BlockNode? FindFork(BlockLocator locator, Func<BlockHash, BlockNode?> find)
    {
        foreach (var hash in locator.Hashes)
        {
            if (find(hash) is not { } node)
            {
                continue;
            }

            if (Contains(node))
            {
                return node;
            }

            if (node.Ancestor(Tip.Height) == Tip)
            {
                return Tip;
            }
        }

        return null;
    }

    /// <summary>Hashes by which another can find the fork with this chain.</summary>
    public BlockLocator Locator() => LocatorOf(Tip);

    /// <summary>Hashes by which another can find the fork with the chain of <paramref name="node"/>.</summary>
    public static BlockLocator LocatorOf(BlockNode node) =>
        BlockLocator.Of(node.Height, height => node.Ancestor(height)!.Hash); // heights up to the node's own
}
