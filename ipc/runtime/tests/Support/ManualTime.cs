namespace Dash.Ipc.Tests.Support;

/// <summary>Time that goes by when it is told to.</summary>
internal sealed class ManualTime : TimeProvider
{
    // Protects the two below.
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _now.Ticks;
        }
    }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + TimeSpan.FromTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ManualTimer timer = new(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    /// <summary>Lets time go by; what is due happens before this returns, but not what comes of it.</summary>
    internal void Advance(TimeSpan by)
    {
        List<Action> due = [];
        lock (_gate)
        {
            _now += by;
            foreach (var timer in _timers)
            {
                timer.Collect(_now, due);
            }
        }

        due.ForEach(action => action());
    }

    private sealed class ManualTimer(ManualTime time, Action callback) : ITimer
    {
        private TimeSpan? _next;
        private TimeSpan _period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                _next = dueTime == Timeout.InfiniteTimeSpan ? null : time._now + dueTime;
                _period = period;
            }

            return true;
        }

        internal void Collect(TimeSpan now, List<Action> due)
        {
            while (_next <= now)
            {
                due.Add(callback);
                _next = _period > TimeSpan.Zero ? _next + _period : null;
            }
        }

        public void Dispose()
        {
            lock (time._gate)
            {
                _next = null;
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
