namespace Dash.Rpc.Dispatch;

/// <summary>The calls under way, for <c>getrpcinfo</c>. Any thread.</summary>
/// <param name="time">For the durations.</param>
public sealed class ActiveCommands(TimeProvider time)
{
    // Guards _running; held for an insertion, a removal or a copy.
    private readonly Lock _lock = new();
    private readonly LinkedList<(string Method, long Start)> _running = [];

    /// <summary>Names and running times, oldest first.</summary>
    public IReadOnlyList<(string Method, TimeSpan Duration)> List()
    {
        lock (_lock)
        {
            return [.. _running.Select(call => (call.Method, time.GetElapsedTime(call.Start)))];
        }
    }

    /// <summary>How many are under way.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _running.Count;
            }
        }
    }

    /// <summary>A call begins; it ends when the result is disposed.</summary>
    public IDisposable Begin(string method)
    {
        lock (_lock)
        {
            return new Running(this, _running.AddLast((method, time.GetTimestamp())));
        }
    }

    private sealed class Running(ActiveCommands owner, LinkedListNode<(string Method, long Start)> node) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._lock)
            {
                owner._running.Remove(node);
            }
        }
    }
}
