using System.Collections.Immutable;
using Dash.Primitives.Blocks;

namespace Dash.WalletServer.Ledger;

/// <summary>
/// The blocks the wallet remembers having passed: the latest densely, older ones ever more sparsely. Enough to find
/// the fork with any chain of a node and to go back to it. Heights rise with the index.
/// </summary>
internal sealed class ChainTrail
{
    /// <summary>How many of the newest blocks are all kept.</summary>
    private const int Dense = 32;

    private readonly ImmutableList<BlockPoint> _points;

    private ChainTrail(ImmutableList<BlockPoint> points) => _points = points;

    /// <summary>Nothing seen yet.</summary>
    public static ChainTrail Empty { get; } = new([]);

    /// <summary>The newest block, or <see cref="BlockPoint.None"/>.</summary>
    public BlockPoint Tip => _points.IsEmpty ? BlockPoint.None : _points[^1];

    /// <summary>All that is remembered, oldest first.</summary>
    public IReadOnlyList<BlockPoint> Points => _points;

    /// <summary>From what a file held, oldest first.</summary>
    public static ChainTrail Of(IEnumerable<BlockPoint> oldestFirst) => new([.. oldestFirst]);

    /// <summary>From a locator (newest first), whose heights nobody has told yet.</summary>
    public static ChainTrail Of(BlockLocator locator) =>
        new([.. locator.Hashes.Reverse().Select(hash => new BlockPoint(hash, -1))]);

    /// <summary>The locator for the node: newest first.</summary>
    public BlockLocator ToLocator() => new([.. _points.Reverse().Select(point => point.Hash)]);

    /// <summary>One block further.</summary>
    public ChainTrail Append(BlockPoint tip)
    {
        var points = _points;
        if (!points.IsEmpty && (points[^1].Height < 0 || points[^1].Height >= tip.Height))
        {
            points = points.RemoveAll(point => point.Height < 0 || point.Height >= tip.Height);
        }

        return new(Thin(points.Add(tip)));
    }

    /// <summary>Back to a block that the node's chain and this trail share.</summary>
    public ChainTrail BackTo(BlockPoint fork)
    {
        var points = _points.RemoveAll(point => point.Height < 0 || point.Height >= fork.Height);
        return new(points.Add(fork));
    }

    /// <summary>Is this block remembered?</summary>
    public bool Contains(BlockHash hash) => _points.Exists(point => point.Hash == hash);

    // Going back from the tip the distance between neighbours may double: behind the dense part a point is dropped
    // when its neighbours are closer together than a quarter of their distance from the tip.
    private static ImmutableList<BlockPoint> Thin(ImmutableList<BlockPoint> points)
    {
        if (points.Count <= Dense + 1)
        {
            return points;
        }

        var tip = points[^1].Height;
        for (var i = points.Count - Dense - 1; i >= 1; i--)
        {
            if (points[i + 1].Height - points[i - 1].Height <= (tip - points[i].Height) / 4)
            {
                return points.RemoveAt(i);
            }
        }

        return points;
    }
}
