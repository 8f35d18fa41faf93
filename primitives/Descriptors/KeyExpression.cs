using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Keys;

namespace Dash.Primitives.Descriptors;

/// <summary>
/// A key of a descriptor: fixed, or derived from an extended key; with the origin it was given, or not.
/// </summary>
internal abstract class KeyExpression(uint place)
{
    /// <summary>Place among the key expressions of the descriptor, from 0.</summary>
    protected uint Place { get; } = place;

    /// <summary>Whether it stands for a key per index.</summary>
    public abstract bool IsRange { get; }

    /// <summary>Bytes of its public keys.</summary>
    public abstract int KeySize { get; }

    /// <summary>
    /// The key at an index, from private keys where steps are hardened. Adds to what the cache learned.
    /// </summary>
    public abstract bool TryDerive(
        uint index, IPrivateKeySource? keys, ref DescriptorCache learned, [NotNullWhen(true)] out DerivedKey? key);

    /// <summary>The key at an index, from the cache alone.</summary>
    public abstract bool TryDeriveFromCache(
        uint index, DescriptorCache cache, [NotNullWhen(true)] out DerivedKey? key);

    /// <summary>The key at an index, when the key itself is known already.</summary>
    public abstract DerivedKey WithOrigin(PublicKey key, uint index);

    /// <summary>The private key at an index, which the caller disposes.</summary>
    public abstract bool TryDerivePrivate(uint index, IPrivateKeySource keys, [NotNullWhen(true)] out PrivateKey? key);

    /// <summary>The text with private keys.</summary>
    public abstract bool TryToPrivate(IPrivateKeySource keys, [NotNullWhen(true)] out string? text);

    /// <summary>The text with the extended public key after the last hardened step.</summary>
    public abstract bool TryToNormalized(
        IPrivateKeySource? keys, DescriptorCache? cache, [NotNullWhen(true)] out string? text);

    /// <summary>The text with public keys.</summary>
    public abstract override string ToString();
}
