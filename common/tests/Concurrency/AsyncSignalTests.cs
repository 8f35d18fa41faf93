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
}
