using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Chain;

/// <summary>
/// Finds blocks that the index names and that are not in the files. The index is stored with each block, without waiting for
/// the disk; after a power cut its entries may be there and the bytes they point at not. Such a block is only a header again:
/// it is downloaded as any other. Before the validation loop runs.
/// </summary>
/// <param name="index">The tree.</param>
/// <param name="files">The files.</param>
/// <param name="archive">The blocks in them.</param>
/// <param name="log">General lines.</param>
internal sealed class LostBlocks(BlockIndex index, BlockFiles files, BlockArchive archive, ILogger log)
{
    /// <summary>
    /// Looks at the blocks that may be lost. What the coins rely on was on the disk before them, and files are complete
    /// before there is a next one: neither is looked at.
    /// </summary>
    /// <param name="durable">Up to where the files were on the disk for certain; null if that is not known.</param>
    /// <param name="tips">The blocks whose coins are stored.</param>
    public void Forget(FilePosition? durable, IReadOnlyList<BlockNode> tips)
    {
        var from = durable is { } end && end.File == files.LastFile ? end.Offset : 0;
        foreach (var tip in tips.Where(tip => tip.HasData && tip.File == files.LastFile))
        {
            from = Math.Max(from, tip.DataOffset);
        }

        BlockNode[] lost = [.. index.Nodes
            .Where(node => node.HasData && node.File >= files.LastFile && node.DataOffset > from
                && !tips.Any(tip => tip.Ancestor(node.Height) == node))
            .OrderBy(static node => node.DataOffset)
            .Where(node => !IsThere(node))];
        if (lost.Length == 0)
        {
            return;
        }

        Log.BlocksLost(log, lost.Length, lost.Min(static node => node.Height), lost.Max(static node => node.Height), files.PathOf(files.LastFile));
        foreach (var node in lost)
        {
            index.ForgetTransactions(node);
        }

        DescribeLast();
    }

    private bool IsThere(BlockNode node)
    {
        try
        {
            var block = archive.ReadBlock(node);
            return block.Transactions.Count == node.TransactionCount && BlockRules.CheckMerkleRoot(block).IsValid;
        }
        catch (StorageException)
        {
            return false;
        }
    }

    // What comes next takes the place of what is lost at the end of the file.
    private void DescribeLast()
    {
        BlockNode[] held = [.. index.Nodes.Where(node => node.HasData && node.File == files.LastFile)];
        var info = held.Aggregate(BlockFileInfo.Empty, static (sum, node) => sum.WithBlock(node.Height, node.Header.Time, 0));
        try
        {
            var size = held.MaxBy(static node => node.DataOffset) is { } last
                ? last.DataOffset + files.LengthAt(new FilePosition(last.File, last.DataOffset))
                : 0;
            files.Describe(files.LastFile, info with { Size = size });
        }
        catch (StorageException)
        {
            // A block of the chain is broken: whoever checks it says so, and nothing is written over it.
        }
    }
}
