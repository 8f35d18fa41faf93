using System.Collections.Concurrent;
using Dash.Rpc.Methods;

namespace Dash.Rpc.Dispatch;

/// <summary>
/// Bounded queues in front of the dispatcher: so many calls run, so many wait, more are refused; users share them fairly. Calls of
/// <c>-rpcexternaluser</c> users, control calls and each kind of what only waits have lanes of their own, so that none of them
/// keeps the others from being served. Any thread.
/// </summary>
public sealed class Lanes
{
    private readonly FairLane _normal;
    private readonly FairLane _control;
    private readonly FairLane _waiting;
    private readonly FairLane _rescans;
    private readonly FairLane _loads;
    private readonly FairLane _streams;
    private readonly FairLane _heavy;
    private readonly FairLane _external;
    private readonly HashSet<string> _externalUsers;
    private readonly int _userLimit;
    private readonly ConcurrentDictionary<string, int> _byUser = new(StringComparer.Ordinal);
    private readonly bool _isShort;
    private readonly int _queue;
    private int _arriving;
    private long _refused;

    /// <summary>Makes the lanes.</summary>
    /// <param name="threads">Calls that run at a time (<c>-rpcthreads</c>), at least 1.</param>
    /// <param name="queue">Calls that wait (<c>-rpcworkqueue</c>), at least 1.</param>
    /// <param name="externalUsers">Users with a lane of their own.</param>
    /// <param name="externalQueue">Calls that wait in that lane.</param>
    /// <param name="userLimit">Calls of one user that run or wait; 0 for any number.</param>
    /// <param name="limits">Of what only waits.</param>
    public Lanes(
        int threads, int queue, IEnumerable<string>? externalUsers = null, int externalQueue = 1, int userLimit = 0, LaneLimits? limits = null)
    {
        limits ??= new LaneLimits();
        _userLimit = userLimit;
        queue = Math.Max(queue, 1);
        _queue = queue;
        _isShort = queue <= threads;
        _heavy = new(Math.Min(threads, Environment.ProcessorCount) / 2, queue);
        _normal = new(threads, queue, spare: threads); // a user whose calls are short never waits for another one's that are long
        _control = new(threads, queue);
        _waiting = new(limits.Waits, queue);
        _rescans = new(limits.Rescans, queue);
        _loads = new(limits.Loads, queue);

        // Streams end when their clients like: a place to wait for one would be a place to wait for ever.
        _streams = new(limits.Streams, 0);
        _external = new(threads, Math.Max(externalQueue, 1));
        _externalUsers = new(externalUsers ?? [], StringComparer.Ordinal);
    }

    /// <summary>True for a user of <c>-rpcexternaluser</c>.</summary>
    public bool IsExternal(string user) => _externalUsers.Contains(user);

    /// <summary>Calls that wait in all lanes.</summary>
    public long Waiting => All.Sum(static lane => lane.Waiting);

    private FairLane[] All => [_normal, _control, _waiting, _rescans, _loads, _streams, _heavy, _external];

    /// <summary>Calls that found no place.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>
    /// Waits for a place; disposing the lease gives it back. A lease that was not acquired means the queue is full.
    /// </summary>
    /// <remarks>
    /// In Core a call waits until a worker took it up, also when one is idle. A queue no longer than there are workers is meant
    /// to be felt, so there it is the same; with longer ones the change of threads would only cost time.
    /// </remarks>
    public async ValueTask<LanePlace> EnterAsync(RpcLane lane, string user, CancellationToken ct)
    {
        if (_isShort && !IsExternal(user))
        {
            try
            {
                if (Interlocked.Increment(ref _arriving) > _queue)
                {
                    return Refuse(user);
                }

                await Task.Yield();
            }
            finally
            {
                Interlocked.Decrement(ref _arriving);
            }
        }

        var isCounted = _userLimit > 0 && lane != RpcLane.Control;
        if (isCounted && _byUser.AddOrUpdate(user, 1, static (_, count) => count + 1) > _userLimit)
        {
            Leave(user);
            return Refuse(user);
        }

        var place = LaneOf(lane, user);
        var isLet = false;
        try
        {
            isLet = await place.EnterAsync(user, ct);
            return isLet ? new LanePlace(place, user, isCounted ? this : null) : Refuse(user);
        }
        finally
        {
            if (isCounted && !isLet)
            {
                Leave(user);
            }
        }
    }

    /// <summary>A counted call has ended.</summary>
    internal void Leave(string user) => _byUser.AddOrUpdate(user, 0, static (_, count) => count - 1);

    private LanePlace Refuse(string user)
    {
        Interlocked.Increment(ref _refused);
        return new LanePlace(null, user, null);
    }

    private FairLane LaneOf(RpcLane lane, string user) =>
        (IsExternal(user), lane) switch
        {
            (_, RpcLane.Stream) => _streams,
            (true, _) => _external,
            (_, RpcLane.Control) => _control,
            (_, RpcLane.Waiting) => _waiting,
            (_, RpcLane.Rescan) => _rescans,
            (_, RpcLane.Load) => _loads,
            (_, RpcLane.Heavy) => _heavy,
            _ => _normal,
        };
}
