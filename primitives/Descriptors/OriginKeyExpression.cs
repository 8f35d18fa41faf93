using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Keys;

namespace Dash.Primitives.Descriptors;

/// <summary>A key with the origin it was given in brackets, which takes the place of its own.</summary>
internal sealed class OriginKeyExpression(uint place, KeyOrigin origin, KeyExpression inner) : KeyExpression(place)
{
    // The bracket and eight hex digits in front of the path of an inner origin.
    private const int FingerprintPartLength = 9;

    public override bool IsRange => inner.IsRange;

    public override int KeySize => inner.KeySize;

    public override bool TryDerive(
        uint index, IPrivateKeySource? keys, ref DescriptorCache learned, [NotNullWhen(true)] out DerivedKey? key)
    {
        key = inner.TryDerive(index, keys, ref learned, out var derived) ? WithFront(derived) : null;
        return key is not null;
    }

    public override bool TryDeriveFromCache(
        uint index, DescriptorCache cache, [NotNullWhen(true)] out DerivedKey? key)
    {
        key = inner.TryDeriveFromCache(index, cache, out var derived) ? WithFront(derived) : null;
        return key is not null;
    }

    public override DerivedKey WithOrigin(PublicKey key, uint index) => WithFront(inner.WithOrigin(key, index));

    public override bool TryDerivePrivate(
        uint index, IPrivateKeySource keys, [NotNullWhen(true)] out PrivateKey? key) =>
        inner.TryDerivePrivate(index, keys, out key);

    public override bool TryToPrivate(IPrivateKeySource keys, [NotNullWhen(true)] out string? text)
    {
        text = inner.TryToPrivate(keys, out var key) ? $"[{origin}]{key}" : null;
        return text is not null;
    }

    public override bool TryToNormalized(
        IPrivateKeySource? keys, DescriptorCache? cache, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (!inner.TryToNormalized(keys, cache, out var key))
        {
            return false;
        }

        // An inner origin goes on where this one ends.
        text = key[0] == '[' ? $"[{origin}{key[FingerprintPartLength..]}" : $"[{origin}]{key}";
        return true;
    }

    public override string ToString() => $"[{origin}]{inner}";

    private DerivedKey WithFront(DerivedKey key) =>
        key with { Origin = new KeyOrigin(origin.Fingerprint, [.. origin.Path, .. key.Origin.Path]) };
}
