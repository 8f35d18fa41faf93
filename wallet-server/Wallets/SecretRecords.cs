using System.Security.Cryptography;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Storage;

namespace Dash.WalletServer.Wallets;

/// <summary>A descriptor's new secret as a record of the file, and as what the ring gets once that is stored.</summary>
internal static class SecretRecords
{
    /// <summary>Its record and its change: plain, or under the opened master key of an encrypted wallet.</summary>
    /// <param name="keys">The ring, which stays as it is.</param>
    /// <param name="isEncrypted">Whether the file holds no plain secrets, which the ring may not know yet.</param>
    /// <param name="descriptor">Whose it is.</param>
    /// <param name="key">The secret; the caller keeps it.</param>
    /// <param name="words">What it came from.</param>
    /// <exception cref="WalletException">The wallet is locked.</exception>
    public static (KeyValuePair<byte[], byte[]?> Record, SecretChange Change) Of(
        KeyRing keys, bool isEncrypted, Uint256 descriptor, PrivateKey key, SecretWords words)
    {
        var publicKey = key.PublicKey;
        if (isEncrypted)
        {
            var encrypted = keys.Encrypt(key, words);
            return (
                new(CoreRecords.DescriptorSecretKey(RecordName.DescriptorCryptedKey, descriptor, publicKey.Bytes), CoreRecords.CryptedSecret(encrypted)),
                new SecretChange.AddedEncrypted(descriptor, publicKey, encrypted));
        }

        var der = key.ToDer();
        var value = CoreRecords.Secret(publicKey.ToArray(), der, words.Mnemonic, words.Passphrase);
        CryptographicOperations.ZeroMemory(der);
        return (
            new(CoreRecords.DescriptorSecretKey(RecordName.DescriptorKey, descriptor, publicKey.Bytes), value),
            new SecretChange.Added(descriptor, key.Clone(), words));
    }

    /// <summary>Does the file hold the secret of a public key for a descriptor, plain or encrypted?</summary>
    public static bool HasSecret(this LedgerState state, Uint256 descriptor, PublicKey publicKey) =>
        state.History.HasRecord(CoreRecords.DescriptorSecretKey(RecordName.DescriptorKey, descriptor, publicKey.Bytes))
        || state.History.HasRecord(CoreRecords.DescriptorSecretKey(RecordName.DescriptorCryptedKey, descriptor, publicKey.Bytes));
}
