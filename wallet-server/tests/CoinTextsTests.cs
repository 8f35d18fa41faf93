using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests;

public sealed class CoinTextsTests
{
    private const int Enough = 1500;

    [Fact]
    public async Task What_is_worked_out_for_many_scripts_at_once_is_what_one_by_one_would_be()
    {
        await using var wallets = new TestWallets(new WalletSettings { KeypoolSize = Enough });
        var snapshot = wallets.Create().Snapshot;
        var scripts = SomeOf(snapshot);
        CoinTexts together = new();

        await together.PrepareAsync(snapshot, scripts, static (_, indexes) => new PublicKey?[indexes.Length], TestWallets.Ct);

        Assert.Equal(Enough, together.Count);
        AssertSame(snapshot, scripts, new CoinTexts(), together);
    }

    [Fact]
    public async Task A_stored_public_key_takes_the_place_of_a_derived_one()
    {
        await using var wallets = new TestWallets(new WalletSettings { KeypoolSize = Enough });
        var wallet = await wallets.Reload(wallets.Create());
        await wallet.NewAddressAsync("", TestWallets.Ct);
        await wallet.NewAddressAsync("", TestWallets.Ct);
        var (used, missing) = (0, 0);
        var snapshot = wallet.Snapshot;
        var scripts = SomeOf(snapshot);
        var receiving = snapshot.Keychains[snapshot.ActiveExternal];
        Script[] newest = [receiving.ScriptAt(receiving.RangeEnd - 1)];
        CoinTexts texts = new();

        using (var view = wallet.OpenView())
        {
            await texts.PrepareAsync(snapshot, [.. newest, .. scripts], (chain, indexes) =>
            {
                var keys = view.StoredKeys(chain, indexes);
                missing += keys.Count(static key => key is null);
                used += keys.Length;
                return keys;
            }, TestWallets.Ct);
        }

        Assert.True(receiving.RangeEnd > Enough);
        Assert.Equal((Enough + 1, 0), (used, missing));
        AssertSame(snapshot, [.. newest, .. scripts], new CoinTexts(), texts);
    }

    [Fact]
    public async Task A_stored_public_key_of_another_script_is_not_believed()
    {
        await using var wallets = new TestWallets(new WalletSettings { KeypoolSize = Enough });
        var wallet = wallets.Create();
        var snapshot = wallet.Snapshot;
        var scripts = SomeOf(snapshot);
        CoinTexts texts = new();

        using (var view = wallet.OpenView())
        {
            await texts.PrepareAsync(snapshot, scripts, (chain, indexes) =>
            {
                var keys = view.StoredKeys(chain, indexes);
                Array.Reverse(keys);
                return keys;
            }, TestWallets.Ct);
        }

        Assert.Equal(Enough, texts.Count);
        AssertSame(snapshot, scripts, new CoinTexts(), texts);
    }

    private static Script[] SomeOf(WalletSnapshot snapshot) => [.. snapshot.Keychains
        .SelectMany(static keychain => Enumerable.Range(0, Enough / 2).Select(keychain.ScriptAt)).Distinct().Take(Enough)];

    private static void AssertSame(WalletSnapshot snapshot, Script[] scripts, CoinTexts expected, CoinTexts texts)
    {
        foreach (var script in scripts)
        {
            var (one, other) = (texts.Of(snapshot, script), expected.Of(snapshot, script));
            Assert.Equal(other.Address, one.Address);
            Assert.Equal(other.Descriptor, one.Descriptor);
            Assert.Equal(other.RedeemScript, one.RedeemScript);
        }
    }
}
