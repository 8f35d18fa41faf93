using System.Buffers.Binary;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;

namespace Dash.Node.Indexes;

/// <summary>
/// The indexes that dashd keeps in the database of the block index, with its keys and values: deltas and unspent outputs
/// of addresses, spenders of outputs, blocks by time. Changed in step with the chain, on the validation loop; what a
/// killed node wrote ahead of its coins is written again, the same. Looking up is for any thread.
/// </summary>
internal sealed class AddressIndexes : IChainFollower
{
    private const byte DeltaKey = (byte)'a';
    private const byte CoinKey = (byte)'u';
    private const byte TimeKey = (byte)'s';
    private const byte SpentKey = (byte)'p';

    private readonly KeyValueStore _store;

    /// <summary>The indexes in the database of a chain, which says whether they were kept from its beginning.</summary>
    /// <param name="settings">Which are wanted.</param>
    /// <param name="chainstate">The chain.</param>
    /// <param name="isFresh">The chain is being built anew, so that they are complete from now on.</param>
    /// <exception cref="StorageException">One is wanted that was not kept: the chain must be built anew.</exception>
    public AddressIndexes(AddressIndexSettings settings, Chainstate chainstate, bool isFresh = false)
    {
        Settings = settings;
        var index = chainstate.IndexStore;
        _store = index.Store;
        foreach (var (name, isWanted) in new[]
        {
            ("addressindex", settings.Address), ("timestampindex", settings.Timestamp), ("spentindex", settings.Spent),
        })
        {
            var flag = index.GetFlag(name);
            if (isWanted && !isFresh && (flag is false || (flag is null && chainstate.View.Height > 0)))
            {
                throw new StorageException($"You need to rebuild the database using -reindex to enable -{name}");
            }

            if (flag != isWanted)
            {
                index.SetFlag(name, isWanted);
            }
        }
    }

    /// <summary>Which are kept.</summary>
    public AddressIndexSettings Settings { get; }

    /// <summary>What an address got and spent, in the order of the chain.</summary>
    /// <param name="address">The address.</param>
    /// <param name="first">Lowest height, with <paramref name="last"/>; 0 for all.</param>
    /// <param name="last">Highest height; 0 for all.</param>
    public IEnumerable<AddressDelta> Deltas(IndexedAddress address, int first, int last)
    {
        var prefix = Key(DeltaKey, address);
        var start = prefix;
        if (first > 0 && last > 0)
        {
            start = [.. prefix, 0, 0, 0, 0];
            BinaryPrimitives.WriteInt32BigEndian(start.AsSpan(prefix.Length), first);
        }

        foreach (var (key, value) in Scan(prefix, start))
        {
            var delta = ReadDelta(key, value);
            if (last > 0 && delta.Height > last)
            {
                yield break;
            }

            yield return delta;
        }
    }

    /// <summary>The unspent outputs of an address.</summary>
    public IEnumerable<AddressCoin> Coins(IndexedAddress address)
    {
        var prefix = Key(CoinKey, address);
        foreach (var (key, value) in Scan(prefix, prefix))
        {
            yield return ReadCoin(key, value);
        }
    }

    /// <summary>The input of a block that spends an output, or null.</summary>
    public SpentBy? FindSpender(OutPoint outPoint)
    {
        if (_store.Get(KeyOfSpent(outPoint)) is not { } value)
        {
            return null;
        }

        var reader = new SpanReader(value);
        return new SpentBy(
            new Txid(reader.ReadUint256()),
            reader.ReadUInt32(),
            reader.ReadInt32(),
            reader.ReadInt64(),
            IndexedAddress.Read(ref reader));
    }

