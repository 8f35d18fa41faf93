using Dash.Common.Concurrency;

namespace Dash.Rpc.Dispatch;

/// <summary>
/// Where a call goes on that computes much, after it had to wait for something: on a thread of its own, which lets those be answered
/// whose calls are short, and not on one of the pool's, which short work of others shares.
/// </summary>
internal sealed class LongCallContext : SynchronizationContext
{
    private const string ThreadName = "long call";

    private static readonly LongCallContext Shared = new();

    private LongCallContext()
    {
    }

    /// <summary>
    /// Begins a call on the calling thread: it goes on there as long as it has to wait for nothing. Where that thread has others to
    /// serve, on one of its own.
    /// </summary>
    public static ValueTask Begin(Func<ValueTask> call) => SharedThread.IsHere ? new(BeginElsewhereAsync(call)) : BeginHere(call);

    private static async Task BeginElsewhereAsync(Func<ValueTask> call)
    {
        Task? begun = null;
        await WorkThread.RunAsync(
            ThreadName,
            () =>
            {
                SetSynchronizationContext(Shared);
                begun = call().AsTask();
            }).ConfigureAwait(false);
        await begun!.ConfigureAwait(false); // set, or the thread's failure was thrown
    }

    private static ValueTask BeginHere(Func<ValueTask> call)
    {
        var before = Current;
        SetSynchronizationContext(Shared);
        try
        {
            using (ThreadTurns.BeginWork())
            {
                return call();
            }
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state) =>
        _ = WorkThread.RunAsync(
            ThreadName,
            () =>
            {
                SetSynchronizationContext(this);
                d(state); // keeps its failure for who awaits the call
            });

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;
}
