using System.Collections.Concurrent;
using Dash.Node.Consensus;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Tests.Consensus;

public class ScriptChecksTests
{
    private static readonly Coin Any = new(new TxOut(Amount.OneDash, Script.Empty), Height: 1, IsCoinBase: false);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 3)]
    [InlineData(7, 2)]
    [InlineData(8, 1)]
    [InlineData(500, 1)]
    [InlineData(501, 0)]
    [InlineData(2_003, 3)]
    public void Every_input_is_checked_once(int transactions, int workers)
    {
        ConcurrentBag<(uint LockTime, int Input)> seen = [];
        using ScriptChecks checks = new(transactions * 3, workers, TaskScheduler.Default, (transaction, input, _) =>
        {
            seen.Add((transaction.LockTime, input));
            return true;
        });
        for (var i = 0; i < transactions; i++)
        {
            checks.Add(Make((uint)i), [Any, Any, Any]);
        }

        Assert.True(checks.Finish());
        Assert.Equal(transactions * 3, seen.Count);
        Assert.Equal(transactions * 3, seen.Distinct().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(250)]
    [InlineData(499)]
    public void One_bad_input_fails_all(int bad)
    {
        using ScriptChecks checks = new(500, workers: 2, TaskScheduler.Default, (transaction, _, _) => transaction.LockTime != bad);
        for (var i = 0; i < 500; i++)
        {
            checks.Add(Make((uint)i), [Any]);
        }

        Assert.False(checks.Finish());
    }

    [Fact]
    public void Checks_that_are_given_up_end()
    {
        ScriptChecks checks = new(1_000, workers: 3, TaskScheduler.Default, static (_, _, _) => true);
        for (var i = 0; i < 100; i++)
        {
            checks.Add(Make((uint)i), [Any]);
        }

        checks.Dispose(); // returns only when the workers have ended
    }

    private static Transaction Make(uint lockTime) => new([], [], lockTime);
}
