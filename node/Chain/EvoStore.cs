using Dash.Node.Consensus;
using Dash.Node.Quorums;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;

namespace Dash.Node.Chain;

/// <summary>
/// States of some blocks and how rotated quorums were drawn, on disk: what can't be built from the last blocks alone. All
/// of it follows from the blocks, so it may be lost. The node's own format; belongs to the validation loop.
/// </summary>
internal sealed class EvoStore : IDisposable
{
    private const byte StatePrefix = (byte)'s';
    private const byte SnapshotPrefix = (byte)'q';
    private const int CacheBytes = 8 << 20;

    private readonly KeyValueStore _store;

    private EvoStore(KeyValueStore store)
    {
        _store = store;
    }

    /// <summary>Opens the store of a directory.</summary>
    /// <param name="directory">Where it is.</param>
    /// <param name="isNew">Whether to begin with an empty one.</param>
    /// <exception cref="StorageException">It can't be opened.</exception>
    public static EvoStore Open(string directory, bool isNew)
    {
        if (isNew)
        {
            KeyValueStore.Destroy(directory);
        }

        return new EvoStore(KeyValueStore.Open(directory, CacheBytes));
    }

    /// <summary>The state after a block; null if it is not kept.</summary>
    public EvoState? FindState(BlockHash block) =>
        _store.Get(KeyOf(StatePrefix, block)) is { } bytes ? EvoStateCodec.TryRead(bytes) : null;

    /// <summary>Keeps the state after a block, and gives up that of another.</summary>
    public void Keep(BlockHash block, EvoState state, BlockHash? old)
    {
        var batch = new KeyValueBatch();
        batch.Put(KeyOf(StatePrefix, block), EvoStateCodec.ToBytes(state));
        if (old is { } gone)
        {
            batch.Delete(KeyOf(StatePrefix, gone));
        }

        _store.Write(batch, sync: false);
    }

    /// <summary>How a cycle of a kind of quorum was drawn; null if that is not kept.</summary>
    public QuorumSnapshot? FindSnapshot(byte llmqType, BlockNode cycle)
    {
        if (_store.Get([SnapshotPrefix, llmqType, .. cycle.Hash.Value.ToArray()]) is not { } bytes)
        {
            return null;
        }

        try
        {
            var reader = new SpanReader(bytes);
            return QuorumSnapshot.Read(ref reader);
        }
        catch (EncodingException)
        {
            return null;
        }
    }

    /// <summary>Keeps how a cycle was drawn.</summary>
    public void Keep(byte llmqType, BlockNode cycle, QuorumSnapshot snapshot)
    {
        var writer = new ByteWriter(1024);
        snapshot.Write(writer);
        var batch = new KeyValueBatch();
        batch.Put([SnapshotPrefix, llmqType, .. cycle.Hash.Value.ToArray()], writer.ToArray());
        _store.Write(batch, sync: false);
    }

    /// <summary>Closes the store.</summary>
    public void Dispose() => _store.Dispose();

    private static byte[] KeyOf(byte prefix, BlockHash block) => [prefix, .. block.Value.ToArray()];
}
