using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Dash.Rpc.Methods;

namespace Dash.Rpc.Dispatch;

/// <summary>
/// Bounded queues in front of the dispatcher: so many calls run, so many wait, more are refused. Calls of
/// <c>-rpcexternaluser</c> users, control calls and each kind of what only waits have lanes of their own, so that none of them
/// keeps the others from being served. Any thread.
/// </summary>
public sealed class Lanes : IDisposable
{
    private readonly ConcurrencyLimiter _normal;
    private readonly ConcurrencyLimiter _control;
    private readonly ConcurrencyLimiter _waiting;
    private readonly ConcurrencyLimiter _rescans;
    private readonly ConcurrencyLimiter _loads;
    private readonly ConcurrencyLimiter _streams;
    private readonly ConcurrencyLimiter _heavy;
    private readonly ConcurrencyLimiter _external;
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
        _heavy = Lane(Math.Max(1, Math.Min(threads, Environment.ProcessorCount) / 2), queue);
        _normal = Lane(threads, queue);
        _control = Lane(threads, queue);
        _waiting = Lane(limits.Waits, queue);
        _rescans = Lane(limits.Rescans, queue);
        _loads = Lane(limits.Loads, queue);

        // Streams end when their clients like: a place to wait for one would be a place to wait for ever.
        _streams = Lane(limits.Streams, 0);
        _external = Lane(threads, Math.Max(externalQueue, 1));
        _externalUsers = new(externalUsers ?? [], StringComparer.Ordinal);
    }

    /// <summary>True for a user of <c>-rpcexternaluser</c>.</summary>
    public bool IsExternal(string user) => _externalUsers.Contains(user);

    /// <summary>Calls that wait in all lanes.</summary>
    public long Waiting => All.Sum(lane => lane.GetStatistics()?.CurrentQueuedCount ?? 0);

    private ConcurrencyLimiter[] All => [_normal, _control, _waiting, _rescans, _loads, _streams, _heavy, _external];

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
                    Interlocked.Increment(ref _refused);
                    return new LanePlace(null, null);
                }

                await Task.Yield();
            }
            finally
            {
                Interlocked.Decrement(ref _arriving);
            }
        }

        if (_userLimit > 0 && lane != RpcLane.Control && _byUser.AddOrUpdate(user, 1, static (_, count) => count + 1) > _userLimit)
        {
            Leave(user);
            Interlocked.Increment(ref _refused);
            return new LanePlace(null, null);
        }

        var isCounted = _userLimit > 0 && lane != RpcLane.Control;
        try
        {
            var lease = await LimiterOf(lane, user).AcquireAsync(1, ct);
            if (!lease.IsAcquired)
            {
                Interlocked.Increment(ref _refused);
            }

            var place = new LanePlace(lease, isCounted ? () => Leave(user) : null);
            isCounted = false;
            return place;
        }
        finally
        {
            if (isCounted)
            {
                Leave(user);
            }
        }
    }

    private ConcurrencyLimiter LimiterOf(RpcLane lane, string user) =>
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

    private void Leave(string user) => _byUser.AddOrUpdate(user, 0, static (_, count) => count - 1);

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var lane in All)
        {
            lane.Dispose();
        }
    }

    private static ConcurrencyLimiter Lane(int threads, int queue) => new(new ConcurrencyLimiterOptions
    {
        PermitLimit = Math.Max(threads, 1),
        QueueLimit = queue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });
}
