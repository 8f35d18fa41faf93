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
        Script[] scripts = [.. snapshot.Keychains
            .SelectMany(static keychain => Enumerable.Range(0, Enough / 2).Select(keychain.ScriptAt)).Distinct().Take(Enough)];
        CoinTexts together = new();

        await together.PrepareAsync(snapshot, scripts, TestWallets.Ct);

        CoinTexts apart = new();
        var known = together.Count;
        foreach (var script in scripts)
        {
            var (one, other) = (together.Of(snapshot, script), apart.Of(snapshot, script));
            Assert.Equal(other.Address, one.Address);
            Assert.Equal(other.Descriptor, one.Descriptor);
            Assert.Equal(other.RedeemScript, one.RedeemScript);
        }

        Assert.Equal(apart.Count, together.Count);
        Assert.True(known == 0 || known == together.Count, $"{known} of {together.Count}");
        Assert.Equal(Environment.ProcessorCount > 1, known > 0);
    }
}
