using System.Globalization;
using Dash.Primitives.Keys;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Storage;

namespace Dash.WalletServer.Wallets;

/// <summary>What makes more of an older or emptier wallet.</summary>
internal static class WalletUpgrades
{
    /// <summary>The newest version of wallets.</summary>
    public const int Latest = CoreRecords.LatestWalletVersion;

    // Core: FEATURE_BASE, FEATURE_WALLETCRYPT, FEATURE_COMPRPUBKEY, FEATURE_HD.
    private static readonly int[] Features = [10_500, 40_000, 60_000, Latest];

    /// <summary>Raises the wallet's version; 0 is the newest.</summary>
    /// <returns>What was done, or why nothing was.</returns>
    public static Task<(string Outcome, string? Error)> UpgradeAsync(this Wallet wallet, int version, CancellationToken ct) =>
        wallet.ChangeAsync(
            state =>
            {
                var before = state.Snapshot.Version;
                var wanted = version == 0 ? Latest : version;
                if (wanted < before)
                {
                    return Decision<(string, string?)>.Of(("", string.Create(
                        CultureInfo.InvariantCulture,
                        $"Cannot downgrade wallet from version {before} to version {version}. Wallet version unchanged.")));
                }

                var after = Math.Max(before, Features.LastOrDefault(feature => feature <= wanted));
                return after == before
                    ? Decision<(string, string?)>.Of(("Already at latest version. Wallet version unchanged.", null))
                    : new Decision<(string, string?)>(
                        new ChangeSet { Version = after },
                        (string.Create(
                            CultureInfo.InvariantCulture,
                            $"Wallet upgraded successfully from version {before} to version {after}."), null));
            },
            ct);

    /// <summary>Gives a wallet without active keys those that derive from words (new ones if none are given).</summary>
    /// <param name="wallet">The wallet.</param>
    /// <param name="words">The words, or none.</param>
    /// <param name="wordsPassphrase">Their passphrase.</param>
    /// <param name="passphrase">The wallet's; encrypts it if it is not.</param>
    /// <param name="stored">Called when the keys are stored; from then on nothing withdraws the request.</param>
    /// <param name="ct">Withdraws the request as long as it waits.</param>
    /// <exception cref="WalletException">It has keys, or may have none, or something does not fit.</exception>
    public static async Task UpgradeToHdAsync(
        this Wallet wallet, string words, string wordsPassphrase, string passphrase, Action stored, CancellationToken ct)
    {
        RequireNoKeys(wallet.Snapshot);
        var isEncrypted = wallet.Keys.IsEncrypted;
        if (isEncrypted)
        {
            await wallet.ProveAsync(passphrase, ct).ConfigureAwait(false);
        }

        var now = wallet.Clock.UnixSeconds;
        var options = new NewWalletOptions { Mnemonic = words, MnemonicPassphrase = wordsPassphrase };
        try
        {
            await wallet.ChangeAsync(
                state =>
                {
                    // Somebody else may have upgraded it meanwhile.
                    RequireNoKeys(state.Snapshot);
                    return new Decision<bool>(NewWallet.AddKeys(state.Snapshot, wallet.Keys, options, now), true);
                },
                ct).ConfigureAwait(false);
            stored();
        }
        finally
        {
            if (isEncrypted)
            {
                wallet.Keys.Lock();
            }
        }

        if (!isEncrypted && passphrase.Length > 0)
        {
            // The words lie in the file in the clear until then.
            await wallet.EncryptAsync(passphrase, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static void RequireNoKeys(WalletSnapshot snapshot)
    {
        if (snapshot.ActiveExternal >= 0 || snapshot.ActiveInternal >= 0)
        {
            throw new WalletException(WalletError.Wallet, "Cannot upgrade a wallet to HD if it is already upgraded to HD");
        }

        if (snapshot.IsWatchOnly)
        {
            throw new WalletException(WalletError.Wallet, "Private keys are disabled for this wallet");
        }
    }
}
