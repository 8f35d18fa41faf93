using Dash.WalletServer.Keys;

namespace Dash.WalletServer.Tests;

public sealed class KeysAheadTests
{
    private readonly KeysAhead _ahead = new();

    [Fact]
    public void Who_asks_at_the_same_time_gets_different_indexes_behind_the_end()
    {
        var taken = new int[KeysAhead.Most];
        Parallel.For(0, taken.Length, i => taken[i] = _ahead.Next(1000));
        Assert.Equal(Enumerable.Range(1000, KeysAhead.Most), taken.Order());
    }

    [Fact]
    public void It_goes_on_where_the_end_has_come_nearer()
    {
        Assert.Equal(1000, _ahead.Next(1000));
        Assert.Equal(1001, _ahead.Next(1000));
        Assert.Equal(1002, _ahead.Next(1001));
    }

    [Fact]
    public void It_begins_anew_where_the_end_has_passed_it()
    {
        Assert.Equal(1000, _ahead.Next(1000));
        Assert.Equal(1500, _ahead.Next(1500));
    }

    [Fact]
    public void It_begins_anew_where_it_is_too_far()
    {
        for (var i = 0; i < KeysAhead.Most; i++)
        {
            _ahead.Next(1000);
        }

        Assert.Equal(1000, _ahead.Next(1000));
    }
}
