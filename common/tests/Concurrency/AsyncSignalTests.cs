using Dash.Common.Concurrency;

namespace Dash.Common.Tests.Concurrency;

public class AsyncSignalTests
{
    [Fact]
    public async Task A_signal_set_before_the_wait_is_kept_once()
    {
        var ct = TestContext.Current.CancellationToken;
        AsyncSignal signal = new();
        signal.Set();
        signal.Set();
        await signal.WaitAsync(ct);
        var second = signal.WaitAsync(ct).AsTask();
        Assert.False(second.IsCompleted);
        signal.Set();
        await second;
    }

    [Fact]
    public async Task A_wait_ends_when_its_time_is_over()
    {
        var ct = TestContext.Current.CancellationToken;
        AsyncSignal signal = new();
        await signal.WaitAsync(TimeSpan.FromMilliseconds(1), TimeProvider.System, ct);
        signal.Set();
        await signal.WaitAsync(TimeSpan.FromDays(1), TimeProvider.System, ct);
    }
}
