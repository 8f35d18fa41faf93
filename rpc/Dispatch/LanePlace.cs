namespace Dash.Rpc.Dispatch;

/// <summary>A place in a lane, or the news that there was none. Disposing it gives the place back.</summary>
public sealed class LanePlace : IDisposable
{
    private readonly string _user;
    private readonly Lanes? _counted;
    private FairLane? _lane;

    /// <summary>A place.</summary>
    /// <param name="lane">Where; null for none.</param>
    /// <param name="user">Whose.</param>
    /// <param name="counted">Who counts the calls of users; null if nobody does.</param>
    internal LanePlace(FairLane? lane, string user, Lanes? counted)
    {
        _lane = lane;
        _user = user;
        _counted = counted;
        IsAcquired = lane is not null;
    }

    /// <summary>The call may run.</summary>
    public bool IsAcquired { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _lane, null) is { } lane)
        {
            lane.Leave(_user);
            _counted?.Leave(_user);
        }
    }
}
