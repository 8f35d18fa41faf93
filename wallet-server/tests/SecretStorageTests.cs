using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests;

/// <summary>The secrets in memory are those of the file, whatever fails and whoever comes at the same time.</summary>
public sealed class SecretStorageTests
{
    private static CancellationToken Ct => TestWallets.Ct;

    [Fact]
    public async Task A_key_whose_import_found_no_room_is_stored_when_it_is_tried_again()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        using var secret = TestDescriptors.Ranged(1);
        await wallet.FillDiskAsync();
        var refusal = await Assert.ThrowsAsync<WalletException>(() => wallet.Import(secret));
        Assert.Equal(WalletError.DiskFull, refusal.Error);
        Assert.False(wallet.Keys.Has(secret.Descriptor.Id));

        await wallet.GiveRoomAsync();
        await wallet.Import(secret);
        wallet = await wallets.Reload(wallet);
        await secret.RequireSigned(wallet);
    }

    [Fact]
    public async Task The_secrets_of_a_wallet_that_is_refused_do_not_stay_in_memory()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        var descriptor = wallet.Snapshot.Keychains[0].Id;
        await wallets.Directory.UnloadAsync(wallet.Name, null);
        KeyRing? read = null;
        var hadSecret = false;
        wallets.Directory.Admission = snapshot =>
        {
            read = snapshot.Secrets;
            hadSecret = read!.Has(descriptor);
            throw new WalletException(WalletError.Wallet, "not here");
        };

        Assert.Throws<WalletException>(() => wallets.Directory.Load(wallet.Name, null));

        Assert.True(hadSecret);
        Assert.False(read!.Has(descriptor));
    }

    [Fact]
    public async Task Keys_of_an_upgrade_that_found_no_room_are_stored_when_it_is_tried_again()
    {
        await using var wallets = new TestWallets(new WalletSettings { KeypoolSize = 200 });
        var wallet = wallets.Create(options: new NewWalletOptions { Flags = WalletFlags.Descriptors | WalletFlags.Blank });
        await wallet.FillDiskAsync();
        var words = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
        var refusal = await Assert.ThrowsAsync<WalletException>(() => wallet.UpgradeToHdAsync(words, "", "", static () => { }, Ct));
        Assert.Equal(WalletError.DiskFull, refusal.Error);

        await wallet.GiveRoomAsync();
        await wallet.UpgradeToHdAsync(words, "", "", static () => { }, Ct);
        RequireWords(wallet);
        RequireWords(await wallets.Reload(wallet));

        void RequireWords(Wallet wallet)
        {
            Assert.Equal(3, wallet.Snapshot.Keychains.Length);
            Assert.All(wallet.Snapshot.Keychains, keychain => Assert.Equal(words, wallet.Keys.Words(keychain.Id).Mnemonic));
        }
    }

    [Fact]
    public async Task Of_two_upgrades_at_once_one_gives_the_wallet_its_keys()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create(options: new NewWalletOptions { Flags = WalletFlags.Descriptors | WalletFlags.Blank });
        using var held = await HeldWriter.HoldAsync(wallet);
        Task[] upgrades = [wallet.UpgradeToHdAsync("", "", "", static () => { }, Ct), wallet.UpgradeToHdAsync("", "", "", static () => { }, Ct)];
        await held.QueuedAsync(2);
        await held.ReleaseAsync();
        await upgrades[0];
        await Assert.ThrowsAsync<WalletException>(() => upgrades[1]);
        Assert.Equal(3, wallet.Snapshot.Keychains.Length);
    }
}
