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

    /// <summary>Begins a call on the calling thread: it goes on there as long as it has to wait for nothing.</summary>
    public static ValueTask Begin(Func<ValueTask> call)
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
