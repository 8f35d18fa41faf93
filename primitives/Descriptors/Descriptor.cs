using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Dash.Primitives.Addresses;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;

namespace Dash.Primitives.Descriptors;

/// <summary>
/// A text that says which scripts are meant and how they are spent: <c>pkh(xpub…/0/*)#checksum</c>. Immutable;
/// private keys are kept outside of it.
/// </summary>
public sealed class Descriptor
{
    private readonly ImmutableArray<KeyExpression> _keys;
    private readonly Descriptor? _inner;
    private readonly int _threshold;
    private readonly string _text; // address or hex, for addr and raw
    private readonly Script? _script; // for addr and raw

    private Descriptor(
        DescriptorKind kind,
        ImmutableArray<KeyExpression> keys = default,
        Descriptor? inner = null,
        int threshold = 0,
        string text = "",
        Script? script = null)
    {
        Kind = kind;
        _keys = keys.IsDefault ? [] : keys;
        _inner = inner;
        _threshold = threshold;
        _text = text;
        _script = script;
    }

    private delegate bool KeyDeriver(KeyExpression key, ref DescriptorCache learned, out DerivedKey? derived);

    /// <summary>Its outermost function.</summary>
    public DescriptorKind Kind { get; }

    /// <summary>Whether it stands for a script per index.</summary>
    public bool IsRange => _keys.Any(key => key.IsRange) || (_inner?.IsRange ?? false);

    /// <summary>Whether it says how the scripts are spent, given the keys.</summary>
    public bool IsSolvable => Kind is not (DescriptorKind.Addr or DescriptorKind.Raw) && (_inner?.IsSolvable ?? true);

    /// <summary>Whether an index stands for one script only.</summary>
    public bool IsSingleType => Kind != DescriptorKind.Combo;

    /// <summary>Whether its scripts have addresses, so that a wallet may hand them out.</summary>
    public bool HasOutputType => Kind switch
    {
        DescriptorKind.Multi or DescriptorKind.SortedMulti => false,
        DescriptorKind.Raw => Destination.FromScript(_script!) is not Destination.None, // raw has a script
        _ => true,
    };

    /// <summary>What wallet files call it by: SHA-256 of the text with checksum.</summary>
    public Uint256 Id => Hashes.Sha256(System.Text.Encoding.UTF8.GetBytes(ToString()));

    private bool HasOneKey => _inner?.HasOneKey ?? _keys.Length == 1;

    private string Name => Kind switch
    {
        DescriptorKind.Pk => "pk",
        DescriptorKind.Pkh => "pkh",
        DescriptorKind.Combo => "combo",
        DescriptorKind.Multi => "multi",
        DescriptorKind.SortedMulti => "sortedmulti",
        DescriptorKind.Sh => "sh",
        DescriptorKind.Addr => "addr",
        _ => "raw",
    };

    /// <summary>
    /// Reads a descriptor. Private keys in it are handed to <paramref name="keys"/>. The error is Core's text, which is
    /// empty too for some texts that are refused.
    /// </summary>
    public static bool TryParse(
        string text,
        AddressPrefixes prefixes,
        bool requireChecksum,
        DescriptorKeys keys,
        [NotNullWhen(true)] out Descriptor? descriptor,
        out string error)
    {
        descriptor = null;
        if (!DescriptorChecksum.TryStrip(text, requireChecksum, out var payload, out _, out error))
        {
            return false;
        }

        var parser = new DescriptorParser(prefixes, keys);
        descriptor = parser.Parse(payload);
        error = parser.Error;
        return descriptor is not null;
    }

    /// <summary>The scripts and keys at an index; false when private keys are needed and missing.</summary>
    public bool TryExpand(
        int index, IPrivateKeySource? keys, [NotNullWhen(true)] out DescriptorExpansion? expansion) =>
        TryExpand(
            (KeyExpression key, ref DescriptorCache learned, out DerivedKey? derived) =>
                key.TryDerive((uint)index, keys, ref learned, out derived),
            out expansion);

    /// <summary>
    /// The scripts and keys at an index from cached keys alone; false when the cache does not have them.
    /// </summary>
    public bool TryExpandFromCache(
        int index, DescriptorCache cache, [NotNullWhen(true)] out DescriptorExpansion? expansion) =>
        TryExpand(
            (KeyExpression key, ref DescriptorCache _, out DerivedKey? derived) =>
                key.TryDeriveFromCache((uint)index, cache, out derived),
            out expansion);

    /// <summary>
    /// The scripts and keys at an index whose only public key is known already, without deriving it; null where it stands for
    /// several. Whether it is that key is the caller's to see from the scripts.
    /// </summary>
    public DescriptorExpansion? ExpandKnown(int index, PublicKey known)
    {
        return HasOneKey && TryExpand(Given, out var expansion) ? expansion : null;

        bool Given(KeyExpression key, ref DescriptorCache learned, out DerivedKey? derived)
        {
            derived = key.WithOrigin(known, (uint)index);
            return true;
        }
    }

    /// <summary>
    /// The private keys at an index, as far as the source has what they derive from. The caller disposes them.
    /// </summary>
    public IReadOnlyList<PrivateKey> DerivePrivateKeys(int index, IPrivateKeySource keys)
    {
        var result = new List<PrivateKey>();
        foreach (var expression in _keys)
        {
            if (expression.TryDerivePrivate((uint)index, keys, out var key))
            {
                result.Add(key);
            }
        }

        if (_inner is not null)
        {
            result.AddRange(_inner.DerivePrivateKeys(index, keys));
        }

        return result;
    }

