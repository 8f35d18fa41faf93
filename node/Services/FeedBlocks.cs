using Dash.Ipc.Interfaces;
using Dash.Node.Consensus;

namespace Dash.Node.Services;

/// <summary>Blocks in the form in which other processes get them.</summary>
internal static class FeedBlocks
{
    /// <summary>Hash and height.</summary>
    public static BlockRef RefOf(BlockNode node) => new(node.Hash, node.Height);

    /// <summary>A block with what a wallet wants to know of its place.</summary>
    public static FeedBlock Of(BlockNode node, ReadOnlyMemory<byte> data) =>
        new(RefOf(node), node.Header.Previous, node.MedianTimePast, data);
}
