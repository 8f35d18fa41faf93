using Dash.WalletServer.Ledger;
using Dash.WalletServer.Tests.Scenario;

namespace Dash.WalletServer.Tests;

public sealed class HistoryPageTests
{
    [Fact]
    public async Task Pages_hold_every_transaction_once_whatever_comes_meanwhile()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        var chain = new TestChain();
        for (var i = 1; i <= 25; i++)
        {
            await wallet.Mempool(chain.Pay((await wallet.NewScript(), Scenarios.Coins(i))));
        }

        List<WalletTx> seen = [];
        var before = long.MaxValue;
        for (var page = 0; ; page++)
        {
            await wallet.Mempool(chain.Pay((await wallet.NewScript(), Scenarios.Coins(100 + page))));
            using var view = wallet.OpenView();
            var found = (page == 0 ? view.NewestFirst().Skip(1) : view.Before(before)).Take(10).ToList();
            if (found.Count == 0)
            {
                break;
            }

            seen.AddRange(found);
            before = found[^1].Position;
        }

        Assert.Equal(25, seen.Count);
        Assert.Equal(25, seen.DistinctBy(static tx => tx.Txid).Count());
        Assert.Equal(seen.OrderByDescending(static tx => tx.Position), seen);
    }
}
