using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Indexes;

/// <summary>Where each transaction of the chain lies in the block files (<c>-txindex</c>), in dashd's format.</summary>
internal sealed class TransactionIndex(KeyValueStore store, Chainstate chainstate, ILogger log)
    : ChainIndex("txindex", store, chainstate, log)
{
    private const byte TransactionKey = (byte)'t';

    /// <inheritdoc/>
    protected override bool IsPrunable => false;

    /// <inheritdoc/>
    protected override bool NeedsUndo => false;

    /// <summary>A transaction and the block it is in; null when it is in none that was read. Any thread.</summary>
    /// <exception cref="StorageException">The block is broken on disk.</exception>
    public (Transaction Transaction, BlockHash Block)? Find(Txid txid)
    {
        if (Store.Get(KeyOf(txid)) is not { } value)
        {
            return null;
        }

        var place = new SpanReader(value);
        var position = new FilePosition((int)place.ReadVarInt(), (uint)place.ReadVarInt());
        var offset = (int)place.ReadVarInt();
        var data = Chainstate.Archive.ReadAt(position);
        try
        {
            var reader = new SpanReader(data);
            var header = BlockHeader.Read(ref reader);
            reader.ReadBytes(offset);
            var transaction = Transaction.Read(ref reader);
            return transaction.Txid == txid
                ? (transaction, header.Hash)
                : throw new StorageException($"{Name}: another transaction lies where {txid} should be");
        }
        catch (EncodingException e)
        {
            throw new StorageException($"{Name}: no transaction lies where {txid} should be", e);
        }
    }

    /// <summary>The block of the active chain that holds a transaction, or null. Any thread.</summary>
    public BlockNode? FindBlock(Txid txid) =>
        Find(txid) is { } found && Chainstate.Index.Find(found.Block) is { } block && Chainstate.View.Contains(block)
            ? block
            : null;

    /// <summary>Whether a transaction is in a block that was read. Any thread.</summary>
    public bool Contains(Txid txid) => Store.Contains(KeyOf(txid));

    /// <inheritdoc/>
    protected override void WriteBlock(BlockNode node, Block block, BlockUndo undo)
    {
        // Nobody can spend the genesis block's output.
        if (node.Height == 0)
        {
            return;
        }

        var batch = new KeyValueBatch();
        var value = new ByteWriter();
        var offset = CompactSize.LengthOf((ulong)block.Transactions.Count);
        Span<byte> key = stackalloc byte[1 + Uint256.Size];
        key[0] = TransactionKey;
        foreach (var transaction in block.Transactions)
        {
            value.Clear();
            value.WriteVarInt((ulong)node.File);
            value.WriteVarInt(node.DataOffset);
            value.WriteVarInt((ulong)offset);
            transaction.Txid.Value.CopyTo(key[1..]);
            batch.Put(key, value.WrittenSpan);
            offset += transaction.Size;
        }

        Store.Write(batch, sync: false);
    }

    private static byte[] KeyOf(Txid txid)
    {
        var key = new byte[1 + Uint256.Size];
        key[0] = TransactionKey;
        txid.Value.CopyTo(key.AsSpan(1));
        return key;
    }
}
