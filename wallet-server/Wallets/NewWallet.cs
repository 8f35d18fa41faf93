using System.Globalization;
using System.Security.Cryptography;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Storage;

namespace Dash.WalletServer.Wallets;

/// <summary>What a new wallet is to be.</summary>
internal sealed record NewWalletOptions
{
    /// <summary>Its flags; descriptors always.</summary>
    public WalletFlags Flags { get; init; } = WalletFlags.Descriptors;

    /// <summary>Encrypts it from birth; empty is not.</summary>
    public string Passphrase { get; init; } = "";

    /// <summary>The words to use; empty for new ones.</summary>
    public string Mnemonic { get; init; } = "";

    /// <summary>The passphrase that goes with the words.</summary>
    public string MnemonicPassphrase { get; init; } = "";

    /// <summary>Whoever makes it is answered when it follows the node and not before, and takes <see cref="Wallet.IsUnknown"/> back then.</summary>
    public bool StaysUnknown { get; init; }
}

/// <summary>
/// Sets a new wallet up: words, master key, and the three descriptors Dash Core gives a wallet: receiving (44'/C'/0'/0),
/// change (44'/C'/0'/1), and CoinJoin (9'/C'/4'/0'/0).
/// </summary>
internal static class NewWallet
{
    /// <summary>The facts of a new wallet.</summary>
    /// <param name="empty">The snapshot of the empty file.</param>
    /// <param name="keys">The ring of that wallet, which nobody else has yet: it gets the master key, and is open afterwards.</param>
    /// <param name="options">What it is to be.</param>
    /// <param name="now">Seconds since 1970: its birth.</param>
    /// <exception cref="WalletException">Its words or its seed are none.</exception>
    public static ChangeSet SetUp(WalletSnapshot empty, KeyRing keys, NewWalletOptions options, long now)
    {
        var flags = options.Flags | WalletFlags.Descriptors;
        var changes = new ChangeSet { Flags = flags, Version = CoreRecords.LatestWalletVersion };
        if (flags.HasFlag(WalletFlags.DisablePrivateKeys) || (flags.HasFlag(WalletFlags.Blank) && options.Passphrase.Length == 0))
        {
            return changes;
        }

        if (options.Passphrase.Length == 0 && empty.Settings.HdSeed is { } seed && !(seed.Length > 0 && Hex.TryDecode(seed, out _)))
        {
            throw new WalletException(WalletError.Wallet, "Create -- Incorrect seed, it should be a hex string");
        }

        var records = new List<KeyValuePair<byte[], byte[]?>>();
        if (options.Passphrase.Length > 0)
        {
            Encrypt(keys, options.Passphrase, records);
        }

        if (flags.HasFlag(WalletFlags.Blank))
        {
            return changes with { Records = records, Encrypts = true };
        }

        return AddDescriptors(empty, keys, options, now, records, changes);
    }

    /// <summary>Words and the three descriptors for a wallet that gives out no addresses yet; its ring must be open.</summary>
    public static ChangeSet AddKeys(WalletSnapshot wallet, KeyRing keys, NewWalletOptions options, long now) =>
        AddDescriptors(
            wallet, keys, options with { Passphrase = "" }, now, [],
            new ChangeSet { Flags = wallet.Flags & ~WalletFlags.Blank, Version = Math.Max(wallet.Version, CoreRecords.LatestWalletVersion) });

    private static ChangeSet AddDescriptors(
        WalletSnapshot empty,
        KeyRing keys,
        NewWalletOptions options,
        long now,
        List<KeyValuePair<byte[], byte[]?>> records,
        ChangeSet changes)
    {
        var words = new SecretWords(
            options.Mnemonic.Length > 0 ? options.Mnemonic : Mnemonic.Generate(empty.Settings.MnemonicBits),
            options.MnemonicPassphrase);
        if (!Mnemonic.Check(words.Mnemonic))
        {
            throw new WalletException(
                WalletError.Misc, $"SetupDescriptorScriptPubKeyMans: invalid mnemonic: `{words.Mnemonic}`");
        }

        using var seed = Mnemonic.ToSeed(words.Mnemonic, words.Passphrase);
        using var master = ExtendedPrivateKey.FromSeed(seed);

        var keychains = new List<KeyValuePair<int, Keychain>>();
        var secrets = new List<SecretChange>();
        var isEncrypted = empty.IsEncrypted || options.Passphrase.Length > 0;
        foreach (var path in Paths(empty.Chain))
        {
            using var source = new DescriptorKeys();
            source.Add(master.Key.Clone());
            var keychain = Create(empty.Chain, master.ToPublic(), path, source, now);
            var place = empty.Keychains.Length + keychains.Count;
            var (record, secret) = SecretRecords.Of(keys, isEncrypted, keychain.Id, master.Key, words);
            records.Add(record);
            secrets.Add(secret);
            var wide = keychain.ToppedUp(empty.Settings.KeypoolSize, null) ?? keychain;
            empty.Scripts.Add(place, wide, wide.RangeStart, wide.RangeEnd);
            keychains.Add(new(place, wide));
        }

        return changes with
        {
            Keychains = keychains,
            ActiveExternal = empty.Keychains.Length,
            ActiveInternal = empty.Keychains.Length + 1,
            Records = records,
            Secrets = secrets,
            Encrypts = options.Passphrase.Length > 0,
        };
    }

    private static IEnumerable<string> Paths(ChainParams chain)
    {
        var coin = chain.Bip44CoinType.ToString(CultureInfo.InvariantCulture);
        yield return $"44'/{coin}'/0'/0";
        yield return $"44'/{coin}'/0'/1";
        yield return $"9'/{coin}'/4'/0'/0";
    }

    private static Keychain Create(
        ChainParams chain, ExtendedPublicKey master, string path, DescriptorKeys source, long now)
    {
        var text = $"pkh({master.Encode(chain.Prefixes.ExtendedPublicKey.Span)}/{path}/*)";
        using var none = new DescriptorKeys();
        return Descriptor.TryParse(text, chain.Prefixes, requireChecksum: false, none, out var descriptor, out var error)
            ? Keychain.Create(descriptor, source, now)
            : throw new WalletException(WalletError.Wallet, error);
    }

    private static void Encrypt(KeyRing keys, string passphrase, List<KeyValuePair<byte[], byte[]?>> records)
    {
        using var plan = keys.PlanEncryption(passphrase);
        records.Add(CoreRecords.MasterKey(1, plan.MasterKey));
        keys.Adopt(plan);
        if (!keys.Unlock(passphrase, lease: null, forMixingOnly: false))
        {
            throw new WalletException(
                WalletError.EncryptionFailed, "Error: Wallet was encrypted but could not be unlocked");
        }
    }
}
