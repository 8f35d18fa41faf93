using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;

namespace Dash.WalletServer.Keys;

/// <summary>
/// What a change does to the secrets in memory. A decision only says it; the ring takes it over when the change is stored, so that it
/// never holds what the file lacks.
/// </summary>
internal abstract record SecretChange : IDisposable
{
    /// <inheritdoc/>
    public sealed override string ToString() => "***";

    /// <summary>It was not stored: what is secret in it goes.</summary>
    public virtual void Dispose()
    {
    }

    /// <summary>A descriptor's secret in the clear; the ring owns the key afterwards.</summary>
    public sealed record Added(Uint256 Descriptor, PrivateKey Key, SecretWords Words) : SecretChange
    {
        /// <inheritdoc/>
        public override void Dispose()
        {
            Key.Dispose();
            base.Dispose();
        }
    }

    /// <summary>A descriptor's secret under the master key.</summary>
    public sealed record AddedEncrypted(Uint256 Descriptor, PublicKey PublicKey, EncryptedSecret Secret) : SecretChange;

    /// <summary>All secrets are under a new master key; the wallet is locked afterwards.</summary>
    public sealed record Encrypted(EncryptionPlan Plan) : SecretChange;

    /// <summary>A master key under another passphrase.</summary>
    public sealed record Renewed(uint Id, MasterKey Key) : SecretChange;
}
