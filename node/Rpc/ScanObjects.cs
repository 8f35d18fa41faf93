using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;
using Dash.Primitives.Psbt;
using Dash.Primitives.Scripts;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc;

/// <summary>
/// What a list of descriptors, each with a range or not, stands for: scripts, the keys in them and where those come from.
/// Has no private keys.
/// </summary>
internal sealed class ScanObjects : IPsbtSource
{
    private const long DefaultRange = 1000;

    private readonly Dictionary<Hash160, DerivedKey> _keys = [];
    private readonly Dictionary<Hash160, Script> _redeemScripts = [];
    private readonly HashSet<Script> _scripts = [];

    /// <summary>Nothing.</summary>
    public static ScanObjects None { get; } = new();

    /// <summary>The scripts that are paid to.</summary>
    public IReadOnlySet<Script> Scripts => _scripts;

    /// <summary>The picture of one element in help.</summary>
    public static IReadOnlyList<RpcArg> Elements() =>
    [
        Arg.Str("descriptor", "", "A descriptor.") with { DefaultText = null },
        Arg.Object("", "A descriptor with its range.",
            Arg.Str("desc", "The descriptor."),
            Arg.OptionalRange("range", "Which indexes of a ranged descriptor: the last, or [first,last].", hint: "1000")),
    ];

    /// <summary>Reads an array of them.</summary>
    /// <exception cref="RpcError">Codes -5 and -8.</exception>
    public static ScanObjects Read(JsonElement array, ChainParams network, CancellationToken ct)
    {
        ScanObjects objects = new();
        foreach (var item in array.EnumerateArray())
        {
            objects.Add(item, network, ct);
        }

        return objects;
    }

    /// <summary>The descriptor of one of the scripts.</summary>
    public Descriptor Infer(Script script, ChainParams network) => DescriptorInference.Of(
        script, network.Prefixes, id => _keys.GetValueOrDefault(id), id => _redeemScripts.GetValueOrDefault(id));

    /// <inheritdoc/>
    public bool TryGetPrivateKey(Hash160 keyId, [NotNullWhen(true)] out PrivateKey? key)
    {
        key = null;
        return false;
    }

    /// <inheritdoc/>
    public bool TryGetPublicKey(Hash160 keyId, [NotNullWhen(true)] out PublicKey? key)
    {
        key = _keys.GetValueOrDefault(keyId)?.Key;
        return key is not null;
    }

    /// <inheritdoc/>
    public bool TryGetScript(Hash160 scriptId, [NotNullWhen(true)] out Script? script) =>
        _redeemScripts.TryGetValue(scriptId, out script);

    /// <inheritdoc/>
    public bool TryGetOrigin(Hash160 keyId, [NotNullWhen(true)] out KeyOrigin? origin)
    {
        origin = _keys.GetValueOrDefault(keyId)?.Origin;
        return origin is not null;
    }

    private void Add(JsonElement item, ChainParams network, CancellationToken ct)
    {
        var (text, (first, last)) = ReadItem(item);
        using DescriptorKeys keys = new();
        if (!Descriptor.TryParse(text, network.Prefixes, requireChecksum: false, keys, out var descriptor, out var error))
        {
            throw new RpcError(RpcErrorCode.InvalidAddressOrKey, error);
        }

        (first, last) = descriptor.IsRange ? (first, last) : (0, 0);
        for (var index = first; index <= last; index++)
        {
            ct.ThrowIfCancellationRequested();
            if (!descriptor.TryExpand((int)index, keys, out var expansion))
            {
                throw new RpcError(RpcErrorCode.InvalidAddressOrKey, $"Cannot derive script without private keys: '{text}'");
            }

            _scripts.UnionWith(expansion.Scripts);
            foreach (var key in expansion.Keys)
            {
                _keys.TryAdd(key.Key.Id, key);
            }

            foreach (var script in expansion.RedeemScripts)
            {
                _redeemScripts.TryAdd(Hashes.Hash160(script.Span), script);
            }
        }
    }

    private static (string Text, (long First, long Last) Range) ReadItem(JsonElement item)
    {
        switch (item.ValueKind)
        {
            case JsonValueKind.String:
                return (item.AsStr(), (0, DefaultRange));
            case JsonValueKind.Object:
                var text = item.Find("desc");
                if (text.IsAbsent())
                {
                    throw new RpcError(RpcErrorCode.InvalidParameter, "Descriptor needs to be provided in scan object");
                }

                var range = item.Find("range");
                return (text.AsStr(), range.IsAbsent() ? (0, DefaultRange) : range.AsRange());
            default:
                throw new RpcError(RpcErrorCode.InvalidParameter, "Scan object needs to be either a string or an object");
        }
    }
}
