using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Hashing;

namespace Dash.Primitives.Keys;

/// <summary>A public key from which further public keys are derived (BIP32). Immutable.</summary>
public sealed class ExtendedPublicKey : IEquatable<ExtendedPublicKey>
{
    /// <summary>Bytes of the serialized key without version.</summary>
    public const int Size = ExtendedKeyData.Size;

    private readonly ExtendedKeyData _data;
    private long _fingerprint = -1; // worked out when first asked for

    internal ExtendedPublicKey(ExtendedKeyData data, PublicKey key)
    {
        _data = data;
        Key = key;
    }

    /// <summary>The key itself, compressed.</summary>
    public PublicKey Key { get; }

    /// <summary>Steps from the master key.</summary>
    public byte Depth => _data.Depth;

    /// <summary>First four bytes of the parent's id, big-endian; 0 for a master key.</summary>
    public uint ParentFingerprint => _data.ParentFingerprint;

    /// <summary>First four bytes of this key's id, big-endian.</summary>
    public uint Fingerprint
    {
        get
        {
            if (Volatile.Read(ref _fingerprint) < 0)
            {
                Volatile.Write(ref _fingerprint, ExtendedKeyData.Fingerprint(Key));
            }

            return (uint)Volatile.Read(ref _fingerprint);
        }
    }

    /// <summary>Which child of its parent this is; at or above 2^31 a hardened one.</summary>
    public uint ChildIndex => _data.ChildIndex;

    /// <summary>The 32 bytes that, with the key, give the children.</summary>
    public Uint256 ChainCode => _data.ChainCode;

    /// <summary>Reads the 74 bytes of <see cref="CopyTo"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ExtendedPublicKey? key)
    {
        key = null;
        if (bytes.Length != Size)
        {
            return false;
        }

        var data = ExtendedKeyData.Read(bytes);
        if (!data.IsConsistent || !PublicKey.TryParse(bytes[ExtendedKeyData.HeadSize..], out var publicKey))
        {
            return false;
        }

        key = new ExtendedPublicKey(data, publicKey);
        return true;
    }

    /// <summary>Reads text such as <c>xpub…</c>; false if it is no such key or has another version.</summary>
    public static bool TryParse(string text, ReadOnlySpan<byte> version, [NotNullWhen(true)] out ExtendedPublicKey? key)
    {
        key = null;
        return ExtendedKeyData.TryDecode(text, version, out var bytes) && TryRead(bytes, out key);
    }

    /// <summary>The child of an index below 2^31.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A hardened index: that needs the private key.</exception>
    /// <exception cref="InvalidOperationException">
    /// The depth is 255 already, or (one index in 2^127) there is no such child.
    /// </exception>
    public ExtendedPublicKey Derive(uint index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, ExtendedPrivateKey.Hardened);
        Span<byte> chainCode = stackalloc byte[Uint256.Size];
        _data.ChainCode.CopyTo(chainCode);
        Span<byte> halves = stackalloc byte[ExtendedKeyData.StepSize];
        ExtendedKeyData.Step(Depth, chainCode, Key.Bytes, index, halves);
        return Key.TryAdd(halves[..PrivateKey.Size], out var key)
            ? new ExtendedPublicKey(_data.Child(Fingerprint, index, halves[PrivateKey.Size..]), key)
            : throw new InvalidOperationException($"There is no child {index} of this key.");
    }

    /// <summary>Text with a version, such as <c>xpub…</c>.</summary>
    public string Encode(ReadOnlySpan<byte> version)
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return ExtendedKeyData.Encode(version, bytes);
    }

    /// <summary>Writes the 74 bytes: depth, parent fingerprint, child index, chain code, key.</summary>
    public void CopyTo(Span<byte> destination)
    {
        _data.Write(destination);
        Key.Bytes.CopyTo(destination[ExtendedKeyData.HeadSize..]);
    }

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] ExtendedPublicKey? other) =>
        other is not null && _data == other._data && Key == other.Key;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as ExtendedPublicKey);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_data, Key);
}
