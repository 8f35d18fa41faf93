using System.Threading.RateLimiting;

namespace Dash.Rpc.Dispatch;

/// <summary>A place in a lane, or the news that there was none. Disposing it gives the place back.</summary>
public sealed class LanePlace : IDisposable
{
    private readonly RateLimitLease? _lease;
    private Action? _leave;

    internal LanePlace(RateLimitLease? lease, Action? leave)
    {
        _lease = lease;
        _leave = leave;
    }

    /// <summary>The call may run.</summary>
    public bool IsAcquired => _lease is { IsAcquired: true };

    /// <inheritdoc />
    public void Dispose()
    {
        _lease?.Dispose();
        Interlocked.Exchange(ref _leave, null)?.Invoke();
    }
}
