using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;

namespace Dash.Primitives.Transactions;

/// <summary>What a signer knows: keys and the scripts behind pay-to-script-hash.</summary>
public interface ISigningSource
{
    /// <summary>The private key of an id, which stays the source's, or false when it has none.</summary>
    public bool TryGetPrivateKey(Hash160 keyId, [NotNullWhen(true)] out PrivateKey? key);

    /// <summary>The public key of an id.</summary>
    public bool TryGetPublicKey(Hash160 keyId, [NotNullWhen(true)] out PublicKey? key);

    /// <summary>The script of a hash.</summary>
    public bool TryGetScript(Hash160 scriptId, [NotNullWhen(true)] out Script? script);
}
