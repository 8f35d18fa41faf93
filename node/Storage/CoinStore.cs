using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;

namespace Dash.Node.Storage;

/// <summary>
/// The unspent coins on disk, in dashd's <c>chainstate</c> format. A flush is one batch of coin changes and the block
/// they lead to, so the store always is the exact state after some block.
/// </summary>
internal sealed class CoinStore : ICoinsView, IDisposable
{
    private const byte CoinKey = (byte)'C';
    private const byte BestBlockKey = (byte)'B';
    private const byte HeadBlocksKey = (byte)'H';

    private readonly KeyValueStore _store;

    /// <summary>Opens the store in <paramref name="directory"/>.</summary>
    /// <exception cref="StorageException">
    /// It is broken, open elsewhere, or was left in the middle of a flush.
    /// </exception>
    public CoinStore(string directory, int cacheBytes)
    {
        _store = KeyValueStore.Open(directory, cacheBytes, obfuscate: true);
        var best = _store.Get([BestBlockKey]);
        if (best is null && _store.Contains([HeadBlocksKey]))
        {
            _store.Dispose();
            throw new StorageException(
                "The coins database was left in the middle of a write by another program; start that once, or rebuild it.");
        }

        BestBlock = best is null ? default : new BlockHash(new Uint256(best));
    }

    /// <summary>The block whose coins these are; default when the store is new.</summary>
    public BlockHash BestBlock { get; private set; }

    /// <summary>Bytes on disk, estimated.</summary>
    public long EstimatedSize => _store.EstimateSize(CoinKey, CoinKey + 1);

    /// <inheritdoc/>
    public Coin? Find(OutPoint outPoint)
    {
        var value = _store.Get(KeyOf(outPoint));
        if (value is null)
        {
            return null;
        }

        var reader = new SpanReader(value);
        return CoinCodec.ReadCoin(ref reader);
    }

    /// <summary>Stores changes (null: the coin is spent) and the block they lead to, in one durable write.</summary>
    public void Write(IEnumerable<KeyValuePair<OutPoint, Coin?>> changes, BlockHash best)
    {
        var batch = new KeyValueBatch();
        var value = new ByteWriter();
        foreach (var (outPoint, coin) in changes)
        {
            if (coin is null)
            {
                batch.Delete(KeyOf(outPoint));
                continue;
            }

            value.Clear();
            CoinCodec.WriteCoin(value, coin);
            batch.Put(KeyOf(outPoint), value.WrittenSpan);
        }

        batch.Put([BestBlockKey], best.Value.ToArray());
        _store.Write(batch, sync: true);
        BestBlock = best;
    }

    /// <summary>All coins, ordered by the bytes of the txid and then the index, as they are now.</summary>
    public IEnumerable<KeyValuePair<OutPoint, Coin>> ReadAll()
    {
        using var cursor = _store.OpenCursor();
        for (cursor.Seek([CoinKey]); cursor.IsValid; cursor.Next())
        {
            var key = cursor.Key;
            if (key[0] != CoinKey)
            {
                yield break;
            }

            yield return Parse(key, cursor.Value);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();

    private static byte[] KeyOf(OutPoint outPoint)
    {
        var writer = new ByteWriter(1 + Uint256.Size + 5);
        writer.WriteByte(CoinKey);
        writer.WriteUint256(outPoint.Txid.Value);
        writer.WriteVarInt(outPoint.Index);
        return writer.ToArray();
    }

    private static KeyValuePair<OutPoint, Coin> Parse(byte[] key, byte[] value)
    {
        var keyReader = new SpanReader(key.AsSpan(1));
        var outPoint = new OutPoint(new Txid(keyReader.ReadUint256()), (uint)keyReader.ReadVarInt());
        var reader = new SpanReader(value);
        return new KeyValuePair<OutPoint, Coin>(outPoint, CoinCodec.ReadCoin(ref reader));
    }
}
