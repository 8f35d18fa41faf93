using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Storage;

/// <summary>Keys and values of Core's records as bytes. Every key starts with the record's name as a string.</summary>
internal static class CoreRecords
{
    /// <summary>The client version written into records that carry one: Dash Core 23.1.2.</summary>
    public const int ClientVersion = 230102;

    /// <summary>The minimum version new wallets record.</summary>
    public const int LatestWalletVersion = 120200;

    /// <summary>A key of the name alone.</summary>
    public static byte[] Key(string name) => Key(name, static _ => { });

    /// <summary>A key of the name and what is written after it.</summary>
    public static byte[] Key(string name, Action<ByteWriter> write)
    {
        var writer = new ByteWriter(80);
        writer.WriteString(name);
        write(writer);
        return writer.ToArray();
    }

    /// <summary>The key of a transaction.</summary>
    public static byte[] TransactionKey(Txid txid) => Key(RecordName.Transaction, writer => writer.WriteUint256(txid.Value));

    /// <summary>The key of a record about an address.</summary>
    public static byte[] AddressKey(string name, string address) => Key(name, writer => writer.WriteString(address));

    /// <summary>The key of an address's note of a given kind; <c>used</c> is the one this program writes.</summary>
    public static byte[] DestinationKey(string address, string note) => Key(RecordName.Destination, writer =>
    {
        writer.WriteString(address);
        writer.WriteString(note);
    });

    /// <summary>The key of a coin set aside.</summary>
    public static byte[] LockedCoinKey(OutPoint outPoint) => Key(RecordName.LockedCoin, outPoint.Write);

    /// <summary>A key of a descriptor's record.</summary>
    public static byte[] DescriptorKey(string name, Uint256 id) => Key(name, writer => writer.WriteUint256(id));

    /// <summary>The key of a secret of a descriptor.</summary>
    public static byte[] DescriptorSecretKey(string name, Uint256 id, ReadOnlySpan<byte> publicKey)
    {
        var writer = new ByteWriter(128);
        writer.WriteString(name);
        writer.WriteUint256(id);
        writer.WriteVarBytes(publicKey);
        return writer.ToArray();
    }

    /// <summary>The key of a cached extended key.</summary>
    public static byte[] CacheKey(Uint256 id, CachedXpub item) => Key(
        item.IsLastHardened ? RecordName.DescriptorLastHardenedCache : RecordName.DescriptorCache,
        writer =>
        {
            writer.WriteUint256(id);
            writer.WriteUInt32(item.Expression);
            if (item.Index is { } index)
            {
                writer.WriteUInt32(index);
            }
        });

    /// <summary>The value of a descriptor: text, birth, range.</summary>
    public static byte[] Descriptor(Keychain keychain) => Value(writer =>
    {
        writer.WriteString(keychain.Text);
        writer.WriteUInt64((ulong)keychain.CreationTime);
        writer.WriteInt32(keychain.NextIndex);
        writer.WriteInt32(keychain.RangeStart);
        writer.WriteInt32(keychain.RangeEnd);
    });

    /// <summary>The value of an unencrypted secret: the key in DER, a checksum, the words it came from.</summary>
    public static byte[] Secret(ReadOnlyMemory<byte> publicKey, ReadOnlyMemory<byte> der, string mnemonic, string mnemonicPassphrase) =>
        Value(writer =>
        {
            writer.WriteVarBytes(der.Span);
            writer.WriteUint256(SecretChecksum(publicKey.Span, der.Span));
            writer.WriteString(mnemonic);
            writer.WriteString(mnemonicPassphrase);
        });

    /// <summary>The checksum beside an unencrypted secret.</summary>
    public static Uint256 SecretChecksum(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> der)
    {
        var both = new byte[publicKey.Length + der.Length];
        publicKey.CopyTo(both);
        der.CopyTo(both.AsSpan(publicKey.Length));
        var hash = Hashes.Sha256d(both);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(both);
        return hash;
    }

    /// <summary>The value of an encrypted secret.</summary>
    public static byte[] CryptedSecret(EncryptedSecret secret) => Value(writer =>
    {
        writer.WriteVarBytes(secret.Key.Span);
        writer.WriteVarBytes(secret.Mnemonic.Span);
        writer.WriteVarBytes(secret.MnemonicPassphrase.Span);
    });

    /// <summary>The key and value of a master key.</summary>
    public static KeyValuePair<byte[], byte[]?> MasterKey(uint id, MasterKey key) => new(
        Key(RecordName.MasterKey, writer => writer.WriteUInt32(id)),
        Value(writer =>
        {
            writer.WriteVarBytes(key.Encrypted.Span);
            writer.WriteVarBytes(key.Salt.Span);
            writer.WriteUInt32(key.Method);
            writer.WriteUInt32(key.Iterations);
            writer.WriteVarBytes(key.Other.Span);
        }));

    /// <summary>A locator as a value.</summary>
    public static byte[] Locator(BlockLocator locator) => Value(writer => locator.Write(writer, ClientVersion));

    /// <summary>A string as a value.</summary>
    public static byte[] Text(string text) => Value(writer => writer.WriteString(text));

    /// <summary>An int32 as a value.</summary>
    public static byte[] Int32(int number) => Value(writer => writer.WriteInt32(number));

    /// <summary>An int64 as a value.</summary>
    public static byte[] Int64(long number) => Value(writer => writer.WriteInt64(number));

    /// <summary>A hash as a value.</summary>
    public static byte[] Hash(Uint256 hash) => hash.ToArray();

    /// <summary>The byte that stands for yes.</summary>
    public static byte[] Yes => [(byte)'1'];

    private static byte[] Value(Action<ByteWriter> write)
    {
        var writer = new ByteWriter(256);
        write(writer);
        return writer.ToArray();
    }
}
