using Dash.Ipc.Connections;

namespace Dash.Ipc.Multiprocess;

/// <summary>
/// An order in which calls are executed: what libmultiprocess calls a thread. It costs a queue, not a thread of the
/// system.
/// </summary>
/// <param name="overlapping">
/// False: a call starts when the one before has ended. True: calls start in order and don't wait for each other,
/// which is
/// what a callback needs: it runs while the call above it waits for it.
/// </param>
internal sealed class Lane(bool overlapping) : IThreadPoolWorkItem
{
    // Protects the two below.
    private readonly Lock _gate = new();
    private readonly Queue<Func<Task>> _waiting = new();
    private bool _running;

    /// <summary>Calls that wait for their turn.</summary>
    internal int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count + (_running ? 1 : 0);
            }
        }
    }

    /// <summary>Puts a call in line. It must not throw. Never blocks, never runs the call itself.</summary>
    internal void Post(Func<Task> call)
    {
        lock (_gate)
        {
            _waiting.Enqueue(call);
            if (_running)
            {
                return;
            }

            _running = true;
        }

        Reception.Post(this);
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync(); // ends when nothing waits; calls report their own failures

    private async Task RunAsync()
    {
        while (TryTake(out var call))
        {
            var ended = call();
            if (!overlapping)
            {
                await ended.ConfigureAwait(false);
            }
        }
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Func<Task>? call)
    {
        lock (_gate)
        {
            _running = _waiting.TryDequeue(out call);
            return _running;
        }
    }
}
