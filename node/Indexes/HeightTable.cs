using System.Buffers.Binary;
using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;

namespace Dash.Node.Indexes;

/// <summary>
/// One value a block in a database: those of the active chain by height, those that left it by hash, so that they are
/// still found. As dashd's indexes of filters and of coin statistics have it.
/// </summary>
internal sealed class HeightTable(KeyValueStore store)
{
    private const byte HashKey = (byte)'s';
    private const byte HeightKey = (byte)'t';

    /// <summary>The value of a block, or null.</summary>
    public byte[]? Find(BlockNode node)
    {
        var (hash, value) = At(node.Height);
        return hash == node.Hash ? value : store.Get(KeyOf(node.Hash));
    }

    /// <summary>The block whose value is stored at a height, and the value; null for none.</summary>
    public (BlockHash Hash, byte[]? Value) At(int height) =>
        store.Get(KeyOf(height)) is { Length: >= Uint256.Size } stored
            ? (new BlockHash(new Uint256(stored.AsSpan(0, Uint256.Size))), stored[Uint256.Size..])
            : (default, null);

    /// <summary>Stores the value of a block of the active chain.</summary>
    public static void Put(KeyValueBatch batch, BlockNode node, ReadOnlySpan<byte> value) =>
        batch.Put(KeyOf(node.Height), [.. node.Hash.Value.ToArray(), .. value]);

    /// <summary>Keeps the values from one height to another by hash: their places are about to be taken by others.</summary>
    public void KeepByHash(KeyValueBatch batch, int first, int last)
    {
        for (var height = first; height <= last; height++)
        {
            var (hash, value) = At(height);
            batch.Put(
                KeyOf(hash), value ?? throw new StorageException($"The index has no entry of height {height}; rebuild it."));
        }
    }

    private static byte[] KeyOf(int height)
    {
        var key = new byte[1 + sizeof(int)];
        key[0] = HeightKey;
        BinaryPrimitives.WriteInt32BigEndian(key.AsSpan(1), height);
        return key;
    }

    private static byte[] KeyOf(BlockHash hash) => [HashKey, .. hash.Value.ToArray()];
}
