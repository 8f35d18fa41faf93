using Dash.Common.Concurrency;

namespace Dash.Common.Tests.Concurrency;

public class ThreadSignalTests
{
    [Fact]
    public void A_signal_set_before_the_wait_is_kept_once()
    {
        ThreadSignal signal = new();
        signal.Set();
        signal.Set();
        Assert.True(signal.Wait(TimeSpan.FromDays(1)));
        Assert.False(signal.Wait(TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public async Task A_thread_that_waits_goes_on_when_it_is_set()
    {
        ThreadSignal signal = new();
        var waiting = WorkThread.RunAsync("waits", () => Assert.True(signal.Wait(Timeout.InfiniteTimeSpan)));
        signal.Set();
        await waiting;
    }
}
