using System.Buffers.Binary;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Spending;

namespace Dash.WalletServer.Tests;

public sealed class NarrowingTests
{
    private const int InputSize = 147;

    [Fact]
    public void Scripts_are_kept_or_left_out_as_a_whole_and_only_those_that_a_smaller_kept_coin_replaces()
    {
        var hasNarrowed = false;
        for (var seed = 1; seed <= 60; seed++)
        {
            var random = new Random(seed);
            var coins = Coins(random, count: 400, scripts: random.Next(50, 400));
            var goal = Goal(new Amount(random.Next(1_000, 3_000_000)), isGrouped: true);
            var bound = goal.Target + goal.ChangeFee + goal.ChangeTarget;
            var kept = Narrowing.Of(coins, goal, CoinControl.Default, []).ToHashSet();
            hasNarrowed |= kept.Count < coins.Count;
            var alone = coins.GroupBy(coin => coin.Coin.Script).Where(group => group.Count() == 1).SelectMany(group => group)
                .Where(coin => kept.Contains(coin) && coin.Depth >= 6 && Worth(coin, goal) >= bound)
                .Select(coin => Worth(coin, goal)).Order().FirstOrDefault(Amount.MaxMoney);
            foreach (var script in coins.GroupBy(coin => coin.Coin.Script))
            {
                Assert.Single(script.Select(kept.Contains).Distinct());
                if (!kept.Contains(script.First()))
                {
                    Assert.All(script, coin => Assert.True(coin.Depth >= 6 && Worth(coin, goal) > alone));
                }
            }
        }

        Assert.True(hasNarrowed);
    }

    [Fact]
    public void One_by_one_what_is_below_the_target_or_unsure_stays_and_of_the_rest_the_smallest()
    {
        var coins = Coins(new Random(3), count: 400, scripts: 400);
        var goal = Goal(new Amount(1_000_000), isGrouped: false);
        var bound = goal.Target + goal.ChangeFee + goal.ChangeTarget;
        var kept = Narrowing.Of(coins, goal, CoinControl.Default, []).ToHashSet();
        var large = coins.Where(coin => coin.Depth >= 6 && Worth(coin, goal) >= bound).ToList();
        Assert.Equal(coins.Except(large), coins.Where(kept.Contains).Except(large));
        Assert.Equal(large.Min(coin => Worth(coin, goal)), Worth(Assert.Single(large, coin => kept.Contains(coin)), goal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_thousands_that_reach_the_target_together_the_largest_and_some_others_stay(bool isGrouped)
    {
        var coins = Coins(new Random(7), count: 20_000, scripts: 20_000);
        var goal = Goal(new Amount(1_000_000_000), isGrouped);
        var kept = Narrowing.Of(coins, goal, CoinControl.Default, []);
        Assert.InRange(kept.Count, 1_400, 6_000);
        Assert.Empty(coins.Where(coin => coin.Depth < 6).Except(kept));
        Assert.Empty(coins.Where(coin => coin.Depth >= 6).OrderByDescending(coin => Worth(coin, goal)).Take(600).Except(kept));
        if (isGrouped)
        {
            var stays = kept.ToHashSet();
            Assert.All(coins.GroupBy(coin => coin.Coin.Script), script => Assert.Single(script.Select(stays.Contains).Distinct()));
        }

        // So much needs most of them: none is left out.
        var all = goal with { Target = new Amount(coins.Sum(coin => Worth(coin, goal).Duffs) * 2 / 3) };
        Assert.Equal(coins.Count, Narrowing.Of(coins, all, CoinControl.Default, []).Count);
    }

    [Fact]
    public void Large_coins_on_one_script_with_others_do_not_keep_thousands_of_small_ones()
    {
        var coins = Coins(new Random(9), count: 20_000, scripts: 20_000);
        for (var i = 0; i < 8; i++)
        {
            coins.Add(CoinOf(50_000 + i, 50_000, new Amount((i + 1) * 400_000_000L), depth: 50));
        }

        var kept = Narrowing.Of(coins, Goal(new Amount(1_000_000_000), isGrouped: true), CoinControl.Default, []);
        Assert.InRange(kept.Count, 1_400, 6_000);
        Assert.Empty(coins.TakeLast(8).Except(kept));
        var stays = kept.ToHashSet();
        Assert.All(coins.GroupBy(coin => coin.Coin.Script), script => Assert.Single(script.Select(stays.Contains).Distinct()));
    }

    [Fact]
    public void A_coin_that_costs_more_than_it_is_worth_keeps_all_scripts()
    {
        var coins = Coins(new Random(5), count: 300, scripts: 100);
        coins.Add(CoinOf(9_999, 7, new Amount(10), depth: 10));
        Assert.Same(coins, Narrowing.Of(coins, Goal(new Amount(1_000), isGrouped: true), CoinControl.Default, []));
    }

    private static List<AvailableCoin> Coins(Random random, int count, int scripts)
    {
        var coins = new List<AvailableCoin>();
        for (var i = 0; i < count; i++)
        {
            coins.Add(CoinOf(i, random.Next(scripts), new Amount(10_000 + random.Next(5_000_000)), random.Next(12) == 0 ? 2 : 50));
        }

        return coins;
    }

    private static AvailableCoin CoinOf(int number, int script, Amount value, int depth)
    {
        var id = new byte[Uint256.Size];
        BinaryPrimitives.WriteInt32LittleEndian(id, number + 1);
        byte[] bytes = [0x76, 0xa9, 20, .. new byte[20], 0x88, 0xac];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(3), script);
        Coin coin = new(new OutPoint(new Txid(id), 0), value, new Script(bytes), 100, false, false, 0);
        return new AvailableCoin(coin, depth, InputSize, IsSafe: true);
    }

    private static SelectionGoal Goal(Amount target, bool isGrouped) =>
        new(target, new FeeRate(1_000), new Amount(34), new Amount(60_000), SubtractFee: false, AvoidPartialSpends: isGrouped);

    private static Amount Worth(AvailableCoin coin, SelectionGoal goal) => coin.EffectiveValue(goal.FeeRate);
}
