using System.Buffers.Binary;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Net.Blocks;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Indexes;

/// <summary>The basic filter of each block (BIP158, <c>-blockfilterindex</c>), in dashd's format.</summary>
internal sealed class BlockFilterIndex : ChainIndex, IBlockFilters
{
    private const byte NextPositionKey = (byte)'P';
    private const byte VersionKey = (byte)'V';

    // Version 2: elements of special transactions are in the filters.
    private const int CurrentVersion = 2;

    private readonly FilterFiles _files;
    private readonly HeightTable _table;
    private FilePosition _next;

    /// <summary>An index over a database and files that belong to it.</summary>
    public BlockFilterIndex(KeyValueStore store, FilterFiles files, Chainstate chainstate, ILogger log)
        : base(BlockFilter.BasicName + " block filter index", store, chainstate, log)
    {
        _files = files;
        _table = new HeightTable(store);
    }

    /// <inheritdoc/>
    protected override bool IsPrunable => true;

    /// <inheritdoc/>
    protected override bool NeedsUndo => true;

    /// <summary>Opens the database; one of an older version is deleted first.</summary>
    public static KeyValueStore OpenStore(string directory, int cacheBytes)
    {
        var store = KeyValueStore.Open(directory, cacheBytes);
        if (store.Get([VersionKey]) is { Length: sizeof(int) } version
            && BinaryPrimitives.ReadInt32LittleEndian(version) >= CurrentVersion)
        {
            return store;
        }

        store.Dispose();
        KeyValueStore.Destroy(directory);
        store = KeyValueStore.Open(directory, cacheBytes);
        var batch = new KeyValueBatch();
        batch.Put([VersionKey], BitConverter.GetBytes(CurrentVersion));
        store.Write(batch, sync: false);
        return store;
    }

    /// <inheritdoc/>
    public override void Open()
    {
        if (BinaryPrimitives.ReadInt32LittleEndian(Store.Get([VersionKey])) is var version and > CurrentVersion)
        {
            throw new StorageException($"{Name} index version {version} is too high (expected <= {CurrentVersion})");
        }

        if (Store.Get([NextPositionKey]) is { } stored)
        {
            var reader = new SpanReader(stored);
            _next = ReadPosition(ref reader);
        }

        base.Open();
    }

    /// <summary>The filter of a block; null when it has not been read. Any thread.</summary>
    public BlockFilter? Find(BlockNode node) => ReadEntry(node) is { } entry ? ReadFilter(node, entry) : null;

    /// <summary>The header that chains a block's filter to those before; null when it has not been read. Any thread.</summary>
    public Uint256? FindHeader(BlockNode node) => ReadEntry(node)?.Header;

    /// <summary>The hash of a block's filter; null when it has not been read. Any thread.</summary>
    public Uint256? FindHash(BlockNode node) => ReadEntry(node)?.Hash;

    /// <inheritdoc/>
    protected override void WriteBlock(BlockNode node, Block block, BlockUndo undo)
    {
        var previous = Uint256.Zero;
        if (node.Previous is { } parent)
        {
            previous = ReadEntry(parent)?.Header
                ?? throw new StorageException($"{Name}: the entry of block {parent.Hash} is missing");
        }

        var filter = BlockFilter.Create(
            block, undo.Spent.SelectMany(static spent => spent).Select(static coin => coin.Output.ScriptPubKey));
        var record = new ByteWriter();
        record.WriteUint256(node.Hash.Value);
        record.WriteVarBytes(filter.Encoded.Span);
        var position = _files.Write(_next, record.WrittenSpan);
        _next = position with { Offset = position.Offset + (uint)record.Length };

        var value = new ByteWriter();
        value.WriteUint256(filter.Hash);
        value.WriteUint256(filter.ComputeHeader(previous));
        WritePosition(value, position);
        var batch = new KeyValueBatch();
        HeightTable.Put(batch, node, value.WrittenSpan);
        Store.Write(batch, sync: false);
    }

    /// <inheritdoc/>
    protected override bool Rewind(BlockNode from, BlockNode to)
    {
        var batch = new KeyValueBatch();
        _table.KeepByHash(batch, to.Height, from.Height);
        AddToCommit(batch);
        Store.Write(batch, sync: false);
        return true;
    }

    /// <inheritdoc/>
    protected override void AddToCommit(KeyValueBatch batch)
    {
        _files.Sync(_next.File);
        var position = new ByteWriter();
        WritePosition(position, _next);
        batch.Put([NextPositionKey], position.WrittenSpan);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _files.Dispose();
        }

        base.Dispose(disposing);
    }

    private static FilePosition ReadPosition(ref SpanReader reader) =>
        new((int)reader.ReadVarInt(), (uint)reader.ReadVarInt());

    private static void WritePosition(ByteWriter writer, FilePosition position)
    {
        writer.WriteVarInt((ulong)position.File);
        writer.WriteVarInt(position.Offset);
    }

    private (Uint256 Hash, Uint256 Header, FilePosition Position)? ReadEntry(BlockNode node)
    {
        if (_table.Find(node) is not { } value)
        {
            return null;
        }

        var reader = new SpanReader(value);
        return (reader.ReadUint256(), reader.ReadUint256(), ReadPosition(ref reader));
    }

    private BlockFilter ReadFilter(BlockNode node, (Uint256 Hash, Uint256 Header, FilePosition Position) entry)
    {
        const int MaxLengthBytes = 9;
        try
        {
            var head = new SpanReader(_files.Read(entry.Position, Uint256.Size + MaxLengthBytes));
            head.ReadUint256();
            var length = head.ReadCompactSize();
            var start = entry.Position with { Offset = entry.Position.Offset + (uint)head.Position };
            var encoded = _files.Read(start, length);
            return Hashes.Sha256d(encoded) == entry.Hash && BlockFilter.TryParse(node.Hash, encoded, out var filter)
                ? filter
                : throw new StorageException("Checksum mismatch in filter decode.");
        }
        catch (EncodingException e)
        {
            throw new StorageException($"{Name}: the filter of block {node.Hash} is broken on disk", e);
        }
    }
}
