using System.Security.Cryptography;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Storage;

namespace Dash.WalletServer.Wallets;

/// <summary>A descriptor's new secret, in the ring and as a record of the file.</summary>
internal static class SecretRecords
{
    /// <summary>
    /// Puts a secret into the ring and gives its record: plain, or under the opened master key of an encrypted wallet.
    /// </summary>
    /// <exception cref="WalletException">The wallet is locked.</exception>
    public static KeyValuePair<byte[], byte[]?> Add(KeyRing keys, Uint256 descriptor, PrivateKey key, SecretWords words)
    {
        var publicKey = key.PublicKey;
        if (keys.IsEncrypted)
        {
            var encrypted = keys.Encrypt(key, words);
            keys.Add(descriptor, publicKey, encrypted);
            return new(
                CoreRecords.DescriptorSecretKey(RecordName.DescriptorCryptedKey, descriptor, publicKey.Bytes),
                CoreRecords.CryptedSecret(encrypted));
        }

        keys.Add(descriptor, key.Clone(), words);
        var der = key.ToDer();
        var value = CoreRecords.Secret(publicKey.ToArray(), der, words.Mnemonic, words.Passphrase);
        CryptographicOperations.ZeroMemory(der);
        return new(CoreRecords.DescriptorSecretKey(RecordName.DescriptorKey, descriptor, publicKey.Bytes), value);
    }
}
