using Dash.Common.Concurrency;

namespace Dash.Common.Tests.Concurrency;

public class SerialQueueTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Work_runs_one_after_the_other_in_the_order_posted()
    {
        var queue = new SerialQueue(100);
        List<int> order = [];
        var posted = Enumerable.Range(0, 50).Select(i => queue.PostAsync(
            async _ =>
            {
                await Task.Yield();
                order.Add(i);
            },
            Token)).ToList();
        queue.Complete();
        await queue.RunAsync("test", Token);
        await Task.WhenAll(posted);
        Assert.Equal(Enumerable.Range(0, 50), order);
    }

    [Fact]
    public async Task Results_and_failures_go_to_the_poster_and_the_queue_goes_on()
    {
        var queue = new SerialQueue(10);
        var bad = queue.PostAsync<int>(_ => throw new InvalidOperationException("broken"), Token);
        var good = queue.PostAsync(_ => ValueTask.FromResult(5), Token);
        queue.Complete();
        await queue.RunAsync("test", Token);
        Assert.Equal("broken", (await Assert.ThrowsAsync<InvalidOperationException>(() => bad)).Message);
        Assert.Equal(5, await good);
    }

    [Fact]
    public async Task Work_whose_poster_gave_up_is_not_begun()
    {
        var queue = new SerialQueue(10);
        using var gaveUp = new CancellationTokenSource();
        var ran = false;
        var posted = queue.PostAsync(_ => { ran = true; return ValueTask.CompletedTask; }, gaveUp.Token);
        await gaveUp.CancelAsync();
        queue.Complete();
        await queue.RunAsync("test", Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => posted);
        Assert.False(ran);
    }

    [Fact]
    public async Task What_still_waits_when_the_queue_ends_is_cancelled()
    {
        var queue = new SerialQueue(10);
        using var end = new CancellationTokenSource();
        var first = queue.PostAsync(async ct => await end.CancelAsync(), Token);
        var second = queue.PostAsync(_ => ValueTask.CompletedTask, Token);
        await queue.RunAsync("test", end.Token);
        await first;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queue.PostAsync(_ => ValueTask.CompletedTask, Token));
    }

    [Fact]
    public async Task A_thread_that_may_wait_goes_on_itself_with_the_result()
    {
        var queue = new SerialQueue(10);
        using var end = new CancellationTokenSource();
        var running = queue.RunAsync("queue", end.Token);
        var (before, after, result) = (0, 1, 0);
        await WorkThread.RunAsync(
            "poster",
            () =>
            {
                before = Environment.CurrentManagedThreadId;
                var posted = Posting();
                Assert.True(posted.IsCompletedSuccessfully);
            });
        Assert.Equal((before, 5), (after, result));
        await end.CancelAsync();
        await running;

        async Task Posting()
        {
            result = await queue.PostAsync(
                async _ =>
                {
                    await Task.Yield();
                    return 5;
                },
                Token).ConfigureAwait(false);
            after = Environment.CurrentManagedThreadId;
        }
    }

    [Fact]
    public async Task A_thread_that_waits_for_a_piece_hears_that_the_queue_has_ended()
    {
        var queue = new SerialQueue(10);
        using var end = new CancellationTokenSource();
        var poster = WorkThread.RunAsync(
            "poster",
            () => Assert.ThrowsAny<OperationCanceledException>(() => queue.PostAsync(_ => ValueTask.CompletedTask, Token).GetAwaiter().GetResult()));
        while (queue.Count == 0)
        {
            await Task.Yield();
        }

        await end.CancelAsync();
        await queue.RunAsync("queue", end.Token);
        await poster;
    }

    [Fact]
    public async Task Who_waits_for_room_hears_that_the_queue_has_ended()
    {
        var queue = new SerialQueue(1);
        var posted = Enumerable.Range(0, 5).Select(_ => queue.PostAsync(_ => ValueTask.FromResult(1), Token)).ToList();
        queue.Complete();
        await queue.RunAsync("queue", Token);
        Assert.Equal(1, await posted[0]);
        foreach (var late in posted[1..])
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => late);
        }
    }

    [Fact]
    public async Task A_thread_that_may_wait_does_its_work_itself_while_nobody_elses_is_in_line()
    {
        var queue = new SerialQueue(10);
        using var end = new CancellationTokenSource();
        var running = queue.RunAsync("queue", end.Token);
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var own = WorkThread.RunAsync(
            "poster",
            () =>
            {
                var here = Environment.CurrentManagedThreadId;
                queue.PostAsync(_ => ValueTask.CompletedTask, Token).GetAwaiter().GetResult(); // it runs, and is done with this one
                queue.PostAsync(
                    async _ =>
                    {
                        begun.SetResult();
                        Assert.Equal(here, Environment.CurrentManagedThreadId);
                        await go.Task;
                    },
                    Token).GetAwaiter().GetResult();
            });
        await begun.Task;
        var other = queue.PostAsync(_ => ValueTask.FromResult(go.Task.IsCompleted), Token);
        await end.CancelAsync();
        Assert.False(running.IsCompleted); // not before the work under way has ended
        go.SetResult();
        await own;
        await running;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => other);
    }

    [Fact]
    public async Task A_piece_may_post_another_one_without_waiting_for_it()
    {
        var queue = new SerialQueue(10);
        var running = queue.RunAsync("queue", Token);
        Task<int>? inner = null;
        await WorkThread.RunAsync(
            "poster",
            () =>
            {
                for (var i = 0; i < 2; i++) // by the queue's thread or by this one
                {
                    queue.PostAsync(
                        _ =>
                        {
                            inner = queue.PostAsync(_ => ValueTask.FromResult(5), Token);
                            return ValueTask.CompletedTask;
                        },
                        Token).GetAwaiter().GetResult();
                }
            });
        Assert.Equal(5, await inner!);
        queue.Complete();
        await running;
    }

    [Fact]
    public async Task No_two_pieces_run_at_the_same_time_whoever_posts_them()
    {
        const int Each = 2000;
        var queue = new SerialQueue(4);
        var running = queue.RunAsync("queue", Token);
        var (inside, sum) = (0, 0);
        ValueTask Work(CancellationToken ct)
        {
            Assert.Equal(1, Interlocked.Increment(ref inside));
            sum++;
            Interlocked.Decrement(ref inside);
            return ValueTask.CompletedTask;
        }

        var posters = Enumerable.Range(0, 3).Select(_ => WorkThread.RunAsync("poster", () =>
        {
            for (var i = 0; i < Each; i++)
            {
                queue.PostAsync(Work, Token).GetAwaiter().GetResult();
            }
        })).Append(Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                await queue.PostAsync(Work, Token);
            }
        }, Token));
        await Task.WhenAll(posters);
        queue.Complete();
        await running;
        Assert.Equal(4 * Each, sum);
    }
}
