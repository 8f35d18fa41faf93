using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;

namespace Dash.Primitives.Psbt;

/// <summary>A source of keys that also knows where they come from.</summary>
public interface IPsbtSource : ISigningSource
{
    /// <summary>The way to a key from its master key; false when unknown or not to be told.</summary>
    public bool TryGetOrigin(Hash160 keyId, [NotNullWhen(true)] out KeyOrigin? origin);
}
