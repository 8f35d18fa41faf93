using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Dash.Primitives.Addresses;
using Dash.Primitives.Keys;

namespace Dash.Primitives.Descriptors;

/// <summary>Keys derived from an extended key: <c>xpub/44'/0/*</c>.</summary>
internal sealed class ExtendedKeyExpression(
    uint place,
    ExtendedPublicKey root,
    ImmutableArray<uint> path,
    LastStep last,
    AddressPrefixes prefixes)
    : KeyExpression(place)
{
    // Place of the last hardened step within the path, -1 for none.
    private readonly int _lastHardened =
        path.AsSpan().LastIndexOfAnyInRange(ExtendedPrivateKey.Hardened, uint.MaxValue);

    public override bool IsRange => last != LastStep.None;

    public override int KeySize => PublicKey.CompressedSize;

    private string Suffix => last switch
    {
        LastStep.Children => "/*",
        LastStep.HardenedChildren => "/*'",
        _ => "",
    };

    public override bool TryDerive(
        uint index, IPrivateKeySource? keys, ref DescriptorCache learned, [NotNullWhen(true)] out DerivedKey? key)
    {
        key = null;
        if (_lastHardened < 0 && last != LastStep.HardenedChildren)
        {
            var node = root;
            foreach (var step in path)
            {
                node = node.Derive(step);
            }

            learned = learned.WithParent(Place, node);
            key = WithOrigin((last == LastStep.Children ? node.Derive(index) : node).Key, index);
            return true;
        }

        if (keys is null || !TryDerivePrivateParent(keys, out var parent, out var lastHardened))
        {
            return false;
        }

        using (parent)
        {
            if (last == LastStep.HardenedChildren)
            {
                using var child = parent.Derive(index | ExtendedPrivateKey.Hardened);
                var hardened = child.ToPublic();
                learned = learned.WithDerived(Place, index, hardened);
                key = WithOrigin(hardened.Key, index);
                return true;
            }

            var node = parent.ToPublic();
            learned = learned.WithParent(Place, node);
            if (lastHardened is not null)
            {
                learned = learned.WithLastHardened(Place, lastHardened);
            }

            key = WithOrigin((last == LastStep.Children ? node.Derive(index) : node).Key, index);
            return true;
        }
    }

    public override bool TryDeriveFromCache(
        uint index, DescriptorCache cache, [NotNullWhen(true)] out DerivedKey? key)
    {
        key = null;
        if (cache.Derived.TryGetValue((Place, index), out var derived))
        {
            key = WithOrigin(derived.Key, index);
        }
        else if (last != LastStep.HardenedChildren && cache.Parents.TryGetValue(Place, out var parent))
        {
            key = WithOrigin((last == LastStep.Children ? parent.Derive(index) : parent).Key, index);
        }

        return key is not null;
    }

    public override DerivedKey WithOrigin(PublicKey key, uint index)
    {
        ImmutableArray<uint> steps = last == LastStep.None ? path : [.. path, LastIndex(index)];
        return new DerivedKey(key, new KeyOrigin(root.Fingerprint, steps));
    }

    public override bool TryDerivePrivate(uint index, IPrivateKeySource keys, [NotNullWhen(true)] out PrivateKey? key)
    {
        key = null;
        if (!TryDerivePrivateParent(keys, out var parent, out _))
        {
            return false;
        }

        using (parent)
        {
            if (last == LastStep.None)
            {
                key = parent.Key.Clone();
                return true;
            }

            using var child = parent.Derive(LastIndex(index));
            key = child.Key.Clone();
            return true;
        }
    }

    public override bool TryToPrivate(IPrivateKeySource keys, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (!TryGetPrivateRoot(keys, out var privateRoot))
        {
            return false;
        }

        using (privateRoot)
        {
            text = privateRoot.Encode(prefixes.ExtendedPrivateKey.Span) + KeyPath.Format(path.AsSpan()) + Suffix;
            return true;
        }
    }

    public override bool TryToNormalized(
        IPrivateKeySource? keys, DescriptorCache? cache, [NotNullWhen(true)] out string? text)
    {
        if (last == LastStep.HardenedChildren || _lastHardened < 0)
        {
            text = ToString();
            return true;
        }

        text = null;
        if (cache is null || !cache.LastHardened.TryGetValue(Place, out var node))
        {
            if (keys is null || !TryDerivePrivateParent(keys, out var parent, out node))
            {
                return false;
            }

            parent.Dispose();
        }

        var origin = new KeyOrigin(root.Fingerprint, path[..(_lastHardened + 1)]);
        var rest = KeyPath.Format(path.AsSpan()[(_lastHardened + 1)..]);
        // The path has a hardened step, so the walk along it met one.
        text = $"[{origin}]{node!.Encode(prefixes.ExtendedPublicKey.Span)}{rest}{Suffix}";
        return true;
    }

    public override string ToString() =>
        root.Encode(prefixes.ExtendedPublicKey.Span) + KeyPath.Format(path.AsSpan()) + Suffix;

    private uint LastIndex(uint index) =>
        last == LastStep.HardenedChildren ? index | ExtendedPrivateKey.Hardened : index;

    // The source knows the plain key; depth, chain code and the rest are those of the public one.
    private bool TryGetPrivateRoot(IPrivateKeySource keys, [NotNullWhen(true)] out ExtendedPrivateKey? privateRoot)
    {
        privateRoot = null;
        if (!keys.TryGet(root.Key.Id, out var key))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[ExtendedPrivateKey.Size];
        root.CopyTo(bytes);
        bytes[^PublicKey.CompressedSize] = 0;
        key.CopyTo(bytes[^PrivateKey.Size..]);
        var ok = ExtendedPrivateKey.TryRead(bytes, out privateRoot);
        CryptographicOperations.ZeroMemory(bytes);
        return ok;
    }

    private bool TryDerivePrivateParent(
        IPrivateKeySource keys,
        [NotNullWhen(true)] out ExtendedPrivateKey? parent,
        out ExtendedPublicKey? lastHardened)
    {
        lastHardened = null;
        if (!TryGetPrivateRoot(keys, out parent))
        {
            return false;
        }

        for (var i = 0; i < path.Length; i++)
        {
            using var previous = parent;
            parent = previous.Derive(path[i]);
            if (i == _lastHardened)
            {
                lastHardened = parent.ToPublic();
            }
        }

        return true;
    }
}