    /// <summary>Blocks of the chain whose time is between two, both included, in the order of their times.</summary>
    public IEnumerable<BlockHash> BlocksBetween(uint low, uint high)
    {
        var start = new byte[1 + sizeof(uint)];
        start[0] = TimeKey;
        BinaryPrimitives.WriteUInt32BigEndian(start.AsSpan(1), low);
        foreach (var (key, _) in Scan([TimeKey], start))
        {
            if (key.Length != start.Length + Uint256.Size || BinaryPrimitives.ReadUInt32BigEndian(key.AsSpan(1)) > high)
            {
                yield break;
            }

            yield return new BlockHash(new Uint256(key.AsSpan(start.Length)));
        }
    }

    /// <inheritdoc/>
    public void BlockConnected(BlockNode node, Block block, BlockUndo undo) => Change(node, block, undo, isConnected: true);

    /// <inheritdoc/>
    public void BlockDisconnected(BlockNode node, Block block, BlockUndo undo) => Change(node, block, undo, isConnected: false);

    /// <inheritdoc/>
    public void Reorganised(bool keepTransactions)
    {
        // Each block was taken back and connected by itself.
    }

    // Outputs before inputs when connecting, the other way round when taking back: a coin made and spent in one block
    // is gone after it and before it.
    private void Change(BlockNode node, Block block, BlockUndo undo, bool isConnected)
    {
        var batch = new KeyValueBatch();
        var count = block.Transactions.Count;
        for (var step = 0; step < count; step++)
        {
            var position = isConnected ? step : count - 1 - step;
            var transaction = block.Transactions[position];
            var spent = position == 0 ? [] : undo.Spent[position - 1];
            if (isConnected)
            {
                ChangeInputs(batch, node, transaction, position, spent, isConnected);
                ChangeOutputs(batch, node, transaction, position, isConnected);
            }
            else
            {
                ChangeOutputs(batch, node, transaction, position, isConnected);
                ChangeInputs(batch, node, transaction, position, spent, isConnected);
            }
        }

        if (Settings.Timestamp)
        {
            var key = new ByteWriter();
            key.WriteByte(TimeKey);
            WriteBigEndian(key, node.Header.Time);
            key.WriteUint256(node.Hash.Value);
            Set(batch, key.WrittenSpan, isConnected ? new byte[sizeof(int)] : null);
        }

        _store.Write(batch, sync: false);
    }

    private void ChangeInputs(
        KeyValueBatch batch, BlockNode node, Transaction transaction, int position, IReadOnlyList<Coin> spent, bool isConnected)
    {
        for (var i = 0; i < spent.Count; i++)
        {
            var outPoint = transaction.Inputs[i].PreviousOutput;
            var output = spent[i].Output;
            var address = IndexedAddress.Of(output.ScriptPubKey);
            if (Settings.Address && address.Type != AddressType.None)
            {
                SetDelta(batch, new(address, node.Height, (uint)position, transaction.Txid, (uint)i, true, -output.Value.Duffs), isConnected);
                SetCoin(batch, address, outPoint, isConnected ? null : output, spent[i].Height);
            }

            if (Settings.Spent)
            {
                var by = new SpentBy(transaction.Txid, (uint)i, node.Height, output.Value.Duffs, address);
                Set(batch, KeyOfSpent(outPoint), isConnected ? ValueOf(by) : null);
            }
        }
    }

    private void ChangeOutputs(KeyValueBatch batch, BlockNode node, Transaction transaction, int position, bool isConnected)
    {
        for (var i = 0; Settings.Address && i < transaction.Outputs.Length; i++)
        {
            var output = transaction.Outputs[i];
            var address = IndexedAddress.Of(output.ScriptPubKey);
            if (address.Type != AddressType.None)
            {
                SetDelta(batch, new(address, node.Height, (uint)position, transaction.Txid, (uint)i, false, output.Value.Duffs), isConnected);
                var outPoint = new OutPoint(transaction.Txid, (uint)i);
                SetCoin(batch, address, outPoint, isConnected ? output : null, node.Height);
            }
        }
    }

