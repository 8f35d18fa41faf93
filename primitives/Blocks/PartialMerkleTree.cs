using System.Collections.Immutable;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;

namespace Dash.Primitives.Blocks;

/// <summary>
/// The part of a block's merkle tree that proves some of its transactions: going down from the root, a bit for each
/// node that is met (whether something below it is proven) and the hashes of nodes nothing is proven below. Immutable.
/// </summary>
public sealed record PartialMerkleTree
{
    // A transaction has 60 bytes at least, a block 2,000,000 at most.
    private const int MaxTransactions = 2_000_000 / 60;

    private PartialMerkleTree(uint transactionCount, ImmutableArray<Uint256> hashes, ImmutableArray<byte> flags)
    {
        TransactionCount = transactionCount;
        Hashes = hashes;
        Flags = flags;
    }

    /// <summary>Transactions in the block.</summary>
    public uint TransactionCount { get; }

    /// <summary>Hashes of nodes, in the order they are met.</summary>
    public ImmutableArray<Uint256> Hashes { get; }

    /// <summary>The bits, eight a byte, lowest first.</summary>
    public ImmutableArray<byte> Flags { get; }

    /// <summary>The tree of a block's txids that proves those of some.</summary>
    /// <param name="txids">All of the block.</param>
    /// <param name="isMatch">Whether the transaction at a place is to be proven.</param>
    public static PartialMerkleTree Create(IReadOnlyList<Txid> txids, Func<int, bool> isMatch)
    {
        ArgumentNullException.ThrowIfNull(txids);
        ArgumentNullException.ThrowIfNull(isMatch);
        var builder = new Builder(txids, isMatch);
        builder.Visit(HeightOf((uint)txids.Count), 0);
        return builder.Build();
    }

    /// <summary>Reads one; throws <see cref="EncodingException"/>. Whether it proves anything is another question.</summary>
    public static PartialMerkleTree Read(ref SpanReader reader)
    {
        var count = reader.ReadUInt32();
        var hashes = ImmutableArray.CreateBuilder<Uint256>(reader.ReadCount(Uint256.Size));
        while (hashes.Count < hashes.Capacity)
        {
            hashes.Add(reader.ReadUint256());
        }

        return new PartialMerkleTree(count, hashes.MoveToImmutable(), [.. reader.ReadVarBytes()]);
    }

    /// <summary>Writes it.</summary>
    public void Write(ByteWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteUInt32(TransactionCount);
        writer.WriteCompactSize(Hashes.Length);
        foreach (var hash in Hashes)
        {
            writer.WriteUint256(hash);
        }

        writer.WriteVarBytes(Flags.AsSpan());
    }

