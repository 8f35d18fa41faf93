using System.Threading.Channels;
using Dash.Common.Time;

namespace Dash.Common.Tests.Time;

public sealed class SchedulerTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly Channel<string> _done = Channel.CreateUnbounded<string>();
    private readonly CancellationTokenSource _cancel = new();
    private readonly Scheduler _scheduler;
    private readonly Task _running;

    public SchedulerTests()
    {
        _scheduler = new Scheduler(_time);
        _running = _scheduler.RunAsync(_cancel.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _cancel.CancelAsync();
        await _running;
        _cancel.Dispose();
    }

    [Fact]
    public async Task Work_runs_when_its_time_has_come_soonest_first()
    {
        _scheduler.Once("late", TimeSpan.FromMinutes(2), Note("late"));
        _scheduler.Once("soon", TimeSpan.FromMinutes(1), Note("soon"));
        Assert.Equal([("soon", TimeSpan.FromMinutes(1)), ("late", TimeSpan.FromMinutes(2))], _scheduler.Waiting);
        Assert.False(_done.Reader.TryRead(out _));

        _scheduler.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("soon", await Next());
        Assert.Equal([("late", TimeSpan.FromMinutes(1))], _scheduler.Waiting);
        _scheduler.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("late", await Next());
    }

    [Fact]
    public async Task Real_time_makes_work_due_as_well()
    {
        var token = TestContext.Current.CancellationToken;
        _scheduler.Once("a", TimeSpan.FromSeconds(5), Note("a"));
        // The loop may still be on its way to its timer: move until it has fired.
        while (!_done.Reader.TryPeek(out _))
        {
            _time.Move(TimeSpan.FromSeconds(5));
            await Task.Yield();
            token.ThrowIfCancellationRequested();
        }

        Assert.Equal("a", await Next());
    }

    [Fact]
    public async Task Repeated_work_waits_its_interval_after_each_run()
    {
        _scheduler.Every("tick", TimeSpan.FromMinutes(10), Note("tick"));
        _scheduler.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("tick", await Next());
        _scheduler.Once("mark", TimeSpan.Zero, Note("mark"));
        Assert.Equal("mark", await Next());
        Assert.Equal([("tick", TimeSpan.FromMinutes(10))], _scheduler.Waiting);
        _scheduler.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("tick", await Next());
    }

    [Fact]
    public async Task A_name_waits_once_and_can_be_cancelled()
    {
        _scheduler.Once("x", TimeSpan.FromMinutes(1), Note("first"));
        _scheduler.Once("x", TimeSpan.FromMinutes(1), Note("second"));
        _scheduler.Once("y", TimeSpan.FromSeconds(30), Note("y"));
        _scheduler.Cancel("y");
        _scheduler.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("second", await Next());
        Assert.Empty(_scheduler.Waiting);
    }

    [Fact]
    public async Task A_failure_of_the_work_ends_the_loop_with_it()
    {
        var scheduler = new Scheduler(_time);
        scheduler.Once("bad", TimeSpan.Zero, _ => throw new InvalidOperationException("broken"));
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => scheduler.RunAsync(_cancel.Token));
        Assert.Equal("broken", e.Message);
    }

    private Func<CancellationToken, Task> Note(string text) => _ =>
    {
        _done.Writer.TryWrite(text);
        return Task.CompletedTask;
    };

    private ValueTask<string> Next() => _done.Reader.ReadAsync(TestContext.Current.CancellationToken);
}