    /// <summary>With private keys where there were any, and checksum; false when the source lacks one.</summary>
    public bool TryToPrivate(IPrivateKeySource keys, [NotNullWhen(true)] out string? text) =>
        TryWrite(key => key.TryToPrivate(keys, out var part) ? part : null, out text);

    /// <summary>
    /// With the extended public key after the last hardened step and the origin of that, and checksum; false when
    /// neither cache nor source has it.
    /// </summary>
    public bool TryToNormalized(
        IPrivateKeySource? keys, DescriptorCache? cache, [NotNullWhen(true)] out string? text) =>
        TryWrite(key => key.TryToNormalized(keys, cache, out var part) ? part : null, out text);

    /// <summary>With public keys only, and checksum: the form that is stored.</summary>
    public override string ToString()
    {
        TryWrite(key => key.ToString(), out var text);
        return text!; // every key has a public form
    }

    internal static Descriptor OfKey(DescriptorKind kind, KeyExpression key) => new(kind, [key]);

    internal static Descriptor OfKeys(DescriptorKind kind, int threshold, ImmutableArray<KeyExpression> keys) =>
        new(kind, keys, threshold: threshold);

    internal static Descriptor OfScript(Descriptor inner) => new(DescriptorKind.Sh, inner: inner);

    internal static Descriptor OfAddress(Destination destination, AddressPrefixes prefixes) =>
        new(
            DescriptorKind.Addr,
            text: AddressCodec.Encode(destination, prefixes),
            script: destination.ToScript());

    internal static Descriptor OfRaw(Script script) =>
        new(DescriptorKind.Raw, text: script.ToHex(), script: script);

    private bool TryExpand(KeyDeriver derive, [NotNullWhen(true)] out DescriptorExpansion? expansion)
    {
        expansion = null;
        var learned = DescriptorCache.Empty;
        var keys = ImmutableArray.CreateBuilder<DerivedKey>(_keys.Length);
        foreach (var expression in _keys)
        {
            if (!derive(expression, ref learned, out var key) || key is null)
            {
                return false;
            }

            keys.Add(key);
        }

        if (_inner is null)
        {
            var derived = keys.MoveToImmutable();
            var scripts = MakeScripts(derived);
            expansion = new DescriptorExpansion(scripts, derived, Kind == DescriptorKind.Combo && scripts.Length > 1 ? [scripts[1]] : [], learned);
            return true;
        }

        if (!_inner.TryExpand(derive, out var behind))
        {
            return false;
        }

        // A descriptor within sh() stands for one script.
        expansion = behind with
        {
            Scripts = [ScriptTemplates.PayToScriptHash(behind.Scripts[0])],
            RedeemScripts = [behind.Scripts[0], .. behind.RedeemScripts],
        };
        return true;
    }

    private ImmutableArray<Script> MakeScripts(ImmutableArray<DerivedKey> keys)
    {
        switch (Kind)
        {
            case DescriptorKind.Pk:
                return [ScriptTemplates.PayToPubKey(keys[0].Key.Bytes)];
            case DescriptorKind.Pkh:
                return [ScriptTemplates.PayToPubKeyHash(keys[0].Key.Id)];
            case DescriptorKind.Combo:
                var pubKey = ScriptTemplates.PayToPubKey(keys[0].Key.Bytes);
                if (!keys[0].Key.IsCompressed)
                {
                    return [pubKey];
                }

                var pubKeyHash = ScriptTemplates.PayToPubKeyHash(keys[0].Key.Id);
                return [pubKey, pubKeyHash, ScriptTemplates.PayToScriptHash(pubKeyHash)];
            case DescriptorKind.Multi or DescriptorKind.SortedMulti:
                var bytes = keys.Select(key => (ReadOnlyMemory<byte>)key.Key.ToArray()).ToArray();
                if (Kind == DescriptorKind.SortedMulti)
                {
                    Array.Sort(bytes, (left, right) => left.Span.SequenceCompareTo(right.Span));
                }

                return [ScriptTemplates.Multisig(_threshold, bytes)];
            default:
                return [_script!]; // addr and raw have one
        }
    }

    private bool TryWrite(Func<KeyExpression, string?> write, [NotNullWhen(true)] out string? text)
    {
        text = TryWritePayload(write, out var payload) ? DescriptorChecksum.Add(payload) : null;
        return text is not null;
    }

    private bool TryWritePayload(Func<KeyExpression, string?> write, [NotNullWhen(true)] out string? payload)
    {
        payload = null;
        var parts = new List<string>();
        if (_text.Length > 0)
        {
            parts.Add(_text);
        }

        if (Kind is DescriptorKind.Multi or DescriptorKind.SortedMulti)
        {
            parts.Add(_threshold.ToString(CultureInfo.InvariantCulture));
        }

        foreach (var key in _keys)
        {
            if (write(key) is not { } part)
            {
                return false;
            }

            parts.Add(part);
        }

        if (_inner is not null)
        {
            if (!_inner.TryWritePayload(write, out var part))
            {
                return false;
            }

            parts.Add(part);
        }

        payload = $"{Name}({string.Join(',', parts)})";
        return true;
    }
}