    /// <summary>What the tree proves: compare the root with the block's.</summary>
    /// <param name="root">The root the tree leads to.</param>
    /// <param name="matches">The proven transactions and their places in the block.</param>
    /// <returns>False when it is no tree of a block.</returns>
    public bool TryExtract(out Uint256 root, out IReadOnlyList<(Txid Txid, int Index)> matches)
    {
        root = default;
        matches = [];
        if (TransactionCount is 0 or > MaxTransactions
            || Hashes.Length > TransactionCount
            || (long)Flags.Length * 8 < Hashes.Length)
        {
            return false;
        }

        var walk = new Walk(this);
        var computed = walk.Visit(HeightOf(TransactionCount), 0);
        if (!walk.IsGoodAndUsedUp)
        {
            return false;
        }

        root = computed;
        matches = walk.Matches;
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(PartialMerkleTree? other) =>
        other is not null
        && TransactionCount == other.TransactionCount
        && Hashes.AsSpan().SequenceEqual(other.Hashes.AsSpan())
        && Flags.AsSpan().SequenceEqual(other.Flags.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(TransactionCount, Hashes.Length, Flags.Length);

    // Nodes on a level; level 0 are the transactions.
    private static uint WidthOf(uint count, int height) => (count + (1u << height) - 1) >> height;

    private static int HeightOf(uint count)
    {
        var height = 0;
        while (WidthOf(count, height) > 1)
        {
            height++;
        }

        return height;
    }

    private static Uint256 Join(Uint256 left, Uint256 right)
    {
        Span<byte> pair = stackalloc byte[2 * Uint256.Size];
        left.CopyTo(pair);
        right.CopyTo(pair[Uint256.Size..]);
        return Hashing.Hashes.Sha256d(pair);
    }

    private sealed class Builder(IReadOnlyList<Txid> txids, Func<int, bool> isMatch)
    {
        private readonly ImmutableArray<Uint256>.Builder _hashes = ImmutableArray.CreateBuilder<Uint256>();
        private readonly List<bool> _bits = [];
        private readonly bool[] _matches = [.. Enumerable.Range(0, txids.Count).Select(isMatch)];

        public void Visit(int height, uint position)
        {
            var start = (int)Math.Min((long)position << height, txids.Count);
            var end = (int)Math.Min(((long)position + 1) << height, txids.Count);
            var leadsToMatch = _matches.AsSpan(start, end - start).Contains(true);
            _bits.Add(leadsToMatch);
            if (height == 0 || !leadsToMatch)
            {
                _hashes.Add(HashOf(height, position));
                return;
            }

            Visit(height - 1, position * 2);
            if ((position * 2) + 1 < WidthOf((uint)txids.Count, height - 1))
            {
                Visit(height - 1, (position * 2) + 1);
            }
        }

        public PartialMerkleTree Build()
        {
            var flags = new byte[(_bits.Count + 7) / 8];
            for (var i = 0; i < _bits.Count; i++)
            {
                flags[i / 8] |= (byte)(_bits[i] ? 1 << (i % 8) : 0);
            }

            return new PartialMerkleTree((uint)txids.Count, _hashes.ToImmutable(), [.. flags]);
        }

        private Uint256 HashOf(int height, uint position)
        {
            if (height == 0)
            {
                return txids.Count == 0 ? default : txids[(int)position].Value;
            }

            var left = HashOf(height - 1, position * 2);
            var hasRight = (position * 2) + 1 < WidthOf((uint)txids.Count, height - 1);
            return Join(left, hasRight ? HashOf(height - 1, (position * 2) + 1) : left);
        }
    }

    private sealed class Walk(PartialMerkleTree tree)
    {
        private int _bitsUsed;
        private int _hashesUsed;
        private bool _isBad;

        public List<(Txid Txid, int Index)> Matches { get; } = [];

        // Only the last byte may have bits left.
        public bool IsGoodAndUsedUp =>
            !_isBad && (_bitsUsed + 7) / 8 == tree.Flags.Length && _hashesUsed == tree.Hashes.Length;

        public Uint256 Visit(int height, uint position)
        {
            if (_isBad || _bitsUsed >= tree.Flags.Length * 8)
            {
                _isBad = true;
                return default;
            }

            var leadsToMatch = (tree.Flags[_bitsUsed / 8] >> (_bitsUsed % 8) & 1) != 0;
            _bitsUsed++;
            if (height == 0 || !leadsToMatch)
            {
                return TakeHash(height == 0 && leadsToMatch, position);
            }

            var left = Visit(height - 1, position * 2);
            if ((position * 2) + 1 >= WidthOf(tree.TransactionCount, height - 1))
            {
                return Join(left, left);
            }

            // Two equal sides would be the same transactions twice (CVE-2012-2459).
            var right = Visit(height - 1, (position * 2) + 1);
            _isBad |= left == right;
            return Join(left, right);
        }

        private Uint256 TakeHash(bool isMatch, uint position)
        {
            if (_hashesUsed >= tree.Hashes.Length)
            {
                _isBad = true;
                return default;
            }

            var hash = tree.Hashes[_hashesUsed++];
            if (isMatch)
            {
                Matches.Add((new Txid(hash), (int)position));
            }

            return hash;
        }
    }
}
