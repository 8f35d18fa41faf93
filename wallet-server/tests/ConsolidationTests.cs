using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Spending;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests;

/// <summary>Small coins that are joined to one.</summary>
public sealed class ConsolidationTests
{
    private static readonly FeeMarket Market = FeeMarket.Quiet;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_smallest_are_joined_first_to_one_coin_that_lacks_the_fee_only()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        var chain = await FilledAsync(wallet, [0.5, 0.01, 0.02, 0.03, 0.04, 5]);
        var (reservation, chosen) = await wallet.ReserveAsync(Wish(0.5) with { MostInputs = 3 }, Market, Ct);
        using (reservation)
        {
            Assert.Equal([0.01, 0.02, 0.03], chosen.Coins.Select(static coin => (double)coin.Coin.Value.Duffs / Amount.DuffsPerDash));
            Assert.Equal((2, 0), (chosen.Left, chosen.Worthless));
            var output = Assert.Single(reservation.Payment.Tx.Outputs);
            Assert.Equal(Scenarios.Coins(0.06) - reservation.Payment.Fee, output.Value);
            Assert.True(wallet.Snapshot.IsMine(output.ScriptPubKey));
            Assert.Equal(new FeeRate(1000).GetFee(reservation.Payment.Size), reservation.Payment.Fee);
            var signed = await wallet.Sign(reservation.Payment);
            Assert.InRange(signed.ToBytes().Length, reservation.Payment.Size - 12, reservation.Payment.Size);

            // Nobody else gets them meanwhile.
            var (other, others) = await wallet.ReserveAsync(Wish(0.5), Market, Ct);
            using (other) Assert.Equal(2, others.Coins.Count);
            await wallet.CommitAsync(signed, WalletTx.NoNotes, Ct);
            await wallet.MarkInMempoolAsync(signed.Txid, Ct);
        }

        await wallet.Connect(chain.Mine("last", "paid", null));
        Assert.Equal(4, wallet.Snapshot.Coins.Count);
    }

    [Fact]
    public async Task What_is_set_aside_what_masternodes_stand_on_what_may_be_mixed_and_what_is_worth_nothing_stays()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        await FilledAsync(wallet, [1000, 0.00100001, 0.02, 0.03, 0.04, 0.0000015]);
        var aside = wallet.Snapshot.Coins.Values.Single(static coin => coin.Value == Scenarios.Coins(0.04)).OutPoint;
        await wallet.ChangeAsync(state =>
        {
            var edit = new LedgerEdit(state);
            edit.Lock(aside, persistent: true);
            return new Decision<bool>(edit.Build(), true);
        }, Ct);
        var (reservation, chosen) = await wallet.ReserveAsync(Wish(2000) with { Control = new CoinControl { FeeRate = new FeeRate(2000) } }, Market, Ct);
        using (reservation) Assert.Equal([Scenarios.Coins(0.02), Scenarios.Coins(0.03)], chosen.Coins.Select(static coin => coin.Coin.Value));
        Assert.Equal((0, 1), (chosen.Left, chosen.Worthless));
        var (mixed, more) = await wallet.ReserveAsync(Wish(2000) with { IncludesMixed = true }, Market, Ct);
        using (mixed) Assert.Contains(more.Coins, static coin => coin.Coin.Value == Scenarios.Coins(0.00100001));
    }

    [Fact]
    public async Task No_transaction_is_larger_than_what_is_relayed()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        await FilledAsync(wallet, [.. Enumerable.Repeat(0.01, 700)]);
        var (reservation, chosen) = await wallet.ReserveAsync(Wish(1) with { MostInputs = 1000 }, Market, Ct);
        using (reservation)
        {
            Assert.Equal(700, chosen.Coins.Count + chosen.Left);
            Assert.InRange(chosen.Coins.Count, 660, 680);
            Assert.True(reservation.Payment.Size <= TransactionBuilder.MaxSize);
        }
    }

    [Fact]
    public async Task Where_reuse_is_avoided_an_address_is_joined_whole_or_not_at_all_and_used_ones_are_not()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create(options: new NewWalletOptions { Flags = WalletFlags.AvoidReuse });
        var chain = new TestChain();
        var (used, large, small, other) = (await wallet.NewScript(), await wallet.NewScript(), await wallet.NewScript(), await wallet.NewScript());
        var first = chain.Pay((used, Scenarios.Coins(1)));
        await wallet.Connect(chain["genesis"], chain.Mine("first", "genesis", null, first));
        await wallet.Send(TestChain.Stranger, Scenarios.Coins(0.3));
        await wallet.Connect(chain.Mine("paid", "first", null, chain.Pay(
            (used, Scenarios.Coins(0.01)), (used, Scenarios.Coins(0.01)), (large, Scenarios.Coins(0.01)), (large, Scenarios.Coins(3)),
            (small, Scenarios.Coins(0.02)), (small, Scenarios.Coins(0.03)), (other, Scenarios.Coins(0.5)))));
        var (reservation, chosen) = await wallet.ReserveAsync(Wish(0.5), Market, Ct);
        using (reservation) Assert.Equal([small, small, other], chosen.Coins.Select(static coin => coin.Coin.Script));

        // Half of an address is not taken to reach a number.
        var (tight, few) = await wallet.ReserveAsync(Wish(0.5) with { MostInputs = 2 }, Market, Ct);
        using (tight) Assert.Equal((2, 1), (few.Coins.Count, few.Left));
    }

    [Fact]
    public async Task One_coin_is_not_joined_with_itself()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        await FilledAsync(wallet, [0.01, 5]);
        var refused = await Assert.ThrowsAsync<WalletException>(() => wallet.ReserveAsync(Wish(1), Market, Ct));
        Assert.Equal((WalletError.InsufficientFunds, "There are no two coins to join"), (refused.Error, refused.Message));
    }

    private static ConsolidationWish Wish(double largest) => new() { Largest = Scenarios.Coins(largest) };

    private static async Task<TestChain> FilledAsync(Wallet wallet, double[] amounts)
    {
        var chain = new TestChain();
        List<(Dash.Primitives.Scripts.Script, Amount)> outputs = [];
        var script = await wallet.NewScript();
        foreach (var amount in amounts) outputs.Add((amounts.Length > 20 ? script : await wallet.NewScript(), Scenarios.Coins(amount)));
        await wallet.Connect(chain["genesis"], chain.Mine("paid", "genesis", null, chain.Pay([.. outputs])));
        return chain;
    }
}
