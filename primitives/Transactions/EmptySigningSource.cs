using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;

namespace Dash.Primitives.Transactions;

/// <summary>Knows nothing: for putting together what others signed.</summary>
public sealed class EmptySigningSource : ISigningSource
{
    /// <summary>The one there is.</summary>
    public static readonly EmptySigningSource Instance = new();

    private EmptySigningSource()
    {
    }

    /// <inheritdoc/>
    public bool TryGetPrivateKey(Hash160 keyId, [NotNullWhen(true)] out PrivateKey? key)
    {
        key = null;
        return false;
    }

    /// <inheritdoc/>
    public bool TryGetPublicKey(Hash160 keyId, [NotNullWhen(true)] out PublicKey? key)
    {
        key = null;
        return false;
    }

    /// <inheritdoc/>
    public bool TryGetScript(Hash160 scriptId, [NotNullWhen(true)] out Script? script)
    {
        script = null;
        return false;
    }
}
