using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Spending;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests;

/// <summary>Coins that went through CoinJoin sessions: how often, and what may be paid with them.</summary>
public sealed class MixedCoinsTests
{
    private const int Wanted = 4;
    private const int SurelyEnough = Wanted + 3;

    private static readonly Amount Denomination = Denominations.All[2];

    private static CancellationToken Ct => TestWallets.Ct;

    [Theory]
    [InlineData(0, false)]
    [InlineData(Wanted - 1, false)]
    [InlineData(SurelyEnough, true)]
    public async Task A_coin_counts_as_mixed_after_enough_rounds(int rounds, bool isMixed)
    {
        await using var wallets = new TestWallets();
        var alice = wallets.Create();
        var coin = await MixAsync(alice, rounds);

        using var view = alice.OpenView();
        var mixed = new MixedCoins(view.Snapshot, new MixingRounds(view));

        Assert.Equal(rounds, view.MixingRoundsOf(coin));
        Assert.Equal(isMixed, mixed.Contains(coin));
        Assert.Equal(isMixed ? Denomination : Amount.Zero, mixed.Sum());
    }

    [Fact]
    public async Task Between_the_wanted_rounds_and_all_of_them_the_wallets_salt_decides_once_and_for_all()
    {
        await using var wallets = new TestWallets();
        var alice = wallets.Create();
        var coin = await MixAsync(alice, Wanted);
        bool before;
        using (var view = alice.OpenView())
        {
            before = new MixedCoins(view.Snapshot, new MixingRounds(view)).Contains(coin);
        }

        alice = await wallets.Reload(alice);

        using var again = alice.OpenView();
        Assert.Equal(before, new MixedCoins(again.Snapshot, new MixingRounds(again)).Contains(coin));
    }

    [Fact]
    public async Task A_payment_from_mixed_coins_takes_those_only()
    {
        await using var wallets = new TestWallets();
        var alice = wallets.Create();
        var coin = await MixAsync(alice, SurelyEnough);
        var mixedOnly = CoinControl.Default with { CoinType = CoinType.OnlyFullyMixed };

        using (var reservation = await alice.ReserveAsync(
            [new Payment(TestChain.Stranger, Denomination, SubtractFee: true)], mixedOnly, FeeMarket.Quiet, Ct))
        {
            Assert.Equal(coin, Assert.Single(reservation.Payment.Tx.Inputs).PreviousOutput);
        }

        var refusal = await Assert.ThrowsAsync<WalletException>(() => alice.ReserveAsync(
            [new Payment(TestChain.Stranger, Denomination + Denomination)], mixedOnly, FeeMarket.Quiet, Ct));
        Assert.StartsWith("Unable to locate enough mixed funds", refusal.Message, StringComparison.Ordinal);
    }

    // A stranger's denomination and ours go in and come out of each session; beside it lies money that was never mixed.
    private static async Task<OutPoint> MixAsync(Wallet wallet, int rounds)
    {
        var chain = new TestChain();
        await wallet.Connect(chain["genesis"]);
        var first = chain.Pay((await wallet.NewScript(), Denomination));
        var plain = chain.Pay((await wallet.NewScript(), Amount.FromDash(9)));
        List<Transaction> txs = [first, plain];
        var coin = new OutPoint(first.Txid, 0);
        for (var round = 0; round < rounds; round++)
        {
            var session = new Transaction(
                [new TxIn(chain.Foreign(), Script.Empty), new TxIn(coin, Script.Empty)],
                [new TxOut(Denomination, TestChain.Stranger), new TxOut(Denomination, await wallet.NewScript())]);
            txs.Add(session);
            coin = new OutPoint(session.Txid, 1);
        }

        await wallet.Connect(chain.Mine("b1", "genesis", txs: [.. txs]));
        return coin;
    }
}
