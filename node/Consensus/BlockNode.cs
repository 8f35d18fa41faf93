using System.Numerics;
using Dash.Primitives.Blocks;

namespace Dash.Node.Consensus;

/// <summary>
/// A block in the tree of all known headers. What the header says never changes and may be read from any thread; what
/// is known about the block's data is written by the validation loop only.
/// </summary>
internal sealed class BlockNode : IHeaderNode<BlockNode>
{
    private const int MedianSpan = 11;

    private uint _status;

    /// <summary>A node on top of <paramref name="previous"/> (null for the genesis block).</summary>
    public BlockNode(BlockHash hash, BlockHeader header, BlockNode? previous)
    {
        Hash = hash;
        Header = header;
        Previous = previous;
        Height = previous is null ? 0 : previous.Height + 1;
        ChainWork = (previous?.ChainWork ?? BigInteger.Zero) + CompactTarget.Work(header.Bits);
        MaxTime = Math.Max(previous?.MaxTime ?? 0, header.Time);
        Skip = previous?.Ancestor(SkipHeight(Height));
        MedianTimePast = ComputeMedianTimePast();
    }

    /// <summary>The block's hash.</summary>
    public BlockHash Hash { get; }

    /// <summary>The header.</summary>
    public BlockHeader Header { get; }

    /// <summary>The parent; null for the genesis block.</summary>
    public BlockNode? Previous { get; }

    /// <summary>Blocks below it.</summary>
    public int Height { get; }

    /// <summary>Expected hashes of the chain up to and with this block.</summary>
    public BigInteger ChainWork { get; }

    /// <summary>Latest time of a block up to this one, Unix seconds.</summary>
    public uint MaxTime { get; }

    /// <summary>Median time of this block and the ten before it, Unix seconds.</summary>
    public long MedianTimePast { get; }

    /// <summary>What was checked and stored.</summary>
    public BlockStatus Status
    {
        get => (BlockStatus)Volatile.Read(ref _status);
        set => Volatile.Write(ref _status, (uint)value);
    }

    /// <summary>Transactions in the block; 0 while only the header is known.</summary>
    public uint TransactionCount { get; set; }

    /// <summary>Transactions up to and with this block; 0 while data of an ancestor is missing.</summary>
    public long ChainTransactionCount { get; set; }

    /// <summary>
    /// The order in which complete chains arrived: the earlier wins among equal work. 0 for loaded ones.
    /// </summary>
    public int Arrival { get; set; }

    /// <summary>Number of the block and undo file.</summary>
    public int File { get; set; }

    /// <summary>Offset of the block's bytes, with <see cref="BlockStatus.HasData"/>.</summary>
    public uint DataOffset { get; set; }

    /// <summary>Offset of the undo bytes, with <see cref="BlockStatus.HasUndo"/>.</summary>
    public uint UndoOffset { get; set; }

    /// <summary>Whether the block or an ancestor failed.</summary>
    public bool IsFailed => (Status & BlockStatus.FailedMask) != 0;

    /// <summary>Whether the block is in a block file.</summary>
    public bool HasData => (Status & BlockStatus.HasData) != 0;

    /// <summary>Whether its undo data is in an undo file.</summary>
    public bool HasUndo => (Status & BlockStatus.HasUndo) != 0;

    /// <summary>Whether the data of this block and all its ancestors has arrived once.</summary>
    public bool HasAllTransactions => ChainTransactionCount != 0;

    private BlockNode? Skip { get; }

    /// <summary>Whether it was checked up to a level and nothing stands against it.</summary>
    public bool IsValid(BlockStatus level) => !IsFailed && (Status & BlockStatus.ValidMask) >= level;

    /// <summary>Raises the level, unless the block failed.</summary>
    /// <returns>Whether that changed anything.</returns>
    public bool RaiseValidity(BlockStatus level)
    {
        if (IsFailed || (Status & BlockStatus.ValidMask) >= level)
        {
            return false;
        }

        var assumed = level >= BlockStatus.ValidScripts ? BlockStatus.AssumedValid : BlockStatus.None;
        Status = (Status & ~BlockStatus.ValidMask & ~assumed) | level;
        return true;
    }

    /// <summary>The ancestor (or the block itself) at a height; null above it and below zero.</summary>
    public BlockNode? Ancestor(int height)
    {
        if (height > Height || height < 0)
        {
            return null;
        }

        var walk = this;
        while (walk.Height > height)
        {
            // Take the skip link unless it overshoots, or the parent's leads further towards the goal.
            var skipTo = SkipHeight(walk.Height);
            var previousSkipTo = SkipHeight(walk.Height - 1);
            var useSkip = walk.Skip is not null
                && (skipTo == height
                    || (skipTo > height && !(previousSkipTo < skipTo - 2 && previousSkipTo >= height)));
            walk = useSkip ? walk.Skip! : walk.Previous!; // a node above height 0 has a parent
        }

        return walk;
    }

    /// <summary>The last block both chains have.</summary>
    public static BlockNode? CommonAncestor(BlockNode? left, BlockNode? right)
    {
        if (left is null || right is null)
        {
            return null;
        }

        var height = Math.Min(left.Height, right.Height);
        left = left.Ancestor(height);
        right = right.Ancestor(height);
        while (left != right)
        {
            left = left!.Previous; // chains of one tree meet at the genesis block at the latest
            right = right!.Previous;
        }

        return left;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Hash} height={Height}";

    // A deterministic spread of links, so that any ancestor is found in O(log n) steps.
    private static int SkipHeight(int height)
    {
        if (height < 2)
        {
            return 0;
        }

        return (height & 1) != 0
            ? ClearLowestBit(ClearLowestBit(height - 1)) + 1
            : ClearLowestBit(height);

        static int ClearLowestBit(int number) => number & (number - 1);
    }

    private long ComputeMedianTimePast()
    {
        Span<uint> times = stackalloc uint[MedianSpan];
        var count = 0;
        for (var node = this; node is not null && count < MedianSpan; node = node.Previous)
        {
            times[count++] = node.Header.Time;
        }

        times = times[..count];
        times.Sort();
        return times[count / 2];
    }
}
