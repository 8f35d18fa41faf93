using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;

namespace Dash.Primitives.Transactions;

/// <summary>A source of the keys and scripts it was given. Disposing it wipes the keys.</summary>
public sealed class SigningKeys : ISigningSource, IDisposable
{
    private readonly Dictionary<Hash160, PrivateKey> _keys = [];
    private readonly Dictionary<Hash160, Script> _scripts = [];

    /// <summary>Takes a key, which is this object's from then on.</summary>
    public void Add(PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!_keys.TryAdd(key.PublicKey.Id, key))
        {
            key.Dispose();
        }
    }

    /// <summary>Takes a script behind a hash.</summary>
    public void Add(Script script)
    {
        ArgumentNullException.ThrowIfNull(script);
        _scripts[Hashes.Hash160(script.Span)] = script;
    }

    /// <inheritdoc/>
    public bool TryGetPrivateKey(Hash160 keyId, [NotNullWhen(true)] out PrivateKey? key) => _keys.TryGetValue(keyId, out key);

    /// <inheritdoc/>
    public bool TryGetPublicKey(Hash160 keyId, [NotNullWhen(true)] out PublicKey? key)
    {
        key = _keys.GetValueOrDefault(keyId)?.PublicKey;
        return key is not null;
    }

    /// <inheritdoc/>
    public bool TryGetScript(Hash160 scriptId, [NotNullWhen(true)] out Script? script) => _scripts.TryGetValue(scriptId, out script);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var key in _keys.Values)
        {
            key.Dispose();
        }

        _keys.Clear();
    }
}
