using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;

namespace Dash.Primitives.Descriptors;

/// <summary>
/// Private keys, such as those that stood in a descriptor's text; of an extended key the plain key. Owns and disposes
/// them.
/// </summary>
public sealed class DescriptorKeys : IPrivateKeySource, IDisposable
{
    private readonly Dictionary<Hash160, PrivateKey> _keys = [];

    /// <summary>How many.</summary>
    public int Count => _keys.Count;

    /// <summary>The keys by the id of their public key.</summary>
    public IReadOnlyDictionary<Hash160, PrivateKey> Keys => _keys;

    /// <summary>Takes over a key; one of the same id is kept and the new one disposed.</summary>
    public void Add(PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!_keys.TryAdd(key.PublicKey.Id, key))
        {
            key.Dispose();
        }
    }

    /// <inheritdoc/>
    public bool TryGet(Hash160 keyId, [NotNullWhen(true)] out PrivateKey? key) => _keys.TryGetValue(keyId, out key);

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
