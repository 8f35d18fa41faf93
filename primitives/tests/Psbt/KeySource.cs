using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Psbt;
using Dash.Primitives.Scripts;

namespace Dash.Primitives.Tests.Psbt;

/// <summary>Keys and scripts a test names.</summary>
internal sealed class KeySource(IEnumerable<PrivateKey> keys, params Script[] scripts) : IPsbtSource
{
    private readonly Dictionary<Hash160, PrivateKey> _keys = keys.ToDictionary(key => key.PublicKey.Id);

    public bool TellsOrigins { get; init; }

    public bool HidesSecrets { get; init; }

    public bool TryGetPrivateKey(Hash160 keyId, [NotNullWhen(true)] out PrivateKey? key)
    {
        key = null;
        return !HidesSecrets && _keys.TryGetValue(keyId, out key);
    }

    public bool TryGetPublicKey(Hash160 keyId, [NotNullWhen(true)] out PublicKey? key)
    {
        key = _keys.TryGetValue(keyId, out var secret) ? secret.PublicKey : null;
        return key is not null;
    }

    public bool TryGetScript(Hash160 scriptId, [NotNullWhen(true)] out Script? script)
    {
        script = scripts.FirstOrDefault(candidate => Hashes.Hash160(candidate.Span) == scriptId);
        return script is not null;
    }

    public bool TryGetOrigin(Hash160 keyId, [NotNullWhen(true)] out KeyOrigin? origin)
    {
        origin = TellsOrigins && _keys.ContainsKey(keyId) ? new KeyOrigin(0x01020304, [1, 2 | 0x80000000]) : null;
        return origin is not null;
    }
}
