using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;

namespace Dash.Primitives.Blocks;

/// <summary>
/// Hashes of one's own chain from the tip down, dense at first, then sparse, with genesis last: another side finds
/// the last block both have. Equal when the hashes are.
/// </summary>
public sealed record BlockLocator(IReadOnlyList<BlockHash> Hashes)
{
    /// <summary>A peer that sends more is dropped.</summary>
    public const int MaxHashes = 101;

    /// <summary>A locator of no block: everything is new.</summary>
    public static readonly BlockLocator Empty = new([]);

    /// <summary>Whether it names no block.</summary>
    public bool IsEmpty => Hashes.Count == 0;

    /// <summary>
    /// The locator of a chain: the last eleven blocks one by one, then each step twice the one before, then genesis.
    /// </summary>
    /// <param name="tipHeight">Height of the newest block, 0 or more.</param>
    /// <param name="hashAt">The hash of the block at a height of that chain.</param>
    public static BlockLocator Of(int tipHeight, Func<int, BlockHash> hashAt)
    {
        ArgumentNullException.ThrowIfNull(hashAt);
        var hashes = new List<BlockHash>(32);
        var step = 1;
        for (var height = tipHeight; height > 0; height -= step)
        {
            hashes.Add(hashAt(height));
            if (hashes.Count > 10)
            {
                step *= 2;
            }
        }

        hashes.Add(hashAt(0));
        return new BlockLocator(hashes);
    }

    /// <summary>Reads a version number, which means nothing, and the hashes.</summary>
    public static BlockLocator Read(ref SpanReader reader)
    {
        reader.ReadInt32();
        var hashes = new BlockHash[reader.ReadCount(Uint256.Size)];
        for (var i = 0; i < hashes.Length; i++)
        {
            hashes[i] = new BlockHash(reader.ReadUint256());
        }

        return new BlockLocator(hashes);
    }

    /// <summary>Writes a version number (in files the program's, on the wire the protocol's) and the hashes.</summary>
    public void Write(ByteWriter writer, int version = ProtocolVersion.Current)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteInt32(version);
        writer.WriteCompactSize(Hashes.Count);
        foreach (var hash in Hashes)
        {
            writer.WriteUint256(hash.Value);
        }
    }

    /// <inheritdoc/>
    public bool Equals(BlockLocator? other) => other is not null && Hashes.SequenceEqual(other.Hashes);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Hashes.Count, Hashes.Count > 0 ? Hashes[0] : default);
}
