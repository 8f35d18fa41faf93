using Dash.Rpc.Dispatch;

namespace Dash.Rpc.Tests.Dispatch;

public sealed class FairLaneTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_free_place_goes_to_who_has_the_fewest_calls_running()
    {
        FairLane lane = new(places: 2, queue: 16);
        Assert.True(await lane.EnterAsync("greedy", Ct));
        Assert.True(await lane.EnterAsync("greedy", Ct));
        var more = Enumerable.Range(0, 3).Select(_ => lane.EnterAsync("greedy", Ct).AsTask()).ToList();
        var other = lane.EnterAsync("other", Ct).AsTask();
        Assert.Equal(4, lane.Waiting);

        lane.Leave("greedy");
        Assert.True(await other);
        Assert.All(more, static one => Assert.False(one.IsCompleted));

        // With one each, who came first is the first.
        lane.Leave("other");
        Assert.True(await more[0]);
        lane.Leave("greedy");
        Assert.True(await more[1]);
        Assert.Equal(1, lane.Waiting);
    }

    [Fact]
    public async Task In_a_full_queue_who_has_the_most_waiting_gives_up_what_came_last()
    {
        FairLane lane = new(places: 1, queue: 3);
        Assert.True(await lane.EnterAsync("greedy", Ct));
        var waiting = Enumerable.Range(0, 3).Select(_ => lane.EnterAsync("greedy", Ct).AsTask()).ToList();
        Assert.False(await lane.EnterAsync("greedy", Ct)); // his own take none of his places
        Assert.Equal(3, lane.Waiting);

        var other = lane.EnterAsync("other", Ct).AsTask();
        Assert.False(await waiting[2]);
        Assert.False(waiting[1].IsCompleted);
        Assert.False(other.IsCompleted);
        Assert.False(await lane.EnterAsync("other", Ct)); // with two each way there would be no more fairness in it
        Assert.Equal(3, lane.Waiting);
    }

    [Fact]
    public async Task A_user_who_has_nothing_running_need_not_wait_for_others_where_places_are_spare()
    {
        FairLane lane = new(places: 2, queue: 16, spare: 1);
        Assert.True(await lane.EnterAsync("greedy", Ct));
        Assert.True(await lane.EnterAsync("greedy", Ct));
        var greedy = lane.EnterAsync("greedy", Ct).AsTask();
        Assert.True(await lane.EnterAsync("second", Ct));
        var third = lane.EnterAsync("third", Ct).AsTask();
        Assert.False(third.IsCompleted);

        lane.Leave("second");
        Assert.True(await third);
        Assert.False(greedy.IsCompleted);
        lane.Leave("greedy");
        Assert.False(greedy.IsCompleted); // two run still
        lane.Leave("third");
        Assert.True(await greedy);
    }

    [Fact]
    public async Task Who_gives_up_waits_no_more_and_takes_no_place()
    {
        FairLane lane = new(places: 1, queue: 16);
        Assert.True(await lane.EnterAsync("user", Ct));
        using CancellationTokenSource patience = new();
        var waiting = lane.EnterAsync("user", patience.Token).AsTask();
        var next = lane.EnterAsync("user", Ct).AsTask();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(1, lane.Waiting);
        lane.Leave("user");
        Assert.True(await next);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lane.EnterAsync("user", patience.Token).AsTask());
    }

    [Fact]
    public async Task Without_a_queue_what_cannot_run_is_refused_at_once()
    {
        FairLane lane = new(places: 1, queue: 0);
        Assert.True(await lane.EnterAsync("user", Ct));
        Assert.False(await lane.EnterAsync("user", Ct));
        Assert.False(await lane.EnterAsync("other", Ct));
        lane.Leave("user");
        Assert.True(await lane.EnterAsync("other", Ct));
    }

    [Fact]
    public async Task As_many_run_as_may_whatever_the_order()
    {
        FairLane lane = new(places: 3, queue: 1000, spare: 2);
        var running = 0;
        var most = 0;
        await Task.WhenAll(Enumerable.Range(0, 600).Select(i => Task.Run(
            async () =>
            {
                var user = i % 7 == 0 ? "few" : "many";
                Assert.True(await lane.EnterAsync(user, Ct));
                var now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Decrement(ref running);
                lane.Leave(user);
            },
            Ct)));
        Assert.InRange(most, 1, 5);
        Assert.Equal(0, lane.Waiting);
        Assert.True(await lane.EnterAsync("many", Ct));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
