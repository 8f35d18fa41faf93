using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Encoding;
using Dash.Primitives.Transactions;

namespace Dash.Primitives.Blocks;

/// <summary>A header and the proof that some transactions are in its block (BIP37, gettxoutproof). Immutable.</summary>
public sealed record MerkleBlock(BlockHeader Header, PartialMerkleTree Tree)
{
    /// <summary>Proves those transactions of a block that are asked for.</summary>
    public static MerkleBlock Create(Block block, Func<Transaction, bool> isMatch)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(isMatch);
        return new MerkleBlock(
            block.Header,
            PartialMerkleTree.Create(
                [.. block.Transactions.Select(static transaction => transaction.Txid)],
                place => isMatch(block.Transactions[place])));
    }

    /// <summary>Reads one that fills all the bytes. Whether it proves anything is for <see cref="TryProve"/> to say.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out MerkleBlock? merkleBlock)
    {
        try
        {
            var reader = new SpanReader(bytes);
            merkleBlock = Read(ref reader);
            reader.ExpectEnd();
            return true;
        }
        catch (EncodingException)
        {
            merkleBlock = null;
            return false;
        }
    }

    /// <summary>Reads one; throws <see cref="EncodingException"/>.</summary>
    public static MerkleBlock Read(ref SpanReader reader) =>
        new(BlockHeader.Read(ref reader), PartialMerkleTree.Read(ref reader));

    /// <summary>The transactions that are proven to be in the block of the header; false when the proof is none.</summary>
    public bool TryProve(out IReadOnlyList<(Txid Txid, int Index)> matches)
    {
        if (Tree.TryExtract(out var root, out matches) && root == Header.MerkleRoot)
        {
            return true;
        }

        matches = [];
        return false;
    }

    /// <summary>Writes it.</summary>
    public void Write(ByteWriter writer)
    {
        Header.Write(writer);
        Tree.Write(writer);
    }

    /// <summary>The bytes.</summary>
    public byte[] ToBytes()
    {
        var writer = new ByteWriter(512);
        Write(writer);
        return writer.ToArray();
    }
}
