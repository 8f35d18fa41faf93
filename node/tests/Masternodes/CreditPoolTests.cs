using Dash.Node.Masternodes;
using Dash.Primitives.Evo;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Tests.Masternodes;

public class CreditPoolTests
{
    [Fact]
    public void Numbers_that_follow_one_another_are_one_run()
    {
        var set = IndexRanges.Empty.With(5).With(7).With(6).With(0).With(ulong.MaxValue).With(7);

        Assert.Equal([(0ul, 0ul), (5, 7), (ulong.MaxValue, ulong.MaxValue)], set.Runs.Select(static run => (run.Key, run.Value)));
        Assert.All((ulong[])[0, 5, 6, 7, ulong.MaxValue], number => Assert.True(set.Contains(number)));
        Assert.All((ulong[])[1, 4, 8, ulong.MaxValue - 1], number => Assert.False(set.Contains(number)));
    }

    [Theory] // before withdrawals were renewed: a tenth of the pool, at least 100, at most 1,000 in a period
    [InlineData(50, 50)]
    [InlineData(500, 100)]
    [InlineData(5_000, 500)]
    [InlineData(50_000, 1_000)]
    public void A_tenth_may_leave(int balance, int limit) =>
        Assert.Equal(Amount.FromDash(limit), After(CreditPool.Empty, balance, height: 500).Limit);

    [Fact]
    public void Later_rules_allow_more()
    {
        Assert.Equal(Amount.FromDash(2_000), After(CreditPool.Empty, 50_000, height: 700).Limit);
        Assert.Equal(
            Amount.FromDash(4_000), CreditPool.Empty.After([], Amount.FromDash(50_000), 700, isV24: true, ChainParams.Regtest).Limit);
        Assert.Equal(Amount.FromDash(300), After(CreditPool.Empty, 300, height: 700).Limit);
    }

    [Fact]
    public void What_left_counts_for_a_period()
    {
        var pool = After(CreditPool.Empty, 5_000, height: 500);

        Assert.Equal("", pool.Check([Unlock(1, 400)], Amount.Zero, out var balance).RejectReason);
        Assert.Equal(Amount.FromDash(4_600), balance);
        var next = pool.After([Unlock(1, 400)], balance, 501, isV24: false, ChainParams.Regtest);
        Assert.Equal(Amount.FromDash(400), next.LatelyUnlocked);
        Assert.Equal(Amount.FromDash(60), next.Limit);
        Assert.Equal("failed-creditpool-unlock-too-much", next.Check([Unlock(2, 61)], Amount.Zero, out _).RejectReason);
        Assert.Equal("failed-creditpool-unlock-duplicated-index", next.Check([Unlock(1, 10)], Amount.Zero, out _).RejectReason);
        Assert.Equal(
            "failed-creditpool-unlock-duplicated-index",
            next.Check([Unlock(2, 10), Unlock(2, 11)], Amount.Zero, out _).RejectReason);

        // A hundred blocks later it is forgotten.
        for (var height = 502; height <= 501 + ChainParams.Regtest.CreditPoolPeriod; height++)
        {
            next = next.After([], balance, height, isV24: false, ChainParams.Regtest);
        }

        Assert.Equal(Amount.Zero, next.LatelyUnlocked);
        Assert.True(next.Indexes.Contains(1));
        Assert.Empty(next.Unlocked);
    }

    private static CreditPool After(CreditPool pool, int balance, int height) =>
        pool.After([], Amount.FromDash(balance), height, isV24: false, ChainParams.Regtest);

    private static Transaction Unlock(ulong index, int dash)
    {
        var payload = new AssetUnlock { Version = 1, Index = index, Fee = Amount.FromDash(1) };
        return new Transaction(
            Transaction.SpecialVersion,
            TransactionType.AssetUnlock,
            [],
            [new TxOut(Amount.FromDash(dash - 1), Script.Empty)],
            0,
            payload.ToBytes());
    }
}
