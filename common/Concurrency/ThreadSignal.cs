namespace Dash.Common.Concurrency;

/// <summary>
/// Wakes a thread that waits for it, without another thread between them. Set while nobody waits, it is kept for the next; set
/// several times, it is kept once. Setting is for any thread and returns at once; waiting is for one thread that may.
/// </summary>
public sealed class ThreadSignal
{
    private readonly object _gate = new(); // protects the flag; who waits, waits on it
    private bool _isSet;

    /// <summary>Wakes the waiter, or the next one.</summary>
    public void Set()
    {
        lock (_gate)
        {
            if (!_isSet)
            {
                _isSet = true;
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>Waits until it is set, or for a while.</summary>
    /// <returns>Whether it was set.</returns>
    public bool Wait(TimeSpan atMost)
    {
        lock (_gate)
        {
            if (!_isSet)
            {
                Monitor.Wait(_gate, atMost);
            }

            var wasSet = _isSet;
            _isSet = false;
            return wasSet;
        }
    }
}
