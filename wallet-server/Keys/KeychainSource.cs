using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Psbt;
using Dash.Primitives.Scripts;

namespace Dash.WalletServer.Keys;

/// <summary>
/// What a wallet knows about some of its scripts: public keys, where they come from, scripts behind hashes, and private keys
/// where they are asked for and not locked away. Owns the private keys.
/// </summary>
internal sealed class KeychainSource : IPsbtSource, IDisposable
{
    private readonly Dictionary<Hash160, PrivateKey> _privateKeys = [];
    private readonly Dictionary<Hash160, DerivedKey> _keys = [];
    private readonly Dictionary<Hash160, Script> _scripts = [];

    /// <summary>Tells where keys come from.</summary>
    public bool TellsOrigins { get; init; } = true;

    /// <summary>Adds all that is known about an index of a chain.</summary>
    /// <param name="keychain">The chain.</param>
    /// <param name="index">The index.</param>
    /// <param name="ring">Where private keys are; null for none.</param>
    public void Add(Keychain keychain, int index, KeyRing? ring)
    {
        foreach (var key in keychain.KeysAt(index))
        {
            _keys.TryAdd(key.Key.Id, key);
        }

        foreach (var script in keychain.RedeemScriptsAt(index))
        {
            _scripts.TryAdd(Hashes.Hash160(script.Span), script);
        }

        if (ring is null || ring.IsLockedForMixing)
        {
            return;
        }

        foreach (var key in keychain.PrivateKeysAt(index, ring))
        {
            if (!_privateKeys.TryAdd(key.PublicKey.Id, key))
            {
                key.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public bool TryGetPrivateKey(Hash160 keyId, [NotNullWhen(true)] out PrivateKey? key) => _privateKeys.TryGetValue(keyId, out key);

    /// <inheritdoc/>
    public bool TryGetPublicKey(Hash160 keyId, [NotNullWhen(true)] out PublicKey? key)
    {
        key = _keys.GetValueOrDefault(keyId)?.Key;
        return key is not null;
    }

    /// <inheritdoc/>
    public bool TryGetScript(Hash160 scriptId, [NotNullWhen(true)] out Script? script) => _scripts.TryGetValue(scriptId, out script);

    /// <inheritdoc/>
    public bool TryGetOrigin(Hash160 keyId, [NotNullWhen(true)] out KeyOrigin? origin)
    {
        origin = TellsOrigins ? _keys.GetValueOrDefault(keyId)?.Origin : null;
        return origin is not null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var key in _privateKeys.Values)
        {
            key.Dispose();
        }

        _privateKeys.Clear();
    }
}
