using Dash.Primitives.Psbt;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Spending;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests;

/// <summary>Scripts that several descriptors of a wallet have.</summary>
public sealed class SharedScriptTests
{
    private const string Origin = "[00112233/44']";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_payment_counts_an_address_as_given_out_in_every_descriptor_that_has_it()
    {
        await using var wallets = new TestWallets();
        var wallet = await EmptyAsync(wallets);
        var first = TestDescriptors.Ranged(1);
        await wallet.Import(first);
        await wallet.Import(TestDescriptors.Ranged(1, Origin));
        var chain = new TestChain();
        await wallet.Connect(chain["genesis"]);
        await wallet.Mempool(chain.Pay((first.ScriptAt(5), Scenarios.Coins(1))));
        Assert.Equal([6, 6], wallet.Snapshot.Keychains.Select(static keychain => keychain.NextIndex));

        // Also where both are known from the file.
        wallet = await wallets.Reload(wallet);
        await wallet.Connect(chain.Mine("a", "genesis", null, chain.Pay((first.ScriptAt(490), Scenarios.Coins(1)))));
        Assert.Equal([491, 491], wallet.Snapshot.Keychains.Select(static keychain => keychain.NextIndex));
        Assert.Equal([511, 511], wallet.Snapshot.Keychains.Select(static keychain => keychain.RangeEnd));
        Assert.Equal(2, wallet.Snapshot.OwnersOf(first.ScriptAt(510)).Count);
        await first.RequireSigned(wallet);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_descriptor_with_the_least_id_speaks_for_an_address_whichever_came_first(bool isTurned)
    {
        await using var wallets = new TestWallets();
        List<bool> solvable = [];
        for (byte seed = 1; seed < 20; seed++)
        {
            var (key, address) = TestDescriptors.KeyOf(seed);
            var wallet = await EmptyAsync(wallets, $"w{seed}", isWatching: true);
            NewDescriptor[] both = [TestDescriptors.Parse($"addr({address})"), TestDescriptors.Parse($"pkh({Origin}{key})")];
            foreach (var descriptor in isTurned ? both.Reverse() : both)
            {
                await wallet.Import(descriptor);
            }

            var details = AddressDetails.Of(wallet.Snapshot, Scenarios.ScriptOf(address));
            var isKeyFirst = both[1].Descriptor.Id.ToArray().AsSpan().SequenceCompareTo(both[0].Descriptor.Id.ToArray()) < 0;
            Assert.Equal(isKeyFirst, details.IsSolvable);
            Assert.Equal(isKeyFirst, details.Descriptor is not null);
            Assert.Equal(isKeyFirst, InputSize.Of(wallet.Snapshot, details.Script) > 0);
            wallet = await wallets.Reload(wallet);
            Assert.Equal(isKeyFirst, AddressDetails.Of(wallet.Snapshot, details.Script).IsSolvable);
            solvable.Add(isKeyFirst);

            // What one of them knows of a key goes into a PSBT all the same.
            var paid = new TestChain().Pay((details.Script, Scenarios.Coins(1)));
            await wallet.Mempool(paid);
            PartiallySignedTransaction psbt = new(TestChain.Pay(new OutPoint(paid.Txid, 0), (TestChain.Stranger, Scenarios.Coins(1))));
            await wallet.FillAsync(psbt, new PsbtFill(SigHashType.All, Signs: false, TellsOrigins: true, Finishes: true), wallet.Signer, Ct);
            Assert.Single(psbt.Inputs[0].KeyPaths);
        }

        Assert.Contains(true, solvable);
        Assert.Contains(false, solvable);
    }

    [Fact]
    public async Task What_could_not_be_stored_is_forgotten_and_what_was_there_before_stays()
    {
        await using var wallets = new TestWallets();
        var wallet = await EmptyAsync(wallets);
        var first = TestDescriptors.Ranged(1);
        await wallet.Import(first);
        var (watched, version) = (wallet.Snapshot.Scripts.Count, wallet.Snapshot.Scripts.Version);
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => wallet.Import(TestDescriptors.Ranged(1, Origin), static () => throw new InvalidOperationException("refused")));
        await wallet.NewAddressAsync("", Ct).ContinueWith(static _ => { }, TaskScheduler.Default);
        await wallet.LockCoinsAsync([], unlock: false, persistent: false, Ct);
        Assert.Equal(watched, wallet.Snapshot.Scripts.Count);
        Assert.Equal(0, wallet.Snapshot.Scripts.SharedCount);
        Assert.True(wallet.Snapshot.IsMine(first.ScriptAt(7)));
        Assert.Single(wallet.Snapshot.OwnersOf(first.ScriptAt(7)));

        await wallet.Import(TestDescriptors.Ranged(1, Origin));
        Assert.Equal(watched, wallet.Snapshot.Scripts.SharedCount);
        Assert.Equal(watched, wallet.Snapshot.Scripts.Count);
        Assert.NotEqual(0, version);
        wallet = await wallets.Reload(wallet);
        Assert.Equal(watched, wallet.Snapshot.Scripts.SharedCount);
        Assert.Equal(watched, wallet.Snapshot.Scripts.Count);
    }

    private static Task<Wallet> EmptyAsync(TestWallets wallets, string name = "w", bool isWatching = false) =>
        Task.FromResult(wallets.Create(name, new NewWalletOptions
        {
            Flags = WalletFlags.Descriptors | WalletFlags.Blank | (isWatching ? WalletFlags.DisablePrivateKeys : 0),
        }));
}
