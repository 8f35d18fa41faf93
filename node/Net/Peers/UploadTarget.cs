using Dash.Common.Time;

namespace Dash.Node.Net.Peers;

/// <summary>How much shall be sent in a day (<c>-maxuploadtarget</c>). The day follows the mock time. Any thread.</summary>
/// <param name="limit">Bytes; 0 for no limit.</param>
/// <param name="clock">The time.</param>
internal sealed class UploadTarget(long limit, Clock clock)
{
    /// <summary>Seconds over which it is counted.</summary>
    public const long CycleSeconds = 24 * 60 * 60;

    // For each ten minutes that are left room is kept for a block of the greatest size, so that new ones can be relayed.
    private const long ReserveInterval = 10 * 60;
    private const long MaxBlockSize = 2_000_000;

    private readonly Lock _gate = new(); // protects the fields below
    private long _start;
    private long _sent;

    /// <summary>Bytes; 0 for no limit.</summary>
    public long Limit => limit;

    /// <summary>Bytes that are left.</summary>
    public long BytesLeft
    {
        get
        {
            lock (_gate)
            {
                return limit == 0 ? 0 : Math.Max(0, limit - _sent);
            }
        }
    }

    /// <summary>Seconds that are left.</summary>
    public long SecondsLeft
    {
        get
        {
            lock (_gate)
            {
                return limit == 0 ? 0 : _start == 0 ? CycleSeconds : Math.Max(0, _start + CycleSeconds - clock.UnixSeconds);
            }
        }
    }

    /// <summary>Counts bytes sent.</summary>
    public void Add(int bytes)
    {
        lock (_gate)
        {
            var now = clock.UnixSeconds;
            if (_start + CycleSeconds < now)
            {
                _start = now;
                _sent = 0;
            }

            _sent += bytes;
        }
    }

    /// <summary>Whether it is reached; for a historical block it is so earlier.</summary>
    public bool IsReached(bool forHistoricalBlock)
    {
        if (limit == 0)
        {
            return false;
        }

        var reserve = forHistoricalBlock ? SecondsLeft / ReserveInterval * MaxBlockSize : 0;
        return BytesLeft <= reserve;
    }
}
