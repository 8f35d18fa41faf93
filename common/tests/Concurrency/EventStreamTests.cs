using Dash.Common.Concurrency;

namespace Dash.Common.Tests.Concurrency;

public class EventStreamTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_reader_gets_every_event_after_its_subscription_in_order()
    {
        var stream = new EventStream<string>(capacity: 4, last: 10);
        var early = stream.Subscribe();
        Assert.Equal(11UL, stream.Publish("a"));
        var late = stream.Subscribe();
        Assert.Equal(11UL, late.Position);
        stream.Publish("b");

        Assert.Equal(new StreamItem<string>(11, "a", false), await early.ReadAsync(Token));
        Assert.Equal(new StreamItem<string>(12, "b", false), await early.ReadAsync(Token));
        Assert.Equal(new StreamItem<string>(12, "b", false), await late.ReadAsync(Token));
        Assert.False(late.TryRead(out _));
    }

    [Fact]
    public async Task A_waiting_reader_is_woken()
    {
        var stream = new EventStream<int>(1);
        var waiting = stream.Subscribe().ReadAsync(Token);
        Assert.False(waiting.IsCompleted);
        stream.Publish(7);
        Assert.Equal(7, (await waiting)!.Value.Event);
    }

    [Fact]
    public void A_slow_reader_is_told_once_and_goes_on_with_what_comes_next()
    {
        var stream = new EventStream<int>(capacity: 3);
        var reader = stream.Subscribe();
        for (var i = 1; i <= 3; i++) stream.Publish(i * 10);
        Assert.True(reader.TryRead(out var first));
        Assert.Equal(new StreamItem<int>(1, 10, false), first);

        for (var i = 4; i <= 6; i++) stream.Publish(i * 10);
        Assert.True(reader.TryRead(out var lagged)); // 2 and 3 are gone
        Assert.Equal(new StreamItem<int>(6, 0, true), lagged);
        Assert.Equal(6UL, reader.Position);

        stream.Publish(70);
        Assert.True(reader.TryRead(out var next));
        Assert.Equal(new StreamItem<int>(7, 70, false), next);
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void A_reader_exactly_at_the_capacity_has_lost_nothing()
    {
        var stream = new EventStream<int>(capacity: 3);
        var reader = stream.Subscribe();
        for (var i = 1; i <= 3; i++) stream.Publish(i);
        for (var i = 1; i <= 3; i++)
        {
            Assert.True(reader.TryRead(out var item));
            Assert.Equal(new StreamItem<int>((ulong)i, i, false), item);
        }
    }

    [Fact]
    public async Task Completion_gives_what_is_left_and_then_the_end()
    {
        var stream = new EventStream<int>(2);
        var reader = stream.Subscribe();
        var waiting = stream.Subscribe();
        stream.Publish(1);
        Assert.NotNull(await waiting.ReadAsync(Token));
        var pending = waiting.ReadAsync(Token);
        stream.Complete();
        Assert.Equal(1, (await reader.ReadAsync(Token))!.Value.Event);
        Assert.Null(await reader.ReadAsync(Token));
        Assert.Null(await pending);
        Assert.Throws<InvalidOperationException>(() => stream.Publish(2));
    }

    [Fact]
    public async Task Readers_on_other_threads_see_an_unbroken_row_of_numbers()
    {
        var stream = new EventStream<ulong>(capacity: 64);
        var readers = Enumerable.Range(0, 3).Select(_ => stream.Subscribe()).Select(reader => Task.Run(
            async () =>
            {
                var position = 0UL;
                while (await reader.ReadAsync(Token) is { } item)
                {
                    Assert.True(item.IsLagged ? item.Sequence > position : item.Sequence == position + 1);
                    if (!item.IsLagged) Assert.Equal(item.Sequence, item.Event);
                    position = item.Sequence;
                }

                return position;
            },
            Token)).ToList();
        for (var i = 1UL; i <= 20_000; i++) stream.Publish(i);
        stream.Complete();
        Assert.All(await Task.WhenAll(readers), last => Assert.Equal(20_000UL, last));
    }

    [Fact]
    public void What_every_reader_has_read_is_not_kept()
    {
        EventStream<object> stream = new(capacity: 10);
        var reader = stream.Subscribe();
        var first = PublishNew(stream);
        Collect();
        Assert.True(first.IsAlive);

        Read(reader);
        PublishNew(stream);
        Collect();
        Assert.False(first.IsAlive);
        Read(reader); // what came after is there
        GC.KeepAlive(stream);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static WeakReference PublishNew(EventStream<object> to)
        {
            object item = new();
            to.Publish(item);
            return new WeakReference(item);
        }

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Read(EventStream<object>.Reader from) => Assert.True(from.TryRead(out _));

        static void Collect()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
        }
    }

    [Fact]
    public void A_reader_that_has_itself_told_hears_of_each_event_and_reads_it()
    {
        EventStream<int> stream = new(10);
        var told = 0;
        var reader = stream.Subscribe(() => told++);
        stream.Publish(7);
        stream.Publish(8);
        Assert.Equal(2, told);
        Assert.True(reader.TryRead(out var item));
        Assert.Equal(7, item.Event);
    }
}
