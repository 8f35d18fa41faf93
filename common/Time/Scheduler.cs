namespace Dash.Common.Time;

/// <summary>
/// Runs work later, by name, one piece at a time. It counts real time; <see cref="Advance"/> (<c>mockscheduler</c>) brings
/// everything closer. Scheduling may be done from any thread; the work runs inside <see cref="RunAsync"/>.
/// </summary>
public sealed class Scheduler
{
    // Longest single wait; a timer of 49 days would overflow.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly Lock _gate = new(); // protects the fields below
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private TimeSpan _advanced;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>A scheduler that counts the timestamps of <paramref name="time"/>.</summary>
    public Scheduler(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _start = time.GetTimestamp();
    }

    /// <summary>Names of what waits, soonest first, and for how long.</summary>
    public IReadOnlyList<(string Name, TimeSpan DueIn)> Waiting
    {
        get
        {
            lock (_gate) return [.. _entries.OrderBy(e => e.Value.Due).Select(e => (e.Key, e.Value.Due - Now))];
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_start) + _advanced;

    /// <summary>Runs <paramref name="work"/> once after <paramref name="delay"/>; replaces what waits under this name.</summary>
    public void Once(string name, TimeSpan delay, Func<CancellationToken, Task> work) => Set(name, delay, null, work);

    /// <summary>
    /// Runs <paramref name="work"/> again and again, first after <paramref name="interval"/>, then that long after it ended.
    /// </summary>
    public void Every(string name, TimeSpan interval, Func<CancellationToken, Task> work) => Set(name, interval, interval, work);

    /// <summary>Forgets what waits under this name.</summary>
    public void Cancel(string name)
    {
        lock (_gate) _entries.Remove(name);
    }

    /// <summary>Brings all that waits closer by <paramref name="by"/>; what becomes due runs at once.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        lock (_gate)
        {
            _advanced += by;
            Signal();
        }
    }

    /// <summary>Runs what is due until cancelled. A failure of the work ends it with that failure.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            if (TakeDue() is { } due)
            {
                await due.Work(ct).ConfigureAwait(false);
                if (due.Interval is { } interval) Repeat(due, interval);
            }
            else
            {
                await WaitAsync(ct).ConfigureAwait(false);
            }
        }
    }

    private void Set(string name, TimeSpan delay, TimeSpan? interval, Func<CancellationToken, Task> work)
    {
        lock (_gate)
        {
            _entries[name] = new(name, Now + delay, interval, work);
            Signal();
        }
    }

    private Entry? TakeDue()
    {
        lock (_gate)
        {
            if (_entries.Count == 0 || _entries.Values.MinBy(e => e.Due) is not { } next || next.Due > Now) return null;
            // A repeated entry stays while it runs, so that Cancel and a new entry under its name are seen afterwards.
            if (next.Interval is null) _entries.Remove(next.Name);
            else _entries[next.Name] = next with { Due = TimeSpan.MaxValue };
            return next;
        }
    }

    private void Repeat(Entry done, TimeSpan interval)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(done.Name, out var present) && ReferenceEquals(present.Work, done.Work) && present.Due == TimeSpan.MaxValue)
                _entries[done.Name] = done with { Due = Now + interval };
        }
    }

    private async Task WaitAsync(CancellationToken ct)
    {
        Task changed;
        TimeSpan wait;
        lock (_gate)
        {
            changed = _changed.Task;
            wait = _entries.Count == 0 ? LongestWait : _entries.Values.Min(e => e.Due) - Now;
        }

        if (wait <= TimeSpan.Zero) return;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var delay = Task.Delay(wait < LongestWait ? wait : LongestWait, _time, ended.Token);
        await Task.WhenAny(changed, delay).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>Wakes the loop; called under the gate.</summary>
    private void Signal()
    {
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Entry(string Name, TimeSpan Due, TimeSpan? Interval, Func<CancellationToken, Task> Work);
}
