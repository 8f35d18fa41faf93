using System.Buffers.Binary;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;

namespace Dash.Node.Storage;

/// <summary>The block index on disk, in dashd's <c>blocks/index</c> format.</summary>
internal sealed class BlockIndexStore : IDisposable
{
    private const byte BlockKey = (byte)'b';
    private const byte FileKey = (byte)'f';
    private const byte LastFileKey = (byte)'l';
    private const byte ReindexKey = (byte)'R';
    private const byte FlagKey = (byte)'F';

    // dashd goes over the entries of blocks only, and asks for flags by their names: it never meets this one.
    private static readonly byte[] DurableKey = KeyOfFlag("durableblocks");

    private readonly KeyValueStore _store;

    /// <summary>Opens the index in <paramref name="directory"/>.</summary>
    public BlockIndexStore(string directory, int cacheBytes)
    {
        _store = KeyValueStore.Open(directory, cacheBytes);
    }

    /// <summary>The database, for the indexes that dashd keeps in it too.</summary>
    public KeyValueStore Store => _store;

    /// <summary>Whether the index is being built anew from the block files.</summary>
    public bool IsReindexing
    {
        get => _store.Contains([ReindexKey]);
        set
        {
            var batch = new KeyValueBatch();
            if (value)
            {
                batch.Put([ReindexKey], "1"u8);
            }
            else
            {
                batch.Delete([ReindexKey]);
            }

            _store.Write(batch, sync: true);
        }
    }

    /// <summary>A flag by name; null when it was never set.</summary>
    public bool? GetFlag(string name) => _store.Get(KeyOfFlag(name)) is { } value ? value is [(byte)'1'] : null;

    /// <summary>Sets a flag.</summary>
    public void SetFlag(string name, bool value)
    {
        var batch = new KeyValueBatch();
        batch.Put(KeyOfFlag(name), value ? "1"u8 : "0"u8);
        _store.Write(batch, sync: true);
    }

    /// <summary>All entries, in no particular order.</summary>
    public IEnumerable<BlockRecord> ReadBlocks()
    {
        using var cursor = _store.OpenCursor();
        for (cursor.Seek([BlockKey]); cursor.IsValid && cursor.Key[0] == BlockKey; cursor.Next())
        {
            yield return BlockRecord.Parse(cursor.Value);
        }
    }

    /// <summary>What is known of the block files, by number.</summary>
    public IReadOnlyList<BlockFileInfo> ReadFiles()
    {
        var files = new List<BlockFileInfo>();
        var last = _store.Get([LastFileKey]) is { } value ? BinaryPrimitives.ReadInt32LittleEndian(value) : -1;
        for (var file = 0; ; file++)
        {
            var info = _store.Get(KeyOfFile(file));
            if (info is null && file > last)
            {
                return files;
            }

            files.Add(info is null ? BlockFileInfo.Empty : BlockFileInfo.Read(info));
        }
    }

    /// <summary>
    /// Up to where the block files were on the disk when the index was last written durably; null when that was never said.
    /// What the index names behind it may not have outlasted a power cut.
    /// </summary>
    public FilePosition? ReadDurable()
    {
        if (_store.Get(DurableKey) is not { Length: sizeof(int) + sizeof(uint) } value)
        {
            return null;
        }

        SpanReader reader = new(value);
        return new FilePosition(reader.ReadInt32(), reader.ReadUInt32());
    }

    /// <summary>Stores entries and file descriptions, all or none.</summary>
    /// <param name="blocks">Entries that changed.</param>
    /// <param name="files">Files that changed.</param>
    /// <param name="lastFile">Number of the file that is written to.</param>
    /// <param name="durable">
    /// Up to where the block files are on the disk: return only when all would survive a power cut. Null: they may not be.
    /// </param>
    public void Write(
        IEnumerable<BlockRecord> blocks, IEnumerable<(int File, BlockFileInfo Info)> files, int lastFile, FilePosition? durable)
    {
        var batch = new KeyValueBatch();
        var value = new ByteWriter();
        foreach (var (file, info) in files)
        {
            value.Clear();
            info.Write(value);
            batch.Put(KeyOfFile(file), value.WrittenSpan);
        }

        Span<byte> last = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(last, lastFile);
        batch.Put([LastFileKey], last);
        Span<byte> key = stackalloc byte[1 + Uint256.Size];
        key[0] = BlockKey;
        foreach (var block in blocks)
        {
            value.Clear();
            block.Write(value);
            block.Hash.Value.CopyTo(key[1..]);
            batch.Put(key, value.WrittenSpan);
        }

        if (durable is { } end)
        {
            value.Clear();
            value.WriteInt32(end.File);
            value.WriteUInt32(end.Offset);
            batch.Put(DurableKey, value.WrittenSpan);
        }

        _store.Write(batch, sync: durable is not null);
    }

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();

    private static byte[] KeyOfFlag(string name)
    {
        var writer = new ByteWriter();
        writer.WriteByte(FlagKey);
        writer.WriteString(name);
        return writer.ToArray();
    }

    private static byte[] KeyOfFile(int file)
    {
        var key = new byte[1 + sizeof(int)];
        key[0] = FileKey;
        BinaryPrimitives.WriteInt32LittleEndian(key.AsSpan(1), file);
        return key;
    }
}
