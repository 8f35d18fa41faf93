using Dash.Primitives.Units;
using Dash.WalletServer.Storage;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;
using static Dash.WalletServer.Tests.Scenario.Scenarios;

namespace Dash.WalletServer.Tests;

public sealed class KnownReceiptsTests
{
    [Fact]
    public async Task What_an_address_received_is_read_once_and_anew_when_something_changed()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        var script = await wallet.NewScript();
        KnownReceipts known = new();
        var reads = 0;
        for (var i = 0; i < 3; i++)
        {
            Assert.Single(known.Of(wallet.Snapshot, script, Read));
        }

        Assert.Equal(1, reads);
        await wallet.NewAddressAsync("", TestWallets.Ct);
        known.Of(wallet.Snapshot, script, Read);
        Assert.Equal(2, reads);
        known.Clear();
        known.Of(wallet.Snapshot, script, Read);
        Assert.Equal(3, reads);

        IEnumerable<ReceivedRow> Read()
        {
            reads++;
            yield return new ReceivedRow([], default, 0, Coins(1), 1, 1, false, false, 0);
        }
    }

    [Fact]
    public async Task Only_so_much_is_kept()
    {
        await using var wallets = new TestWallets(new Ledger.WalletSettings { KeypoolSize = 300, UnsafeSqliteSync = true });
        var wallet = wallets.Create();
        KnownReceipts known = new();
        var reads = 0;
        var keychain = wallet.Snapshot.Keychains[0];
        for (var i = 0; i < 600; i++)
        {
            known.Of(wallet.Snapshot, keychain.ScriptAt(i % 300), () =>
            {
                reads++;
                return [];
            });
        }

        Assert.Equal(300 + 44, reads); // 256 scripts were kept
        known.Clear();
        for (var i = 0; i < 2; i++)
        {
            known.Of(wallet.Snapshot, keychain.ScriptAt(0), () =>
            {
                reads++;
                return Enumerable.Repeat(new ReceivedRow([], default, 0, Amount.Zero, 1, 1, false, false, 0), 17);
            });
        }

        Assert.Equal(300 + 44 + 2, reads); // an address with very many payments is not
    }

    [Fact]
    public async Task A_payment_and_its_confirmations_are_seen_at_once()
    {
        await using var wallets = new TestWallets();
        var (chain, wallet) = (new TestChain(), wallets.Create());
        var script = await wallet.NewScript();
        await wallet.Connect(chain["genesis"]);
        Assert.Empty(Depths());
        var payment = chain.Pay((script, Coins(2)));
        await wallet.Mempool(payment);
        Assert.Equal([0], Depths());
        await wallet.Connect(chain.Mine("a1", "genesis", null, payment));
        Assert.Equal([1], Depths());
        await wallet.Connect(chain.Mine("a2", "a1"));
        Assert.Equal([2], Depths());

        int[] Depths()
        {
            using var view = wallet.OpenView();
            return [.. view.Received(script).Select(static row => row.Depth)];
        }
    }
}
