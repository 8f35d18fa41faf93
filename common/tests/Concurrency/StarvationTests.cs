using Dash.Common.Concurrency;

namespace Dash.Common.Tests.Concurrency;

public sealed class StarvationTests
{
    private readonly ManualTime _time = new();
    private readonly Starvation _starvation;

    public StarvationTests() => _starvation = new Starvation(_time);

    [Fact]
    public void Who_gets_a_fifth_of_what_is_wanted_gets_enough_and_who_gets_less_does_not()
    {
        Assert.False(_starvation.IsStarving);
        Add(ran: 40, waited: 160);
        Assert.False(_starvation.IsStarving);
        Add(ran: 39, waited: 161);
        Assert.True(_starvation.IsStarving);
    }

    [Fact]
    public void What_many_threads_got_is_taken_together_and_little_says_nothing()
    {
        Add(ran: 0, waited: 190);
        Assert.False(_starvation.IsStarving);
        Add(ran: 1, waited: 10);
        Assert.True(_starvation.IsStarving);
    }

    [Fact]
    public void It_lasts_twice_as_long_when_it_comes_again_and_not_after_a_long_time()
    {
        Assert.Equal(1, SecondsOfStarving());
        Assert.Equal(2, SecondsOfStarving());
        Assert.Equal(4, SecondsOfStarving());
        for (var i = 0; i < 10; i++)
        {
            SecondsOfStarving();
        }

        Assert.Equal(64, SecondsOfStarving());
        _time.Move(TimeSpan.FromSeconds(128));
        Assert.Equal(1, SecondsOfStarving());
    }

    [Fact]
    public void It_ends_in_time_though_too_little_is_got_meanwhile()
    {
        Add(ran: 0, waited: 200);
        _time.Move(TimeSpan.FromMilliseconds(999));
        Add(ran: 0, waited: 200);
        Assert.True(_starvation.IsStarving);
        _time.Move(TimeSpan.FromMilliseconds(1));
        Assert.False(_starvation.IsStarving);
    }

    private void Add(int ran, int waited) => _starvation.Add(TimeSpan.FromMilliseconds(ran), TimeSpan.FromMilliseconds(waited));

    private int SecondsOfStarving()
    {
        Add(ran: 0, waited: 200);
        var seconds = 0;
        while (_starvation.IsStarving)
        {
            _time.Move(TimeSpan.FromSeconds(1));
            seconds++;
        }

        return seconds;
    }
}
