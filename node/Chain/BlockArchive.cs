using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;

namespace Dash.Node.Chain;

/// <summary>
/// Blocks and undo data by their place in the tree. Reading is for any thread, writing for the validation loop.
/// </summary>
/// <param name="files">The files.</param>
internal sealed class BlockArchive(BlockFiles files)
{
    /// <summary>Used bytes of all block and undo files.</summary>
    public long SizeOnDisk => files.SizeOnDisk;

    /// <summary>Whether blocks have been removed from the disk, now or in an earlier run.</summary>
    public bool HasPruned { get; set; }

    /// <summary>Whether a block was here once and has been removed to save space.</summary>
    public bool IsPruned(BlockNode node) => HasPruned && !node.HasData && node.TransactionCount > 0;

    /// <summary>The lowest block up to which, going down from <paramref name="tip"/>, all blocks are stored.</summary>
    public static BlockNode FirstStored(BlockNode tip)
    {
        var node = tip;
        while (node.Previous is { HasData: true } previous)
        {
            node = previous;
        }

        return node;
    }

    /// <summary>The block's bytes.</summary>
    /// <exception cref="StorageException">They are not stored, or not readable.</exception>
    public byte[] ReadData(BlockNode node) => node.HasData
        ? files.ReadBlock(new FilePosition(node.File, node.DataOffset))
        : throw new StorageException($"Block {node.Hash} is not stored");

    /// <summary>The same; null when the block is not stored, or is removed at this moment.</summary>
    /// <exception cref="StorageException">It is not readable.</exception>
    public byte[]? FindData(BlockNode node)
    {
        try
        {
            return node.HasData ? ReadData(node) : null;
        }
        catch (StorageException) when (!node.HasData)
        {
            return null;
        }
    }

    /// <summary>The highest block that is not stored, from one going down to another's height; null if all are, as where none was removed.</summary>
    public BlockNode? LastPruned(BlockNode from, int height)
    {
        for (var node = HasPruned ? from : null; node is not null && node.Height >= height; node = node.Previous)
        {
            if (!node.HasData)
            {
                return node;
            }
        }

        return null;
    }

    /// <summary>The bytes of a block at a place in the files.</summary>
    /// <exception cref="StorageException">There is none.</exception>
    public byte[] ReadAt(FilePosition position) => files.ReadBlock(position);

    /// <summary>The path of a file of blocks.</summary>
    public string PathOf(int file) => files.PathOf(file);

    /// <summary>The block, its header compared with what it should be.</summary>
    /// <exception cref="StorageException">It is not stored, or not readable.</exception>
    public Block ReadBlock(BlockNode node) => Parse(node, ReadData(node));

    /// <summary>Parses bytes read for a node.</summary>
    /// <exception cref="StorageException">They are another block's, or none.</exception>
    public static Block Parse(BlockNode node, ReadOnlySpan<byte> data)
    {
        if (!Block.TryParse(data, out var block)
            || !HasSameBytes(block.Header, node.Header))
        {
            throw new StorageException($"Block {node.Hash} is broken on disk");
        }

        return block;
    }

    private static bool HasSameBytes(BlockHeader one, BlockHeader other)
    {
        Span<byte> bytes = stackalloc byte[2 * BlockHeader.Size];
        one.CopyTo(bytes);
        other.CopyTo(bytes[BlockHeader.Size..]);
        return bytes[..BlockHeader.Size].SequenceEqual(bytes[BlockHeader.Size..]);
    }

    /// <summary>What it takes to disconnect the block.</summary>
    /// <exception cref="StorageException">It is not stored, or not readable.</exception>
    public BlockUndo ReadUndo(BlockNode node)
    {
        if (!node.HasUndo || node.Previous is null)
        {
            throw new StorageException($"No undo data of block {node.Hash}");
        }

        var bytes = files.ReadUndo(new FilePosition(node.File, node.UndoOffset), node.Previous.Hash);
        try
        {
            return BlockUndo.Parse(bytes);
        }
        catch (EncodingException e)
        {
            throw new StorageException($"Undo data of block {node.Hash} is broken", e);
        }
    }

    /// <summary>What it takes to disconnect the block; null when it is not stored or not readable.</summary>
    public BlockUndo? FindUndo(BlockNode node)
    {
        try
        {
            return node.HasUndo ? ReadUndo(node) : null;
        }
        catch (StorageException)
        {
            return null;
        }
    }

    /// <summary>Stores a block's bytes and notes in its node where.</summary>
    public void WriteBlock(BlockNode node, ReadOnlySpan<byte> data)
    {
        var position = files.WriteBlock(data, node.Height, node.Header.Time);
        node.File = position.File;
        node.DataOffset = position.Offset;
        node.UndoOffset = 0;
        node.Status |= BlockStatus.HasData;
    }

    /// <summary>Takes over a block that already lies in a file: when the index is built anew.</summary>
    /// <param name="node">Its place in the tree.</param>
    /// <param name="position">Where its bytes start.</param>
    /// <param name="length">How many they are.</param>
    public void AdoptBlock(BlockNode node, FilePosition position, int length)
    {
        files.AddKnownBlock(position, length, node.Height, node.Header.Time);
        node.File = position.File;
        node.DataOffset = position.Offset;
        node.UndoOffset = 0;
        node.Status = (node.Status & ~BlockStatus.HasUndo) | BlockStatus.HasData;
    }

    /// <summary>Stores a block's undo data and notes in its node where.</summary>
    public void WriteUndo(BlockNode node, BlockUndo undo)
    {
        var position = files.WriteUndo(node.File, node.Header.Previous, undo.ToBytes());
        node.UndoOffset = position.Offset;
        node.Status |= BlockStatus.HasUndo;
    }
}
