using System.Diagnostics.CodeAnalysis;
using System.Buffers.Binary;
using Dash.Primitives.Addresses;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;

namespace Dash.Primitives.Descriptors;

/// <summary>One public key in hex, or the private key of one.</summary>
internal sealed class FixedKeyExpression(uint place, PublicKey publicKey, AddressPrefixes prefixes)
    : KeyExpression(place)
{
    public override bool IsRange => false;

    public override int KeySize => publicKey.Bytes.Length;

    public override bool TryDerive(
        uint index, IPrivateKeySource? keys, ref DescriptorCache learned, [NotNullWhen(true)] out DerivedKey? key)
    {
        key = WithOrigin(publicKey, index);
        return true;
    }

    public override bool TryDeriveFromCache(
        uint index, DescriptorCache cache, [NotNullWhen(true)] out DerivedKey? key)
    {
        key = WithOrigin(publicKey, index);
        return true;
    }

    // Its own fingerprint and no step.
    public override DerivedKey WithOrigin(PublicKey key, uint index)
    {
        Span<byte> id = stackalloc byte[Hash160.Size];
        key.Id.CopyTo(id);
        return new DerivedKey(key, new KeyOrigin(BinaryPrimitives.ReadUInt32BigEndian(id), []));
    }

    public override bool TryDerivePrivate(uint index, IPrivateKeySource keys, [NotNullWhen(true)] out PrivateKey? key)
    {
        key = keys.TryGet(publicKey.Id, out var found) ? found.Clone() : null;
        return key is not null;
    }

    public override bool TryToPrivate(IPrivateKeySource keys, [NotNullWhen(true)] out string? text)
    {
        text = keys.TryGet(publicKey.Id, out var found) ? Wif.Encode(found, prefixes.Wif) : null;
        return text is not null;
    }

    public override bool TryToNormalized(
        IPrivateKeySource? keys, DescriptorCache? cache, [NotNullWhen(true)] out string? text)
    {
        text = ToString();
        return true;
    }

    public override string ToString() => Hex.Encode(publicKey.Bytes);
}
