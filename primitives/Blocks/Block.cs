using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;

namespace Dash.Primitives.Blocks;

/// <summary>A header and its transactions, the coinbase first; immutable.</summary>
public sealed class Block
{
    /// <summary>A block of these parts; the list must not change.</summary>
    public Block(BlockHeader header, IReadOnlyList<Transaction> transactions)
    {
        Header = header;
        Transactions = transactions;
    }

    /// <summary>The header.</summary>
    public BlockHeader Header { get; }

    /// <summary>The transactions in order.</summary>
    public IReadOnlyList<Transaction> Transactions { get; }

    /// <summary>The header's hash.</summary>
    public BlockHash Hash => Header.Hash;

    /// <summary>Bytes of the serialized form.</summary>
    public int Size
    {
        get
        {
            var size = BlockHeader.Size + CompactSize.LengthOf((ulong)Transactions.Count);
            foreach (var transaction in Transactions)
            {
                size += transaction.Size;
            }

            return size;
        }
    }

    /// <summary>
    /// The merkle root of the transactions, which the header of an honest block names; whether it is mutated is told
    /// as by <see cref="MerkleTree.Root"/>.
    /// </summary>
    public Uint256 ComputeMerkleRoot(out bool isMutated)
    {
        var leaves = new Uint256[Transactions.Count];
        for (var i = 0; i < leaves.Length; i++)
        {
            leaves[i] = Transactions[i].Txid.Value;
        }

        return MerkleTree.Root(leaves, out isMutated);
    }

    /// <summary>Reads one; throws <see cref="EncodingException"/>.</summary>
    public static Block Read(ref SpanReader reader)
    {
        var header = BlockHeader.Read(ref reader);
        var transactions = new Transaction[reader.ReadCount(10)];
        for (var i = 0; i < transactions.Length; i++)
        {
            transactions[i] = Transaction.Read(ref reader);
        }

        return new Block(header, transactions);
    }

    /// <summary>Reads one that fills all the bytes; throws <see cref="EncodingException"/>.</summary>
    public static Block Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new SpanReader(bytes);
        var block = Read(ref reader);
        reader.ExpectEnd();
        return block;
    }

    /// <summary>Reads one that fills all the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Block? block)
    {
        try
        {
            block = Parse(bytes);
            return true;
        }
        catch (EncodingException)
        {
            block = null;
            return false;
        }
    }

    /// <summary>Writes the serialized form.</summary>
    public void Write(ByteWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Header.Write(writer);
        writer.WriteCompactSize(Transactions.Count);
        foreach (var transaction in Transactions)
        {
            transaction.Write(writer);
        }
    }

    /// <summary>The serialized form.</summary>
    public byte[] ToBytes()
    {
        var writer = new ByteWriter(Size);
        Write(writer);
        return writer.ToArray();
    }

    /// <summary>The hash.</summary>
    public override string ToString() => Hash.ToString();
}
