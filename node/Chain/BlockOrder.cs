using Dash.Node.Consensus;

namespace Dash.Node.Chain;

/// <summary>Orders blocks by how good a tip they would be: work first, then who came first.</summary>
internal sealed class BlockOrder : IComparer<BlockNode>
{
    /// <summary>The one instance.</summary>
    public static BlockOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(BlockNode? x, BlockNode? y)
    {
        if (x == y)
        {
            return 0;
        }

        if (x is null || y is null)
        {
            return x is null ? -1 : 1;
        }

        var order = x.ChainWork.CompareTo(y.ChainWork);
        order = order != 0 ? order : y.Arrival.CompareTo(x.Arrival);
        return order != 0 ? order : y.Hash.CompareTo(x.Hash);
    }
}
