using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests;

/// <summary>Encrypting and passphrases beside what else changes the secrets at the same time.</summary>
public sealed class EncryptionOrderTests
{
    private static CancellationToken Ct => TestWallets.Ct;

    [Fact]
    public async Task A_key_that_comes_right_before_the_wallet_is_encrypted_is_encrypted_too()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        using var secret = TestDescriptors.Ranged(1);
        using (var held = await HeldWriter.HoldAsync(wallet))
        {
            var import = wallet.Import(secret);
            var encrypt = wallet.EncryptAsync("a passphrase", Ct);
            await held.QueuedAsync(2);
            await held.ReleaseAsync();
            await import;
            await encrypt;

            // Once for all: beside imports that do not end it would not end either.
            Assert.Equal(2, held.Queued);
        }

        Assert.True(wallet.Keys.IsLocked);
        await wallet.UnlockAsync("a passphrase", 60, false, null, Ct);
        await secret.RequireSigned(wallet);
        RequireNothingPlain(await UnloadAsync(wallets, wallet));
        wallet = wallets.Directory.Load("w", null).Wallet;
        await wallet.UnlockAsync("a passphrase", 60, false, null, Ct);
        await secret.RequireSigned(wallet);
    }

    /// <summary>A deadline may come at any moment; who asked for a passphrase must not get keys without.</summary>
    [Fact]
    public async Task New_words_that_are_stored_are_encrypted_also_where_the_caller_gives_up()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create("w", new NewWalletOptions { Flags = WalletFlags.Descriptors | WalletFlags.Blank });
        using CancellationTokenSource early = new();
        await early.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => wallet.UpgradeToHdAsync("", "", "a passphrase", static () => Assert.Fail("it was withdrawn"), early.Token));
        Assert.Empty(wallet.Snapshot.Keychains);
        Assert.False(wallet.Keys.IsEncrypted);

        using CancellationTokenSource deadline = new();
        await wallet.UpgradeToHdAsync("", "", "a passphrase", deadline.Cancel, deadline.Token);

        Assert.True(deadline.IsCancellationRequested);
        Assert.NotEmpty(wallet.Snapshot.Keychains);
        Assert.True(wallet.Keys.IsLocked);
        RequireNothingPlain(await UnloadAsync(wallets, wallet));
        wallet = wallets.Directory.Load("w", null).Wallet;
        await wallet.UnlockAsync("a passphrase", 60, false, null, Ct);
        Assert.NotEmpty(wallet.Keys.Words(wallet.Snapshot.Keychains[0].Id).Mnemonic);
    }

    [Fact]
    public async Task A_key_that_comes_right_after_the_wallet_was_encrypted_is_refused()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        using var secret = TestDescriptors.Ranged(1);
        using (var held = await HeldWriter.HoldAsync(wallet))
        {
            var encrypt = wallet.EncryptAsync("a passphrase", Ct);
            await held.QueuedAsync(1);
            var import = wallet.Import(secret);
            await held.ReleaseAsync();
            await encrypt;
            Assert.Equal(WalletError.UnlockNeeded, (await Assert.ThrowsAsync<WalletException>(() => import)).Error);
        }

        RequireNothingPlain(await UnloadAsync(wallets, wallet));
        wallet = wallets.Directory.Load("w", null).Wallet;
        await wallet.UnlockAsync("a passphrase", 60, false, null, Ct);
        await wallet.Import(secret);
        await secret.RequireSigned(wallet);
        RequireNothingPlain(await UnloadAsync(wallets, wallet));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task New_words_beside_an_encryption_are_encrypted_or_refused(bool isFirst)
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create(options: new NewWalletOptions { Flags = WalletFlags.Descriptors | WalletFlags.Blank });
        using (var held = await HeldWriter.HoldAsync(wallet))
        {
            var upgrade = isFirst ? wallet.UpgradeToHdAsync("", "", "", static () => { }, Ct) : null;
            var encrypt = wallet.EncryptAsync("a passphrase", Ct);
            await held.QueuedAsync(isFirst ? 2 : 1);
            upgrade ??= wallet.UpgradeToHdAsync("", "", "", static () => { }, Ct);
            await held.ReleaseAsync();
            await encrypt;
            Assert.Equal(!isFirst, await Record.ExceptionAsync(() => upgrade) is WalletException { Error: WalletError.UnlockNeeded });
        }

        Assert.Equal(isFirst ? 3 : 0, wallet.Snapshot.Keychains.Length);
        RequireNothingPlain(await UnloadAsync(wallets, wallet));
        wallet = wallets.Directory.Load("w", null).Wallet;
        await wallet.UnlockAsync("a passphrase", 60, false, null, Ct);
        Assert.All(wallet.Snapshot.Keychains, keychain => Assert.NotEmpty(wallet.Keys.Words(keychain.Id).Mnemonic));
    }

    [Fact]
    public async Task Of_two_new_passphrases_at_once_one_is_taken_and_opens_the_file()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create(options: new NewWalletOptions { Passphrase = "old" });
        string[] names = ["one", "two"];
        using var held = await HeldWriter.HoldAsync(wallet);
        var changes = names.Select(name => wallet.ChangePassphraseAsync("old", name, Ct)).ToList();
        await held.QueuedAsync(2);
        await held.ReleaseAsync();
        var outcomes = new List<Exception?>();
        foreach (var change in changes)
        {
            outcomes.Add(await Record.ExceptionAsync(() => change));
        }

        Assert.Single(outcomes, outcome => outcome is null);
        Assert.Single(outcomes, outcome => outcome is WalletException { Error: WalletError.PassphraseIncorrect });
        var (right, wrong) = outcomes[0] is null ? ("one", "two") : ("two", "one");
        await RequirePassphrase(wallet);
        await RequirePassphrase(await wallets.Reload(wallet));

        async Task RequirePassphrase(Wallet wallet)
        {
            Assert.Equal(
                WalletError.PassphraseIncorrect,
                (await Assert.ThrowsAsync<WalletException>(() => wallet.UnlockAsync(wrong, 60, false, null, Ct))).Error);
            await wallet.UnlockAsync(right, 60, false, null, Ct);
        }
    }

    [Fact]
    public async Task A_new_passphrase_is_not_planned_again_for_a_key_that_comes_meanwhile()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create(options: new NewWalletOptions { Passphrase = "old" });
        await wallet.UnlockAsync("old", 60, false, null, Ct);
        using var secret = TestDescriptors.Ranged(1);
        using (var held = await HeldWriter.HoldAsync(wallet))
        {
            var import = wallet.Import(secret);
            var change = wallet.ChangePassphraseAsync("old", "new", Ct);
            await held.QueuedAsync(2);
            await held.ReleaseAsync();
            await import;
            await change;
            Assert.Equal(2, held.Queued);
        }

        wallet = await wallets.Reload(wallet);
        await wallet.UnlockAsync("new", 60, false, null, Ct);
        await secret.RequireSigned(wallet);
    }

    private static async Task<string> UnloadAsync(TestWallets wallets, Wallet wallet)
    {
        var file = wallet.FilePath;
        await wallets.Directory.UnloadAsync(wallet.Name, null);
        return file;
    }

    private static void RequireNothingPlain(string file) => Assert.DoesNotContain(
        ForeignWrites.Records(file), record => record.StartsWith(Convert.ToHexString([19, .. "walletdescriptorkey"u8]), StringComparison.Ordinal));
}
