using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Storage;

namespace Dash.WalletServer.Wallets;

/// <summary>Passphrases: encrypting, unlocking, changing. The costly derivations run outside the writer loop.</summary>
internal static class EncryptionRequests
{
    private const string Empty = "passphrase cannot be empty";
    private const string Wrong = "Error: The wallet passphrase entered was incorrect.";

    private const string ThenRenew = " If this is successful, please set a new passphrase to avoid this issue in the future.";

    /// <summary>What to know of words whose passphrase holds a zero byte.</summary>
    public const string WordsCutOff =
        "Your mnemonic passphrase contains a null character (ie - a zero byte). If the passphrase was created with a version of "
        + "this software prior to 23.0, please try again with only the characters up to — but not including — the first null "
        + "character. If this is successful, please set a new passphrase to avoid this issue in the future.";

    /// <summary>Longest lease, seconds: about three years.</summary>
    private const long LongestLease = 100_000_000;

    /// <summary>Opens the secrets for some seconds.</summary>
    /// <param name="wallet">The wallet.</param>
    /// <param name="passphrase">The passphrase.</param>
    /// <param name="seconds">For how long.</param>
    /// <param name="forMixingOnly">Not for payments.</param>
    /// <param name="lease">The caller's name for it; null for the one lease of all that have none.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="WalletException">The wallet is not encrypted, or the passphrase does not fit.</exception>
    public static async Task UnlockAsync(
        this Wallet wallet, string passphrase, long seconds, bool forMixingOnly, string? lease, CancellationToken ct)
    {
        RequireEncrypted(wallet, "walletpassphrase");
        if (seconds < 0)
        {
            throw new WalletException(WalletError.InvalidParameter, "Timeout cannot be negative.");
        }

        if (forMixingOnly && !wallet.Keys.IsLocked)
        {
            throw new WalletException(WalletError.AlreadyUnlocked, "Error: Wallet is already fully unlocked.");
        }

        RequireText(passphrase);
        var length = TimeSpan.FromSeconds(Math.Min(seconds, LongestLease));
        if (!await wallet.Tries.TryAsync(
            () => wallet.Keys.Unlock(passphrase, length, forMixingOnly, lease ?? Leases.Unnamed), ct).ConfigureAwait(false))
        {
            throw Incorrect(passphrase);
        }

        // It is open from here on: who asked hears so, whatever the time.
        await wallet.RefillAsync(wallet.Snapshot.Settings.KeypoolSize, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Opens the secrets for one caller alone; the wallet stays as it is. The caller disposes them.</summary>
    /// <exception cref="WalletException">The wallet is not encrypted, or the passphrase does not fit.</exception>
    public static async Task<KeyRing> OpenAsideAsync(this Wallet wallet, string passphrase, CancellationToken ct)
    {
        RequireText(passphrase);
        return await wallet.Tries.TryAsync(() => wallet.Keys.OpenAside(passphrase), ct).ConfigureAwait(false) ?? throw Incorrect(passphrase);
    }

    /// <summary>Opens the secrets without a caller, for as long as a caller can; false when the passphrase does not fit.</summary>
    /// <param name="wallet">The wallet.</param>
    /// <param name="passphrase">The passphrase.</param>
    /// <param name="lease">What no caller can name.</param>
    public static bool UnlockUnattended(this Wallet wallet, string passphrase, string lease) =>
        wallet.Keys.Unlock(passphrase, TimeSpan.FromSeconds(LongestLease), forMixingOnly: false, lease);

    /// <summary>Locks, and opens the secrets again with the passphrase: whoever changes the wallet must know it.</summary>
    /// <exception cref="WalletException">The passphrase does not fit.</exception>
    public static async Task ProveAsync(this Wallet wallet, string passphrase, CancellationToken ct)
    {
        if (passphrase.Length == 0)
        {
            throw new WalletException(
                WalletError.PassphraseIncorrect, "Error: Wallet encrypted but supplied empty wallet passphrase");
        }

        wallet.Keys.Lock();
        if (!await wallet.Tries.TryAsync(() => wallet.Keys.Unlock(passphrase, lease: null, forMixingOnly: false), ct).ConfigureAwait(false))
        {
            throw Incorrect(passphrase);
        }
    }

    /// <summary>Forgets what opens the secrets; with the name of a lease, ends that one.</summary>
    /// <exception cref="WalletException">The wallet is not encrypted.</exception>
    public static void Lock(this Wallet wallet, string? lease)
    {
        RequireEncrypted(wallet, "walletlock");
        if (lease is not null)
        {
            wallet.Keys.Lock(lease);
        }
        else
        {
            wallet.Keys.Lock();
        }
    }

    /// <summary>Encrypts all secrets; the wallet is locked afterwards.</summary>
    /// <exception cref="WalletException">It has no secrets, or is encrypted already.</exception>
    public static async Task EncryptAsync(this Wallet wallet, string passphrase, CancellationToken ct)
    {
        RequireText(passphrase);
        RequirePlain(wallet);
        using var plan = await Task.Run(() => wallet.Keys.PlanEncryption(passphrase), ct).ConfigureAwait(false);
        await wallet.ChangeAsync(
            state =>
            {
                if (state.Snapshot.IsEncrypted)
                {
                    throw new WalletException(WalletError.EncryptionFailed, "Error: Failed to encrypt the wallet.");
                }

                // Whatever came meanwhile would stay plain. However much comes, this is the end of it: what is decided later finds it encrypted.
                wallet.Keys.Complete(plan, state.ComingSecrets);
                return new Decision<bool>(
                    new ChangeSet { Records = Encrypted(plan), Encrypts = true, Secrets = [new SecretChange.Encrypted(plan)] }, true);
            },
            ct).ConfigureAwait(false);
    }

    private static List<KeyValuePair<byte[], byte[]?>> Encrypted(EncryptionPlan plan)
    {
        var records = new List<KeyValuePair<byte[], byte[]?>> { CoreRecords.MasterKey(1, plan.MasterKey) };
        foreach (var (descriptor, publicKey, secret) in plan.Secrets)
        {
            records.Add(new(
                CoreRecords.DescriptorSecretKey(RecordName.DescriptorCryptedKey, descriptor, publicKey.Bytes),
                CoreRecords.CryptedSecret(secret)));
            records.Add(new(
                CoreRecords.DescriptorSecretKey(RecordName.DescriptorKey, descriptor, publicKey.Bytes), null));
        }

        return records;
    }

    /// <summary>Refuses where there is nothing to encrypt, or nothing left.</summary>
    /// <exception cref="WalletException">With Core's text.</exception>
    public static void RequirePlain(Wallet wallet)
    {
        if (wallet.Snapshot.IsWatchOnly)
        {
            throw new WalletException(
                WalletError.EncryptionFailed, "Error: wallet does not contain private keys, nothing to encrypt.");
        }

        if (wallet.Keys.IsEncrypted)
        {
            throw new WalletException(
                WalletError.WrongEncryptionState,
                "Error: running with an encrypted wallet, but encryptwallet was called.");
        }
    }

    /// <summary>Another passphrase for the same secrets.</summary>
    /// <exception cref="WalletException">The wallet is not encrypted, or the old passphrase does not fit.</exception>
    public static async Task ChangePassphraseAsync(
        this Wallet wallet, string oldPassphrase, string newPassphrase, CancellationToken ct)
    {
        RequireEncrypted(wallet, "walletpassphrasechange");
        RequireText(oldPassphrase);
        RequireText(newPassphrase);
        while (!await TryChangeAsync(wallet, oldPassphrase, newPassphrase, ct).ConfigureAwait(false))
        {
            // Whoever changed it first has made the old passphrase a wrong one.
        }
    }

    // False when the passphrase was changed since it was planned.
    private static async Task<bool> TryChangeAsync(Wallet wallet, string oldPassphrase, string newPassphrase, CancellationToken ct)
    {
        var planned = wallet.Snapshot.MasterKeyChanges;
        var renewed = await wallet.Tries.TryAsync(
            () => wallet.Keys.PlanNewPassphrase(oldPassphrase, newPassphrase) is { Count: > 0 } plan ? plan : null, ct).ConfigureAwait(false);
        if (renewed is null)
        {
            throw new WalletException(
                WalletError.PassphraseIncorrect,
                oldPassphrase.Contains('\0')
                    ? "Error: The old wallet passphrase entered is incorrect. " + CutOff("old passphrase")
                    : Wrong);
        }

        ChangeSet changes = new()
        {
            Records = [.. renewed.Select(static item => CoreRecords.MasterKey(item.Key, item.Value))],
            Secrets = [.. renewed.Select(static item => new SecretChange.Renewed(item.Key, item.Value))],
        };
        return await wallet.ChangeAsync(
            state => state.Snapshot.MasterKeyChanges != planned ? Decision<bool>.Of(false) : new Decision<bool>(changes, true), ct).ConfigureAwait(false);
    }

    // Older versions cut a passphrase off at its first zero byte.
    private static string CutOff(string which) =>
        $"It contains a null character (ie - a zero byte). If the {which} was set with a version of this software prior to "
        + "23.0, please try again with only the characters up to — but not including — the first null character.";

    private static WalletException Incorrect(string passphrase) => new(
        WalletError.PassphraseIncorrect,
        passphrase.Contains('\0')
            ? $"Error: The wallet passphrase entered is incorrect. {CutOff("passphrase")}{ThenRenew}"
            : Wrong);

    /// <summary>Refuses where there is no passphrase.</summary>
    /// <exception cref="WalletException">The wallet is not encrypted.</exception>
    public static void RequireEncrypted(this Wallet wallet, string method)
    {
        if (!wallet.Keys.IsEncrypted)
        {
            throw new WalletException(
                WalletError.WrongEncryptionState,
                $"Error: running with an unencrypted wallet, but {method} was called.");
        }
    }

    private static void RequireText(string passphrase)
    {
        if (passphrase.Length == 0)
        {
            throw new WalletException(WalletError.InvalidParameter, Empty);
        }
    }
}
