using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;

namespace Dash.Primitives.Keys;

/// <summary>
/// What private and public extended keys have in common (BIP32), and their 74 bytes:
/// <code>depth(1) parent fingerprint(4) child number(4, big-endian) chain code(32) key(33)</code>
/// </summary>
internal readonly record struct ExtendedKeyData(byte Depth, uint ParentFingerprint, uint ChildIndex, Uint256 ChainCode)
{
    /// <summary>Bytes before the key.</summary>
    public const int HeadSize = 41;

    /// <summary>Bytes with the key, without version.</summary>
    public const int Size = HeadSize + PublicKey.CompressedSize;

    /// <summary>Bytes of what <see cref="Step"/> gives.</summary>
    public const int StepSize = 64;

    private const int VersionSize = 4;

    /// <summary>A master key must not claim a parent.</summary>
    public bool IsConsistent => IsConsistentHead(Depth, ParentFingerprint, ChildIndex);

    /// <summary>A master key must not claim a parent.</summary>
    public static bool IsConsistentHead(byte depth, uint parentFingerprint, uint childIndex) =>
        depth != 0 || (parentFingerprint == 0 && childIndex == 0);

    public static ExtendedKeyData Read(ReadOnlySpan<byte> bytes) => new(
        bytes[0],
        BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[5..]),
        new Uint256(bytes.Slice(9, Uint256.Size)));

    public void Write(Span<byte> bytes)
    {
        bytes[0] = Depth;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[1..], ParentFingerprint);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[5..], ChildIndex);
        ChainCode.CopyTo(bytes[9..]);
    }

    /// <summary>The first four bytes of a key's id.</summary>
    public static uint Fingerprint(PublicKey key)
    {
        Span<byte> id = stackalloc byte[Hash160.Size];
        key.Id.CopyTo(id);
        return BinaryPrimitives.ReadUInt32BigEndian(id);
    }

    /// <summary>A child by what <see cref="Step"/> gave for it.</summary>
    public ExtendedKeyData Child(uint fingerprint, uint index, ReadOnlySpan<byte> chainCode) =>
        new((byte)(Depth + 1), fingerprint, index, new Uint256(chainCode));

    /// <summary>
    /// BIP32's one step: HMAC-SHA512 under the chain code of the 33 key bytes and the index. The left half is added
    /// to the key, the right half is the child's chain code. The caller zeroes both.
    /// </summary>
    public static void Step(byte depth, ReadOnlySpan<byte> chainCode, ReadOnlySpan<byte> keyBytes, uint index, Span<byte> halves)
    {
        if (depth == byte.MaxValue)
        {
            throw new InvalidOperationException("An extended key has at most 255 ancestors.");
        }

        Span<byte> data = stackalloc byte[PublicKey.CompressedSize + sizeof(uint)];
        keyBytes.CopyTo(data);
        BinaryPrimitives.WriteUInt32BigEndian(data[PublicKey.CompressedSize..], index);
        Hashes.HmacSha512(chainCode, data, halves);
        CryptographicOperations.ZeroMemory(data);
    }

    /// <summary>Base 58 of version and 74 bytes.</summary>
    public static string Encode(ReadOnlySpan<byte> version, ReadOnlySpan<byte> bytes)
    {
        Span<byte> payload = stackalloc byte[VersionSize + Size];
        version[..VersionSize].CopyTo(payload);
        bytes.CopyTo(payload[VersionSize..]);
        var text = Base58Check.Encode(payload);
        CryptographicOperations.ZeroMemory(payload);
        return text;
    }

    /// <summary>Reads base 58 that starts with the version; gives the 74 bytes, zeroed by the caller if secret.</summary>
    public static bool TryDecode(string text, ReadOnlySpan<byte> version, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (!Base58Check.TryDecode(text, VersionSize + Size, out var payload))
        {
            return false;
        }

        if (payload.Length == VersionSize + Size && payload.AsSpan(0, VersionSize).SequenceEqual(version))
        {
            bytes = payload[VersionSize..];
        }

        CryptographicOperations.ZeroMemory(payload);
        return bytes is not null;
    }
}
