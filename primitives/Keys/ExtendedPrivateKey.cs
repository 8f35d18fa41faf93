using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Dash.Primitives.Hashing;

namespace Dash.Primitives.Keys;

/// <summary>
/// A private key from which further keys are derived (BIP32). Owns its <see cref="Key"/> and disposes it; the chain code
/// is kept as a secret too.
/// </summary>
public sealed class ExtendedPrivateKey : IDisposable
{
    /// <summary>Indices from here on are hardened: the public key alone cannot derive them (BIP32).</summary>
    public const uint Hardened = 0x8000_0000;

    /// <summary>Bytes of the serialized key without version.</summary>
    public const int Size = ExtendedKeyData.Size;

    private const int ChainCodeOffset = ExtendedKeyData.HeadSize - Uint256.Size;

    private readonly SecretBytes _chainCode;

    private ExtendedPrivateKey(byte depth, uint parentFingerprint, uint childIndex, ReadOnlySpan<byte> chainCode, PrivateKey key)
    {
        Depth = depth;
        ParentFingerprint = parentFingerprint;
        ChildIndex = childIndex;
        _chainCode = new SecretBytes(chainCode);
        Key = key;
    }

    /// <summary>The key itself, compressed.</summary>
    public PrivateKey Key { get; }

    /// <summary>Steps from the master key.</summary>
    public byte Depth { get; }

    /// <summary>First four bytes of the parent's id, big-endian; 0 for a master key.</summary>
    public uint ParentFingerprint { get; }

    /// <summary>First four bytes of this key's id, big-endian.</summary>
    public uint Fingerprint => ExtendedKeyData.Fingerprint(Key.PublicKey);

    /// <summary>Which child of its parent this is.</summary>
    public uint ChildIndex { get; }

    /// <summary>The master key of a seed (BIP32: HMAC-SHA512 under "Bitcoin seed").</summary>
    /// <exception cref="ArgumentException">One seed in 2^127 has no master key.</exception>
    public static ExtendedPrivateKey FromSeed(ReadOnlySpan<byte> seed)
    {
        Span<byte> mac = stackalloc byte[ExtendedKeyData.StepSize];
        Hashes.HmacSha512("Bitcoin seed"u8, seed, mac);
        var master = PrivateKey.TryFromBytes(mac[..PrivateKey.Size], compressed: true, out var key)
            ? new ExtendedPrivateKey(0, 0, 0, mac[PrivateKey.Size..], key)
            : null;
        CryptographicOperations.ZeroMemory(mac);
        return master ?? throw new ArgumentException("This seed has no master key.", nameof(seed));
    }

    /// <summary>The master key of a seed that is kept as a secret.</summary>
    /// <exception cref="ArgumentException">One seed in 2^127 has no master key.</exception>
    public static ExtendedPrivateKey FromSeed(SecretBytes seed)
    {
        ArgumentNullException.ThrowIfNull(seed);
        var master = FromSeed(seed.Span);
        GC.KeepAlive(seed);
        return master;
    }

    /// <summary>Reads the 74 bytes of <see cref="CopyTo"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ExtendedPrivateKey? key)
    {
        key = null;
        if (bytes.Length != Size || bytes[ExtendedKeyData.HeadSize] != 0)
        {
            return false;
        }

        var depth = bytes[0];
        var parent = BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]);
        var child = BinaryPrimitives.ReadUInt32BigEndian(bytes[5..]);
        if (!ExtendedKeyData.IsConsistentHead(depth, parent, child)
            || !PrivateKey.TryFromBytes(bytes[(ExtendedKeyData.HeadSize + 1)..], compressed: true, out var secret))
        {
            return false;
        }

        key = new ExtendedPrivateKey(depth, parent, child, bytes.Slice(ChainCodeOffset, Uint256.Size), secret);
        return true;
    }

    /// <summary>Reads text such as <c>xprv…</c>; false if it is no such key or has another version.</summary>
    public static bool TryParse(
        string text, ReadOnlySpan<byte> version, [NotNullWhen(true)] out ExtendedPrivateKey? key)
    {
        key = null;
        if (!ExtendedKeyData.TryDecode(text, version, out var bytes))
        {
            return false;
        }

        var valid = TryRead(bytes, out key);
        CryptographicOperations.ZeroMemory(bytes);
        return valid;
    }

    /// <summary>The child of an index, hardened from <see cref="Hardened"/> on. The caller disposes it.</summary>
    /// <exception cref="InvalidOperationException">
    /// The depth is 255 already, or (one index in 2^127) there is no such child.
    /// </exception>
    public ExtendedPrivateKey Derive(uint index)
    {
        Span<byte> keyBytes = stackalloc byte[PublicKey.CompressedSize];
        if (index >= Hardened)
        {
            keyBytes[0] = 0;
            Key.CopyTo(keyBytes[1..]);
        }
        else
        {
            Key.PublicKey.Bytes.CopyTo(keyBytes);
        }

        Span<byte> halves = stackalloc byte[ExtendedKeyData.StepSize];
        ExtendedKeyData.Step(Depth, _chainCode.Span, keyBytes, index, halves);
        GC.KeepAlive(_chainCode);
        var child = Key.TryAdd(halves[..PrivateKey.Size], out var key)
            ? new ExtendedPrivateKey((byte)(Depth + 1), Fingerprint, index, halves[PrivateKey.Size..], key)
            : null;
        CryptographicOperations.ZeroMemory(keyBytes);
        CryptographicOperations.ZeroMemory(halves);
        return child ?? throw new InvalidOperationException($"There is no child {index} of this key.");
    }

    /// <summary>The descendant at the end of a path (a copy for an empty path). The caller disposes it.</summary>
    public ExtendedPrivateKey Derive(ReadOnlySpan<uint> path)
    {
        var key = new ExtendedPrivateKey(Depth, ParentFingerprint, ChildIndex, _chainCode.Span, Key.Clone());
        GC.KeepAlive(this);
        foreach (var index in path)
        {
            using var parent = key;
            key = parent.Derive(index);
        }

        return key;
    }

    /// <summary>The same key without its secret; its chain code is no secret any more.</summary>
    public ExtendedPublicKey ToPublic()
    {
        var data = new ExtendedKeyData(Depth, ParentFingerprint, ChildIndex, new Uint256(_chainCode.Span));
        GC.KeepAlive(_chainCode);
        return new ExtendedPublicKey(data, Key.PublicKey);
    }

    /// <summary>Text with a version, such as <c>xprv…</c>.</summary>
    public string Encode(ReadOnlySpan<byte> version)
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        var text = ExtendedKeyData.Encode(version, bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return text;
    }

    /// <summary>Writes the 74 bytes: depth, parent fingerprint, child index, chain code, zero, secret.</summary>
    public void CopyTo(Span<byte> destination)
    {
        destination[0] = Depth;
        BinaryPrimitives.WriteUInt32BigEndian(destination[1..], ParentFingerprint);
        BinaryPrimitives.WriteUInt32BigEndian(destination[5..], ChildIndex);
        _chainCode.CopyTo(destination[ChainCodeOffset..]);
        destination[ExtendedKeyData.HeadSize] = 0;
        Key.CopyTo(destination[(ExtendedKeyData.HeadSize + 1)..]);
    }

    /// <summary>Three asterisks, so that no log ever shows a key.</summary>
    public override string ToString() => "***";

    /// <summary>Zeroes the secrets.</summary>
    public void Dispose()
    {
        Key.Dispose();
        _chainCode.Dispose();
    }
}
