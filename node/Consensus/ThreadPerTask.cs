using Dash.Common.Concurrency;

namespace Dash.Node.Consensus;

/// <summary>
/// Gives each task a thread of its own for as long as it runs, and lets who waits for it help. For computing of some
/// milliseconds and more, which would keep the pool's threads from answering calls and others from a core.
/// </summary>
/// <param name="name">What the threads are called.</param>
internal sealed class ThreadPerTask(string name) : TaskScheduler
{
    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => [];

    /// <inheritdoc/>
    protected override void QueueTask(Task task)
    {
        var isSpare = SpareTime.IsHere;
        Thread thread = new(() =>
        {
            ThreadTurns.AskLong();
            if (isSpare)
            {
                SpareTime.Inherit();
            }

            TryExecuteTask(task);
        })
        {
            IsBackground = true,
            Name = name,
        };
        thread.Start();
    }

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && TryExecuteTask(task);
}
