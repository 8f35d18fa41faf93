using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;

namespace Dash.Primitives.Descriptors;

/// <summary>Finds private keys by the id of their public key.</summary>
public interface IPrivateKeySource
{
    /// <summary>The key, which stays the source's, or false when it has none.</summary>
    public bool TryGet(Hash160 keyId, [NotNullWhen(true)] out PrivateKey? key);
}
