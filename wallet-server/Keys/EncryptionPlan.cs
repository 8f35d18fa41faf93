using System.Security.Cryptography;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;

namespace Dash.WalletServer.Keys;

/// <summary>All a wallet's secrets, encrypted, before it is so: what is to be stored first.</summary>
internal sealed class EncryptionPlan(
    byte[] key, MasterKey masterKey, IReadOnlyList<(Uint256 Descriptor, PublicKey PublicKey, EncryptedSecret Secret)> secrets)
    : IDisposable
{
    /// <summary>The new master key, itself encrypted.</summary>
    public MasterKey MasterKey { get; } = masterKey;

    /// <summary>What replaces each plain secret.</summary>
    public IReadOnlyList<(Uint256 Descriptor, PublicKey PublicKey, EncryptedSecret Secret)> Secrets { get; } = secrets;

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(key);
}
