using System.Security.Cryptography;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;

namespace Dash.WalletServer.Keys;

/// <summary>All a wallet's secrets, encrypted, before it is so: what is to be stored first.</summary>
internal sealed class EncryptionPlan(byte[] key, MasterKey masterKey) : IDisposable
{
    private readonly Dictionary<(Uint256 Descriptor, PublicKey PublicKey), EncryptedSecret> _secrets = [];

    /// <summary>The new master key, itself encrypted.</summary>
    public MasterKey MasterKey { get; } = masterKey;

    /// <summary>What replaces each plain secret.</summary>
    public IEnumerable<(Uint256 Descriptor, PublicKey PublicKey, EncryptedSecret Secret)> Secrets =>
        _secrets.Select(static secret => (secret.Key.Descriptor, secret.Key.PublicKey, secret.Value));

    /// <summary>A secret that is to be encrypted too, unless it is in it already; the caller keeps the key.</summary>
    public void Include(Uint256 descriptor, PrivateKey secret, SecretWords words)
    {
        if (!_secrets.ContainsKey((descriptor, secret.PublicKey)))
        {
            _secrets.Add((descriptor, secret.PublicKey), KeyRing.Encrypt(key, secret, words));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(key);
}
