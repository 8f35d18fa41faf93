using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.WalletServer.Spending;

/// <summary>What the user says about scripts that are not the wallet's, for knowing how big their inputs will be.</summary>
internal sealed class SolvingData : ISigningSource
{
    private readonly Dictionary<Hash160, PublicKey> _keys = [];
    private readonly Dictionary<Hash160, Script> _scripts = [];

    /// <summary>Adds a public key, and the script that pays to it.</summary>
    public void Add(PublicKey key)
    {
        _keys.TryAdd(key.Id, key);
        Add(ScriptTemplates.PayToPubKeyHash(key.Id));
    }

    /// <summary>Adds a script behind a hash.</summary>
    public void Add(Script script) => _scripts.TryAdd(Hashes.Hash160(script.Span), script);

    /// <summary>Adds what a descriptor says.</summary>
    public void Add(DescriptorExpansion expansion)
    {
        foreach (var key in expansion.Keys)
        {
            _keys.TryAdd(key.Key.Id, key.Key);
        }

        foreach (var script in expansion.RedeemScripts)
        {
            Add(script);
        }
    }

    /// <inheritdoc/>
    public bool TryGetPrivateKey(Hash160 keyId, [NotNullWhen(true)] out PrivateKey? key)
    {
        key = null;
        return false;
    }

    /// <inheritdoc/>
    public bool TryGetPublicKey(Hash160 keyId, [NotNullWhen(true)] out PublicKey? key) => _keys.TryGetValue(keyId, out key);

    /// <inheritdoc/>
    public bool TryGetScript(Hash160 scriptId, [NotNullWhen(true)] out Script? script) => _scripts.TryGetValue(scriptId, out script);
}
