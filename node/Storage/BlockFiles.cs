using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;

namespace Dash.Node.Storage;

/// <summary>
/// Blocks and their undo data in append-only files, as dashd writes them. Writing belongs to the validation loop;
/// reading to any thread. What is written is only found again once its position is in the block index.
/// </summary>
internal sealed class BlockFiles : IDisposable
{
    private readonly BlockFileLimits _limits;
    private readonly RecordFiles _blocks;
    private readonly RecordFiles _undo;
    private readonly List<BlockFileInfo> _infos;
    private readonly SortedSet<int> _changed = [];
    private readonly HashSet<int> _unsynced = [];

    /// <summary>The files in <paramref name="directory"/>, described by what the block index knows of them.</summary>
    public BlockFiles(
        string directory, ReadOnlySpan<byte> magic, IReadOnlyList<BlockFileInfo> infos, BlockFileLimits limits)
    {
        _limits = limits;
        _blocks = new RecordFiles(directory, "blk", limits.BlockChunk, magic);
        _undo = new RecordFiles(directory, "rev", limits.UndoChunk, magic);
        _infos = infos.Count == 0 ? [BlockFileInfo.Empty] : [.. infos];
    }

    /// <summary>The file new blocks go to. All before it are complete, and on the disk.</summary>
    public int LastFile => _infos.Count - 1;

    /// <summary>Where the next block would go, if the file has room for it.</summary>
    public FilePosition End => new(LastFile, _infos[LastFile].Size);

    /// <summary>Whether files took disk space since this was last set to false.</summary>
    public bool HasGrown
    {
        get => _blocks.HasGrown || _undo.HasGrown;
        set => _blocks.HasGrown = _undo.HasGrown = value;
    }

    /// <summary>The steps in which files take space from the disk, together.</summary>
    public long GrowthStep => _limits.BlockChunk + _limits.UndoChunk;

    /// <summary>Used bytes of all files.</summary>
    public long SizeOnDisk
    {
        get
        {
            lock (_infos)
            {
                return _infos.Sum(static info => (long)info.Size + info.UndoSize);
            }
        }
    }

    /// <summary>Whether the file of a block is there.</summary>
    public bool HasFile(int file) => _blocks.Exists(file);

    /// <summary>The path of a file of blocks.</summary>
    public string PathOf(int file) => _blocks.PathOf(file);

    /// <summary>What a file holds.</summary>
    public BlockFileInfo InfoOf(int file) => _infos[file];

    /// <summary>Takes over a block that already lies in a file: when the index is built anew.</summary>
    public void AddKnownBlock(FilePosition position, int length, int height, uint time)
    {
        lock (_infos)
        {
            while (_infos.Count <= position.File)
            {
                _infos.Add(BlockFileInfo.Empty);
            }
        }

        var info = _infos[position.File].WithBlock(height, time, 0);
        Change(position.File, info with { Size = Math.Max(info.Size, position.Offset + (uint)length) });
    }

    /// <summary>Forgets a file's contents; the files themselves go with <see cref="Delete"/>.</summary>
    public void Forget(int file) => Change(file, BlockFileInfo.Empty);

    /// <summary>Removes a block file and its undo file.</summary>
    public void Delete(int file)
    {
        _blocks.Delete(file);
        _undo.Delete(file);
    }

    /// <summary>
    /// Removes what cannot be used when a pruned node builds its index anew: all undo files, and block files after the
    /// first gap.
    /// </summary>
    public void DeleteUnusable()
    {
        foreach (var file in _undo.Numbers().ToArray())
        {
            _undo.Delete(file);
        }

        var next = 0;
        foreach (var file in _blocks.Numbers().ToArray())
        {
            if (file == next)
            {
                next++;
            }
            else
            {
                _blocks.Delete(file);
            }
        }
    }

    /// <summary>Appends a block.</summary>
    public FilePosition WriteBlock(ReadOnlySpan<byte> block, int height, uint time)
    {
        var size = (uint)block.Length + RecordFiles.HeaderSize;
        if (_infos[LastFile].Size > 0 && _infos[LastFile].Size + size >= _limits.MaxFile)
        {
            _blocks.Complete(LastFile, _infos[LastFile].Size);
            lock (_infos)
            {
                _infos.Add(BlockFileInfo.Empty);
            }
        }

        var file = LastFile;
        var position = _blocks.Write(file, _infos[file].Size, block, []);
        Change(file, _infos[file].WithBlock(height, time, size));
        return position;
    }

    /// <summary>The serialized block at a position.</summary>
    public byte[] ReadBlock(FilePosition position) => _blocks.Read(position, trailer: 0);

    /// <summary>Appends undo data to the file that belongs to its block's file.</summary>
    /// <param name="file">The block's file.</param>
    /// <param name="previous">The block's parent: part of the checksum.</param>
    /// <param name="undo">The coins the block spent, serialized.</param>
    public FilePosition WriteUndo(int file, BlockHash previous, ReadOnlySpan<byte> undo)
    {
        Span<byte> checksum = stackalloc byte[Uint256.Size];
        UndoChecksum(previous, undo).CopyTo(checksum);
        var info = _infos[file];
        var position = _undo.Write(file, info.UndoSize, undo, checksum);
        var size = (uint)(RecordFiles.HeaderSize + undo.Length + Uint256.Size);
        Change(file, info with { UndoSize = checked(info.UndoSize + size) });
        return position;
    }

    /// <summary>The undo data at a position, its checksum verified.</summary>
    public byte[] ReadUndo(FilePosition position, BlockHash previous)
    {
        var record = _undo.Read(position, trailer: Uint256.Size);
        var undo = record.AsSpan(0, record.Length - Uint256.Size);
        return UndoChecksum(previous, undo) == new Uint256(record.AsSpan(undo.Length))
            ? undo.ToArray()
            : throw new StorageException(
                $"Checksum mismatch of undo data at {position.Offset} of {_undo.PathOf(position.File)}");
    }

    /// <summary>Bytes of the block at a position, as they are counted before it.</summary>
    /// <exception cref="StorageException">There is none.</exception>
    public uint LengthAt(FilePosition position) => _blocks.LengthAt(position);

    /// <summary>Says anew what the block file of a pair holds; the next block goes behind that.</summary>
    public void Describe(int file, BlockFileInfo info) => Change(file, info with { UndoSize = _infos[file].UndoSize });

    /// <summary>What changed since the last call, for the block index.</summary>
    public IReadOnlyList<(int File, BlockFileInfo Info)> TakeChanges()
    {
        (int, BlockFileInfo)[] changes = [.. _changed.Select(file => (file, _infos[file]))];
        _changed.Clear();
        return changes;
    }

    /// <summary>Waits until all that was written is on the disk.</summary>
    public void Sync()
    {
        foreach (var file in _unsynced)
        {
            _blocks.Sync(file);
            _undo.Sync(file);
        }

        _unsynced.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _blocks.Dispose();
        _undo.Dispose();
    }

    private static Uint256 UndoChecksum(BlockHash previous, ReadOnlySpan<byte> undo)
    {
        var writer = new ByteWriter(Uint256.Size + undo.Length);
        writer.WriteUint256(previous.Value);
        writer.WriteBytes(undo);
        return Hashes.Sha256d(writer.WrittenSpan);
    }

    private void Change(int file, BlockFileInfo info)
    {
        lock (_infos)
        {
            _infos[file] = info;
        }

        _changed.Add(file);
        _unsynced.Add(file);
    }
}
