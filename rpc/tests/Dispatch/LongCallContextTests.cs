using Dash.Common.Concurrency;
using Dash.Rpc.Dispatch;

namespace Dash.Rpc.Tests.Dispatch;

public sealed class LongCallContextTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_long_call_begins_elsewhere_where_the_thread_has_others_to_serve(bool isShared)
    {
        var caller = 0;
        var worker = 0;
        await await OnThreadAsync(() =>
        {
            if (isShared)
            {
                SharedThread.Enter();
            }

            caller = Environment.CurrentManagedThreadId;
            return LongCallContext.Begin(() =>
            {
                worker = Environment.CurrentManagedThreadId;
                return ValueTask.CompletedTask;
            }).AsTask();
        });

        Assert.NotEqual(0, worker);
        Assert.Equal(isShared, worker != caller);
    }

    [Fact]
    public async Task What_it_fails_with_comes_back_from_there()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(async () => await await OnThreadAsync(() =>
        {
            SharedThread.Enter();
            return LongCallContext.Begin(static () => throw new InvalidOperationException("too long")).AsTask();
        }));
        Assert.Equal("too long", failure.Message);
    }

    // On a thread of its own: what it is marked as ends with it.
    private static Task<Task> OnThreadAsync(Func<Task> call)
    {
        TaskCompletionSource<Task> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                done.SetResult(call());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }).Start();
        return done.Task;
    }
}
