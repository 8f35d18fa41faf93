using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Hashing.X11;

namespace Dash.Primitives.Blocks;

/// <summary>
/// The 80 bytes that are hashed for proof of work. Time is seconds since 1970, Bits the target in compact form, see
/// <see cref="CompactTarget"/>.
/// </summary>
public sealed record BlockHeader(
    int Version, BlockHash Previous, Uint256 MerkleRoot, uint Time, uint Bits, uint Nonce)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 80;

    // Boxed so that a reader on another thread sees a whole hash or none.
    private StrongBox<BlockHash>? _hash;

    private BlockHeader(BlockHeader other)
    {
        // The hash is not copied: a copy is made to be changed.
        Version = other.Version;
        Previous = other.Previous;
        MerkleRoot = other.MerkleRoot;
        Time = other.Time;
        Bits = other.Bits;
        Nonce = other.Nonce;
    }

    /// <summary>X11 of the 80 bytes; computed once, when first asked for.</summary>
    public BlockHash Hash => (_hash ??= new StrongBox<BlockHash>(ComputeHash())).Value;

    /// <summary>Reads 80 bytes.</summary>
    public static BlockHeader Read(ref SpanReader reader) =>
        new(
            reader.ReadInt32(),
            new BlockHash(reader.ReadUint256()),
            reader.ReadUint256(),
            reader.ReadUInt32(),
            reader.ReadUInt32(),
            reader.ReadUInt32());

    /// <summary>Reads a header that fills all the bytes; throws <see cref="EncodingException"/>.</summary>
    public static BlockHeader Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new SpanReader(bytes);
        var header = Read(ref reader);
        reader.ExpectEnd();
        return header;
    }

    /// <summary>Writes 80 bytes.</summary>
    public void Write(ByteWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        CopyTo(writer.GetSpan(Size));
        writer.Advance(Size);
    }

    /// <summary>Writes the 80 bytes to <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination, Version);
        Previous.Value.CopyTo(destination[4..]);
        MerkleRoot.CopyTo(destination[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[68..], Time);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[72..], Bits);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[76..], Nonce);
    }

    /// <summary>The 80 bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public bool Equals(BlockHeader? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && Version == other.Version
            && Previous == other.Previous
            && MerkleRoot == other.MerkleRoot
            && Time == other.Time
            && Bits == other.Bits
            && Nonce == other.Nonce);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Previous, MerkleRoot, Time, Nonce);

    private BlockHash ComputeHash()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return new BlockHash(X11Hash.Hash(bytes));
    }
}
