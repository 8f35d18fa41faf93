using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Dash.Primitives.Hashing;

namespace Dash.Primitives.Keys;

/// <summary>
/// A private key from which further keys are derived (BIP32). Owns its <see cref="Key"/> and disposes it.
/// </summary>
public sealed class ExtendedPrivateKey : IDisposable
{
    /// <summary>Indices from here on are hardened: the public key alone cannot derive them (BIP32).</summary>
    public const uint Hardened = 0x8000_0000;

    /// <summary>Bytes of the serialized key without version.</summary>
    public const int Size = ExtendedKeyData.Size;

    private readonly ExtendedKeyData _data;

    private ExtendedPrivateKey(ExtendedKeyData data, PrivateKey key)
    {
        _data = data;
        Key = key;
    }

    /// <summary>The key itself, compressed.</summary>
    public PrivateKey Key { get; }

    /// <summary>Steps from the master key.</summary>
    public byte Depth => _data.Depth;

    /// <summary>First four bytes of the parent's id, big-endian; 0 for a master key.</summary>
    public uint ParentFingerprint => _data.ParentFingerprint;

    /// <summary>First four bytes of this key's id, big-endian.</summary>
    public uint Fingerprint => ExtendedKeyData.Fingerprint(Key.PublicKey);

    /// <summary>Which child of its parent this is.</summary>
    public uint ChildIndex => _data.ChildIndex;

    /// <summary>The 32 bytes that, with the key, give the children.</summary>
    public Uint256 ChainCode => _data.ChainCode;

    /// <summary>The master key of a seed (BIP32: HMAC-SHA512 under "Bitcoin seed").</summary>
    /// <exception cref="ArgumentException">One seed in 2^127 has no master key.</exception>
    public static ExtendedPrivateKey FromSeed(ReadOnlySpan<byte> seed)
    {
        Span<byte> mac = stackalloc byte[64];
        Hashes.HmacSha512("Bitcoin seed"u8, seed, mac);
        var valid = PrivateKey.TryFromBytes(mac[..32], compressed: true, out var key);
        var chainCode = new Uint256(mac[32..]);
        CryptographicOperations.ZeroMemory(mac);
        return valid
            ? new ExtendedPrivateKey(new ExtendedKeyData(0, 0, 0, chainCode), key!) // valid: then there is a key
            : throw new ArgumentException("This seed has no master key.", nameof(seed));
    }

    /// <summary>Reads the 74 bytes of <see cref="CopyTo"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ExtendedPrivateKey? key)
    {
        key = null;
        if (bytes.Length != Size || bytes[ExtendedKeyData.HeadSize] != 0)
        {
            return false;
        }

        var data = ExtendedKeyData.Read(bytes);
        if (!data.IsConsistent
            || !PrivateKey.TryFromBytes(bytes[(ExtendedKeyData.HeadSize + 1)..], compressed: true, out var secret))
        {
            return false;
        }

        key = new ExtendedPrivateKey(data, secret);
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

        Span<byte> tweak = stackalloc byte[32];
        var child = _data.Step(keyBytes, Key.PublicKey, index, tweak);
        var valid = Key.TryAdd(tweak, out var key);
        CryptographicOperations.ZeroMemory(keyBytes);
        CryptographicOperations.ZeroMemory(tweak);
        return valid
            ? new ExtendedPrivateKey(child, key!) // valid: then there is a key
            : throw new InvalidOperationException($"There is no child {index} of this key.");
    }

    /// <summary>The descendant at the end of a path (a copy for an empty path). The caller disposes it.</summary>
    public ExtendedPrivateKey Derive(ReadOnlySpan<uint> path)
    {
        var key = new ExtendedPrivateKey(_data, Key.Clone());
        foreach (var index in path)
        {
            using var parent = key;
            key = parent.Derive(index);
        }

        return key;
    }

    /// <summary>The same key without its secret.</summary>
    public ExtendedPublicKey ToPublic() => new(_data, Key.PublicKey);

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
        _data.Write(destination);
        destination[ExtendedKeyData.HeadSize] = 0;
        Key.CopyTo(destination[(ExtendedKeyData.HeadSize + 1)..]);
    }

    /// <summary>Three asterisks, so that no log ever shows a key.</summary>
    public override string ToString() => "***";

    /// <summary>Zeroes the secret.</summary>
    public void Dispose() => Key.Dispose();
}
