using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Hashing;

namespace Dash.Primitives.Keys;

/// <summary>
/// A point of secp256k1 with the bytes it was written as: 33 compressed, 65 uncompressed (hybrid too). In what is
/// inferred from scripts it may be bytes of such a form that are no point: those verify nothing. Equal when the bytes
/// are equal. Immutable.
/// </summary>
public sealed class PublicKey : IEquatable<PublicKey>
{
    /// <summary>Bytes of a compressed key.</summary>
    public const int CompressedSize = 33;

    /// <summary>Bytes of an uncompressed key.</summary>
    public const int UncompressedSize = 65;

    /// <summary>Bytes of a signature a key can be recovered from: a header byte, r, s.</summary>
    public const int CompactSignatureSize = 1 + Secp256k1.CompactSignatureSize;

    private readonly byte[] _bytes;
    private byte[]? _point; // the library's own form, so that verifying needs no square root again; null until it is needed

    private PublicKey(byte[] bytes, byte[]? point)
    {
        _bytes = bytes;
        _point = point;
    }

    /// <summary>The serialized key, 33 or 65 bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Whether the key is written as 33 bytes.</summary>
    public bool IsCompressed => _bytes.Length == CompressedSize;

    // Empty for what is no point.
    private byte[] Point => _point ??= ParsePoint(_bytes) ?? [];

    /// <summary>What pay-to-pubkey-hash scripts name: HASH160 of the serialized key.</summary>
    public Hash160 Id => Hashes.Hash160(_bytes);

    /// <summary>Same bytes.</summary>
    public static bool operator ==(PublicKey? left, PublicKey? right) =>
        left is null ? right is null : left.Equals(right);

    /// <summary>Different bytes.</summary>
    public static bool operator !=(PublicKey? left, PublicKey? right) => !(left == right);

    /// <summary>Reads a key; false unless it has the right form and is a point of the curve.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out PublicKey? key)
    {
        key = null;
        if (bytes.Length is not (CompressedSize or UncompressedSize))
        {
            return false;
        }

        if (ParsePoint(bytes) is not { } point)
        {
            return false;
        }

        key = new PublicKey(bytes.ToArray(), point);
        return true;
    }

    /// <summary>
    /// Reads a key of the right form, whether it is a point of the curve or not (Core: CPubKey::IsValid): scripts may
    /// hold any. Takes next to no time.
    /// </summary>
    public static bool TryReadForm(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out PublicKey? key)
    {
        key = null;
        var size = bytes.IsEmpty ? 0 : bytes[0] switch
        {
            2 or 3 => CompressedSize,
            4 or 6 or 7 => UncompressedSize,
            _ => 0,
        };
        if (size == 0 || bytes.Length != size)
        {
            return false;
        }

        key = new PublicKey(bytes.ToArray(), null);
        return true;
    }

    /// <summary>The key that made a 65-byte signature of <paramref name="hash"/>; false if there is none.</summary>
    public static bool TryRecover(Uint256 hash, ReadOnlySpan<byte> signature, [NotNullWhen(true)] out PublicKey? key)
    {
        key = null;
        if (signature.Length != CompactSignatureSize)
        {
            return false;
        }

        // Header byte: 27 + which point (0-3) + 4 for a compressed key; other values wrap, as in Core.
        var header = signature[0] - 27;
        Span<byte> hashBytes = stackalloc byte[Uint256.Size];
        hash.CopyTo(hashBytes);
        var point = new byte[Secp256k1.PointSize];
        if (!Secp256k1.TryRecover(signature[1..], header & 3, hashBytes, point))
        {
            return false;
        }

        key = FromPoint(point, compressed: (header & 4) != 0);
        return true;
    }

    /// <summary>Whether a signature, read loosely, has an s of at most half the group's order (BIP62 rule 5).</summary>
    public static bool IsLowS(ReadOnlySpan<byte> derSignature)
    {
        Span<byte> compact = stackalloc byte[Secp256k1.CompactSignatureSize];
        return LaxDer.TryParse(derSignature, compact) && Secp256k1.IsLowS(compact);
    }

    /// <summary>Verifies a DER signature without hash-type byte, read loosely; a high s is accepted.</summary>
    public bool Verify(Uint256 hash, ReadOnlySpan<byte> derSignature)
    {
        Span<byte> compact = stackalloc byte[Secp256k1.CompactSignatureSize];
        Span<byte> hashBytes = stackalloc byte[Uint256.Size];
        hash.CopyTo(hashBytes);
        return Point.Length != 0 && LaxDer.TryParse(derSignature, compact) && Secp256k1.Verify(compact, hashBytes, Point);
    }

    /// <summary>The same point written as 65 bytes.</summary>
    public PublicKey ToUncompressed() => Point.Length != 0 ? FromPoint(Point, compressed: false) : this;

    /// <summary>The serialized key in a new array.</summary>
    public byte[] ToArray() => [.. _bytes];

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] PublicKey? other) =>
        other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as PublicKey);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(_bytes, 1);

    /// <summary>Hex of the serialized key.</summary>
    public override string ToString() => Convert.ToHexStringLower(_bytes);

    /// <summary>The key of a secret; the secret must be valid.</summary>
    internal static PublicKey FromSecret(ReadOnlySpan<byte> secret, bool compressed)
    {
        var point = new byte[Secp256k1.PointSize];
        return Secp256k1.TryMultiplyBase(secret, point)
            ? FromPoint(point, compressed)
            : throw new ArgumentException("Not a secret key.", nameof(secret));
    }

    /// <summary>This point plus a multiple of the base point, compressed; false if that is no point.</summary>
    internal bool TryAdd(ReadOnlySpan<byte> tweak, [NotNullWhen(true)] out PublicKey? key)
    {
        byte[] point = [.. Point];
        key = point.Length != 0 && Secp256k1.AddToPoint(point, tweak) ? FromPoint(point, compressed: true) : null;
        return key is not null;
    }

    private static byte[]? ParsePoint(ReadOnlySpan<byte> bytes)
    {
        var point = new byte[Secp256k1.PointSize];
        return Secp256k1.TryParsePoint(bytes, point) ? point : null;
    }

    private static PublicKey FromPoint(byte[] point, bool compressed)
    {
        var bytes = new byte[compressed ? CompressedSize : UncompressedSize];
        Secp256k1.SerializePoint(point, bytes, compressed);
        return new PublicKey(bytes, point);
    }
}
