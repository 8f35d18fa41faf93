using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Dash.Ipc.Capabilities;

namespace Dash.Ipc.Multiprocess;

/// <summary>
/// The lanes this process has at the peer. Each call in flight has one of its own, so calls never wait for each other
/// and
/// even peers that allow one call a thread are safe; a lane is used again and again.
/// </summary>
[SuppressMessage(
    "Reliability", "CA1001:Types that own disposable fields should be disposable",
    Justification = "A semaphore whose wait handle is never asked for holds nothing.")]
internal sealed class LanePool(ProxyConnection connection, string processName, int maxLanes)
{
    private readonly SemaphoreSlim _room = new(maxLanes);
    private readonly ConcurrentStack<RemoteLane> _idle = new();
    private int _made;

    /// <summary>Lanes made so far.</summary>
    internal int Made => Volatile.Read(ref _made);

    /// <summary>A lane for one call; waits while all are in use.</summary>
    internal async ValueTask<RemoteLane> RentAsync(Capability? remoteThreadMap, CancellationToken ct)
    {
        await _room.WaitAsync(ct).ConfigureAwait(false);
        while (_idle.TryPop(out var lane))
        {
            if (lane.IsUsable)
            {
                return lane;
            }

            lane.Release(); // that it was not made was heard since it was given back
        }

        try
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{processName}/ipc-{Interlocked.Increment(ref _made)}");
            return RemoteLane.Make(connection, remoteThreadMap, name);
        }
        catch
        {
            _room.Release();
            throw;
        }
    }

    /// <summary>Gives a lane back once the peer has ended the call; one that could not be made is forgotten.</summary>
    internal void Return(RemoteLane lane, Task callEnded)
    {
        if (callEnded.IsCompleted)
        {
            Return(lane);
        }
        else
        {
            callEnded.GetAwaiter().OnCompleted(() => Return(lane));
        }
    }

    private void Return(RemoteLane lane)
    {
        if (lane.IsUsable)
        {
            _idle.Push(lane);
        }
        else
        {
            lane.Release();
        }

        _room.Release();
    }
}
