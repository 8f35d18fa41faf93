using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys.Bls;

namespace Dash.Primitives.Evo;

/// <summary>DIP8: a quorum's word that no other block than this one will be at its height.</summary>
public sealed record ChainLock
{
    /// <summary>Height of the block.</summary>
    public required int Height { get; init; }

    /// <summary>The block.</summary>
    public required BlockHash BlockHash { get; init; }

    /// <summary>The quorum's signature, 96 bytes in the scheme of its time.</summary>
    public ReadOnlyMemory<byte> Signature { get; init; } = new byte[BlsSignature.Size];

    /// <summary>Name of the message in the inventory: the hash of the whole.</summary>
    public Uint256 Hash => Hashes.Sha256d(ToBytes());

    /// <summary>What is signed for a height: chooses the quorum.</summary>
    public static Uint256 RequestIdOf(int height)
    {
        var writer = new ByteWriter(16);
        writer.WriteString("clsig");
        writer.WriteInt32(height);
        return Hashes.Sha256d(writer.WrittenSpan);
    }

    /// <summary>Reads a message that fills all the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> message, [NotNullWhen(true)] out ChainLock? parsed) =>
        Payload.TryParse(message, Read, out parsed);

    /// <summary>Reads one; throws <see cref="EncodingException"/>.</summary>
    public static ChainLock Read(ref SpanReader reader) => new()
    {
        Height = reader.ReadInt32(),
        BlockHash = new BlockHash(reader.ReadUint256()),
        Signature = Payload.ReadSignature(ref reader, BlsScheme.Basic),
    };

    /// <summary>The message's bytes.</summary>
    public byte[] ToBytes()
    {
        var writer = new ByteWriter(160);
        writer.WriteInt32(Height);
        writer.WriteUint256(BlockHash.Value);
        writer.WriteBytes(Signature.Span);
        return writer.ToArray();
    }

    /// <inheritdoc/>
    public bool Equals(ChainLock? other) =>
        other is not null && Height == other.Height && BlockHash == other.BlockHash
        && Signature.Span.SequenceEqual(other.Signature.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Height, BlockHash);
}
