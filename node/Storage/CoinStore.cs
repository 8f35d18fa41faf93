using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;

namespace Dash.Node.Storage;

/// <summary>
/// The unspent coins on disk, in dashd's <c>chainstate</c> format. A flush is one atomic batch, or several: then the
/// store says meanwhile from which block to which it is on the way, and whoever finds it so goes that way again (see
/// <see cref="Heads"/>).
/// </summary>
internal sealed class CoinStore : ICoinsView, IDisposable
{
    private const byte CoinKey = (byte)'C';
    private const byte BestBlockKey = (byte)'B';
    private const byte HeadBlocksKey = (byte)'H';
    private const byte OldFormatKey = (byte)'c';
    private const int MaxIndexSize = 5;
    private const int MaxKeySize = 1 + Uint256.Size + MaxIndexSize;

    private readonly KeyValueStore _store;
    private readonly int _batchBytes;

    /// <summary>Opens the store in <paramref name="directory"/>.</summary>
    /// <param name="directory">Where it lies.</param>
    /// <param name="cacheBytes">Memory for the database.</param>
    /// <param name="batchBytes">Size from which a batch of a flush is written.</param>
    /// <exception cref="StorageException">It is broken, open elsewhere, or of an old format.</exception>
    public CoinStore(string directory, int cacheBytes, int batchBytes = 16 << 20)
    {
        _batchBytes = batchBytes;
        _store = KeyValueStore.Open(directory, cacheBytes, obfuscate: true);
        try
        {
            RequireFormat();
            BestBlock = _store.Get([BestBlockKey]) is { } best ? new BlockHash(new Uint256(best)) : default;
            Heads = _store.Get([HeadBlocksKey]) is { } heads ? ReadHeads(heads) : null;
        }
        catch
        {
            _store.Dispose();
            throw;
        }
    }

    /// <summary>
    /// After a flush that was interrupted: where it led, and where it came from (default: nowhere). The coins are then
    /// those of neither, but bringing them from the one to the other again makes them whole.
    /// </summary>
    public (BlockHash To, BlockHash From)? Heads { get; private set; }

    /// <summary>Called after each batch of a flush but the last: tests and <c>-dbcrashratio</c> end the process there.</summary>
    public Action? AfterPartialWrite { get; set; }

    /// <summary>The block whose coins these are; default when the store is new.</summary>
    public BlockHash BestBlock { get; private set; }

    /// <summary>Bytes on disk, estimated.</summary>
    public long EstimatedSize => _store.EstimateSize(CoinKey, CoinKey + 1);

    /// <inheritdoc/>
    public Coin? Find(OutPoint outPoint)
    {
        Span<byte> key = stackalloc byte[MaxKeySize];
        var value = _store.Get(key[..WriteKey(key, outPoint)]);
        if (value is null)
        {
            return null;
        }

        var reader = new SpanReader(value);
        return CoinCodec.ReadCoin(ref reader);
    }

    /// <summary>Stores changes (null: the coin is spent) and the block they lead to.</summary>
    public void Write(IEnumerable<KeyValuePair<OutPoint, Coin?>> changes, BlockHash best)
    {
        var batch = Begin(changes, best);
        batch.Delete([HeadBlocksKey]);
        batch.Put([BestBlockKey], best.Value.ToArray());
        _store.Write(batch, sync: true);
        BestBlock = best;
        Heads = null;
    }

    /// <summary>Stores some of the changes that lead to a block; the rest must follow.</summary>
    public void WritePartially(IEnumerable<KeyValuePair<OutPoint, Coin?>> changes, BlockHash best) =>
        _store.Write(Begin(changes, best), sync: false);

    // The last batch, not written yet.
    private KeyValueBatch Begin(IEnumerable<KeyValuePair<OutPoint, Coin?>> changes, BlockHash best)
    {
        var from = Heads is { } heads ? heads.From : BestBlock;
        var batch = new KeyValueBatch();
        batch.Delete([BestBlockKey]);
        batch.Put([HeadBlocksKey], WriteHeads(best, from));
        Span<byte> space = stackalloc byte[MaxKeySize];
        var value = new ByteWriter();
        foreach (var (outPoint, coin) in changes)
        {
            var key = space[..WriteKey(space, outPoint)];
            if (coin is null)
            {
                batch.Delete(key);
            }
            else
            {
                value.Clear();
                CoinCodec.WriteCoin(value, coin);
                batch.Put(key, value.WrittenSpan);
            }

            if (batch.Size > _batchBytes)
            {
                _store.Write(batch, sync: false);
                batch.Clear();
                AfterPartialWrite?.Invoke();
            }
        }

        return batch;
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

    // The length written. The index is a variable-length number, as ByteWriter.WriteVarInt writes it.
    private static int WriteKey(Span<byte> key, OutPoint outPoint)
    {
        key[0] = CoinKey;
        outPoint.Txid.Value.CopyTo(key[1..]);
        const int start = 1 + Uint256.Size;
        if (outPoint.Index <= 0x7f)
        {
            key[start] = (byte)outPoint.Index;
            return start + 1;
        }

        var index = new ByteWriter(MaxIndexSize);
        index.WriteVarInt(outPoint.Index);
        index.WrittenSpan.CopyTo(key[start..]);
        return start + index.Length;
    }

    private static byte[] WriteHeads(BlockHash to, BlockHash from)
    {
        var writer = new ByteWriter(1 + (2 * Uint256.Size));
        writer.WriteCompactSize(2);
        writer.WriteUint256(to.Value);
        writer.WriteUint256(from.Value);
        return writer.ToArray();
    }

    private static (BlockHash To, BlockHash From) ReadHeads(byte[] bytes)
    {
        var reader = new SpanReader(bytes);
        return reader.ReadCount(Uint256.Size) == 2
            ? (new BlockHash(reader.ReadUint256()), new BlockHash(reader.ReadUint256()))
            : throw new StorageException(
                "Unable to replay blocks. You will need to rebuild the database using -reindex-chainstate.");
    }

    private void RequireFormat()
    {
        using var cursor = _store.OpenCursor();
        cursor.Seek([OldFormatKey]);
        if (cursor.IsValid && cursor.Key[0] == OldFormatKey)
        {
            throw new StorageException(
                "Unsupported chainstate database format found. Please restart with -reindex-chainstate. "
                + "This will rebuild the chainstate database.");
        }
    }

    private static KeyValuePair<OutPoint, Coin> Parse(byte[] key, byte[] value)
    {
        var keyReader = new SpanReader(key.AsSpan(1));
        var outPoint = new OutPoint(new Txid(keyReader.ReadUint256()), (uint)keyReader.ReadVarInt());
        var reader = new SpanReader(value);
        return new KeyValuePair<OutPoint, Coin>(outPoint, CoinCodec.ReadCoin(ref reader));
    }
}