    private static void SetDelta(KeyValueBatch batch, AddressDelta delta, bool isThere)
    {
        var key = new ByteWriter();
        key.WriteByte(DeltaKey);
        delta.Address.Write(key);
        WriteBigEndian(key, (uint)delta.Height);
        WriteBigEndian(key, delta.Position);
        key.WriteUint256(delta.Txid.Value);
        key.WriteUInt32(delta.Index);
        key.WriteBool(delta.IsInput);
        Set(batch, key.WrittenSpan, isThere ? BitConverter.GetBytes(delta.Duffs) : null);
    }

    private static void SetCoin(KeyValueBatch batch, IndexedAddress address, OutPoint outPoint, TxOut? output, int height)
    {
        var key = new ByteWriter();
        key.WriteByte(CoinKey);
        address.Write(key);
        key.WriteUint256(outPoint.Txid.Value);
        key.WriteUInt32(outPoint.Index);
        if (output is null)
        {
            batch.Delete(key.WrittenSpan);
            return;
        }

        var value = new ByteWriter();
        output.Write(value);
        value.WriteInt32(height);
        batch.Put(key.WrittenSpan, value.WrittenSpan);
    }

    private static void Set(KeyValueBatch batch, ReadOnlySpan<byte> key, byte[]? value)
    {
        if (value is null)
        {
            batch.Delete(key);
        }
        else
        {
            batch.Put(key, value);
        }
    }

    private static byte[] ValueOf(SpentBy spent)
    {
        var writer = new ByteWriter();
        writer.WriteUint256(spent.Txid.Value);
        writer.WriteUInt32(spent.Index);
        writer.WriteInt32(spent.Height);
        writer.WriteInt64(spent.Duffs);
        spent.Address.Write(writer);
        return writer.ToArray();
    }

    private static byte[] KeyOfSpent(OutPoint outPoint)
    {
        var key = new ByteWriter();
        key.WriteByte(SpentKey);
        key.WriteUint256(outPoint.Txid.Value);
        key.WriteUInt32(outPoint.Index);
        return key.ToArray();
    }

    private static byte[] Key(byte kind, IndexedAddress address)
    {
        var key = new ByteWriter();
        key.WriteByte(kind);
        address.Write(key);
        return key.ToArray();
    }

    private static void WriteBigEndian(ByteWriter writer, uint number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        writer.WriteBytes(bytes);
    }

    private static AddressDelta ReadDelta(byte[] key, byte[] value)
    {
        var reader = new SpanReader(key.AsSpan(1));
        var address = IndexedAddress.Read(ref reader);
        var height = BinaryPrimitives.ReadInt32BigEndian(reader.ReadBytes(sizeof(int)));
        var position = BinaryPrimitives.ReadUInt32BigEndian(reader.ReadBytes(sizeof(uint)));
        var txid = new Txid(reader.ReadUint256());
        var index = reader.ReadUInt32();
        var isInput = reader.ReadByte() != 0;
        return new AddressDelta(address, height, position, txid, index, isInput, BinaryPrimitives.ReadInt64LittleEndian(value));
    }

    private static AddressCoin ReadCoin(byte[] key, byte[] value)
    {
        var reader = new SpanReader(key.AsSpan(1));
        var address = IndexedAddress.Read(ref reader);
        var outPoint = new OutPoint(new Txid(reader.ReadUint256()), reader.ReadUInt32());
        var valueReader = new SpanReader(value);
        var output = TxOut.Read(ref valueReader);
        return new AddressCoin(address, outPoint, output.Value.Duffs, output.ScriptPubKey, valueReader.ReadInt32());
    }

    private IEnumerable<(byte[] Key, byte[] Value)> Scan(byte[] prefix, byte[] start)
    {
        using var cursor = _store.OpenCursor();
        for (cursor.Seek(start); cursor.IsValid; cursor.Next())
        {
            var key = cursor.Key;
            if (!key.AsSpan().StartsWith(prefix))
            {
                yield break;
            }

            yield return (key, cursor.Value);
        }
    }
}
