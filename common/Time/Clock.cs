namespace Dash.Common.Time;

/// <summary>
/// The time of a daemon. Wall time follows <c>setmocktime</c>; timestamps and timers are always real, so timeouts, unlock
/// leases and waits never depend on mock time. Safe to use from any thread.
/// </summary>
public sealed class Clock : TimeProvider
{
    /// <summary>The last moment that can be set: the last that a block can say.</summary>
    public const long LastMockTime = uint.MaxValue;

    private readonly TimeProvider _real;
    private long _mockTime;

    /// <summary>A clock that shows the machine's time until it is given a mock time.</summary>
    public Clock()
        : this(System)
    {
    }

    /// <summary>A clock over another source of real time (tests).</summary>
    public Clock(TimeProvider real) => _real = real;

    /// <summary>The mock time in seconds since 1970, or 0 when wall time is real.</summary>
    public long MockTime => Volatile.Read(ref _mockTime);

    /// <summary>Now, in whole seconds since 1970; mock time when set.</summary>
    public long UnixSeconds => MockTime is > 0 and var mock ? mock : _real.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Now, in microseconds since 1970; mock time when set.</summary>
    public long UnixMicroseconds => (GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>The machine's time, whatever the mock time is: time stamps of log lines.</summary>
    public DateTimeOffset RealUtcNow => _real.GetUtcNow();

    /// <inheritdoc />
    public override TimeZoneInfo LocalTimeZone => _real.LocalTimeZone;

    /// <inheritdoc />
    public override long TimestampFrequency => _real.TimestampFrequency;

    /// <summary>Freezes wall time at <paramref name="unixSeconds"/>; 0 returns to real time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative or after <see cref="LastMockTime"/>.</exception>
    public void SetMockTime(long unixSeconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(unixSeconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(unixSeconds, LastMockTime);
        Volatile.Write(ref _mockTime, unixSeconds);
    }

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() =>
        MockTime is > 0 and var mock ? DateTimeOffset.FromUnixTimeSeconds(mock) : _real.GetUtcNow();

    /// <inheritdoc />
    public override long GetTimestamp() => _real.GetTimestamp();

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _real.CreateTimer(callback, state, dueTime, period);
}
