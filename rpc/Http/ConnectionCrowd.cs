using System.Diagnostics;
using Dash.Common.Concurrency;

namespace Dash.Rpc.Http;

/// <summary>
/// All connections of a server, and the few threads that serve those without one of their own: they take what came from the kernel in
/// one go, as many pieces as there are, and let users have their turns one after the other, however many connections each of them has.
/// A user with few connections has a thread for each of them, which is let in beside the crowd's. Any thread.
/// </summary>
internal sealed class ConnectionCrowd : IDisposable
{
    private const int NewsAtOnce = 64;

    // Calls between two looks at what came meanwhile: some 0.2 ms, which a user with less to ask waits for at most.
    private const int BetweenLooks = 16;

    // More than that keep no machine's cores busy: they wait for something.
    private const int MostWorkers = 64;

    // So long a call may keep the thread that others need before another thread is there for these.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(10);

    // So long after a call over a connection with a thread nobody has to be let in.
    private static readonly long Calm = Stopwatch.Frequency / 50;

    private readonly Epoll _epoll = new();
    private readonly int _usual = Math.Max(Environment.ProcessorCount, 1);
    private readonly int _mostThreads;
    private readonly int _mostConnections;
    private readonly int _own;
    private readonly object _gate = new(); // protects all below; the watch waits on it
    private readonly Dictionary<long, CallConnection> _connections = [];
    private readonly Dictionary<string, Caller> _callers = new(StringComparer.Ordinal); // of users with a password
    private readonly Turns<CallConnection> _ready = new();
    private int _workers;
    private int _idle; // workers that wait in the kernel; read by any thread
    private int _threads;
    private long _taken;
    private long _last;
    private bool _isWatchAsleep;
    private bool _isEnding;

    // Of a connection with a thread. By all threads.
    private long _lastOther;

    /// <summary>Nobody yet.</summary>
    /// <param name="mostThreads">So many connections have a thread of their own.</param>
    /// <param name="own">A user with more connections than that has none that has one.</param>
    /// <param name="mostConnections">So many are open at a time.</param>
    /// <param name="stopping">Ends calls.</param>
    public ConnectionCrowd(int mostThreads, int own, int mostConnections, CancellationToken stopping)
    {
        Stopping = stopping;
        (_mostThreads, _own, _mostConnections) = (mostThreads, own, mostConnections);
        _workers = _usual;
        for (var i = 0; i < _usual; i++)
        {
            Start(Work, "http-crowd");
        }

        Start(Watch, "http-watch");
    }

    /// <summary>Fires when calls under way shall end.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Who has not said yet who he is.</summary>
    public Caller Strangers { get; } = new();

    /// <summary>Whether no more connections should be taken in.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate) return _connections.Count >= _mostConnections;
        }
    }

    /// <summary>Takes a connection in.</summary>
    /// <returns>Its number.</returns>
    public long Enter(CallConnection connection)
    {
        lock (_gate)
        {
            _connections.Add(++_last, connection);
            Strangers.Connections++;
            return _last;
        }
    }

    /// <summary>From now on the threads of the crowd serve a connection that has no thread.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The system can't.</exception>
    public void Serve(CallConnection connection) => _epoll.Watch(connection.Handle, connection.Number);

    /// <summary>They go on with one that was given to nobody for a while.</summary>
    public void GoOn(CallConnection connection)
    {
        lock (_gate)
        {
            connection.State = CrowdState.Resting;
        }

        _epoll.Repeat(connection.Handle, connection.Number);
    }

    /// <summary>A connection has ended.</summary>
    public void Leave(CallConnection connection)
    {
        lock (_gate)
        {
            _connections.Remove(connection.Number);
            Count(connection.Caller, -1);
        }
    }

    /// <summary>Whose a connection is.</summary>
    public Caller Move(CallConnection connection, string user)
    {
        lock (_gate)
        {
            if (!_callers.TryGetValue(user, out var caller))
            {
                caller = new Caller();
                _callers.Add(user, caller);
            }

            Count(connection.Caller, -1);
            Count(caller, 1);
            return caller;
        }
    }

    /// <summary>Whether a connection may have a thread of its own; if so, the crowd's look at it no more.</summary>
    public bool TryLeaveForThread(CallConnection connection)
    {
        if (connection.Caller == Strangers || connection.Caller.IsCrowd)
        {
            return false;
        }

        lock (_gate)
        {
            if (_threads >= _mostThreads)
            {
                return false;
            }

            _threads++;
            connection.State = CrowdState.Away;
        }

        _epoll.Forget(connection.Handle);
        return true;
    }

    /// <summary>A connection's thread has something to do. Any thread.</summary>
    public void NoteOther() => Volatile.Write(ref _lastOther, Stopwatch.GetTimestamp());

    /// <summary>A connection's thread ends.</summary>
    public void EndThread(CallConnection connection)
    {
        lock (_gate)
        {
            _threads--;
            connection.State = CrowdState.Resting;
        }
    }

    /// <summary>Ends the threads; connections must have ended before.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_isEnding)
            {
                _isEnding = true;
                Monitor.Pulse(_gate);
                _epoll.WakeAll();
            }
        }
    }

    // Users with a thread for each of their connections ask little: as long as they do, who serves the crowd is one who computes, whom they need not
    // wait for. Whether it has long turns now.
    private bool LetInOthers(bool hasLongTurns)
    {
        if (Stopwatch.GetTimestamp() - Volatile.Read(ref _lastOther) > Calm)
        {
            return hasLongTurns && !ThreadTurns.AskShort();
        }

        if (!hasLongTurns && !ThreadTurns.AskLong())
        {
            return false;
        }

        ThreadTurns.Rest();
        return true;
    }

    private static void Start(Action work, string name) => new Thread(() => work()) { IsBackground = true, Name = name }.UnsafeStart();

    private void Count(Caller caller, int change)
    {
        caller.Connections += change;
        if (caller == Strangers)
        {
            return;
        }

        // Not back at once: who comes and goes shall not cost a thread each time.
        caller.IsCrowd = caller.Connections > _own || (caller.IsCrowd && caller.Connections > _own / 2);
    }

    private void Work()
    {
        SharedThread.Enter();
        ThreadTurns.AskShort();
        Span<byte> news = stackalloc byte[NewsAtOnce * Epoll.EventSize];
        var calls = 0;
        CallConnection? served = null;
        var hasMore = false;
        var hasLongTurns = false;
        while (true)
        {
            if (calls >= BetweenLooks)
            {
                Look(news, NewsAtOnce, 0);
                calls = 0;
            }

            if (Next(served, hasMore) is { } next)
            {
                var after = next.ServeOnce();
                served = after == CrowdState.Away ? null : next;
                hasMore = after == CrowdState.Ready;
                calls++;
                hasLongTurns = LetInOthers(hasLongTurns);
            }
            else
            {
                (served, calls) = (null, 0);
                if (!WaitForNews(news))
                {
                    return;
                }
            }
        }
    }

    // The next one, once the last has been put back.
    private CallConnection? Next(CallConnection? served, bool hasMore)
    {
        lock (_gate)
        {
            if (served is not null)
            {
                if (hasMore || served.State == CrowdState.ServedAgain)
                {
                    Put(served);
                }
                else
                {
                    served.State = CrowdState.Resting;
                }
            }

            if (!_ready.TryTake(out var next))
            {
                return null;
            }

            next.State = CrowdState.Served;
            _taken++;
            if (_isWatchAsleep)
            {
                _isWatchAsleep = false;
                Monitor.Pulse(_gate);
            }

            return next;
        }
    }

    private void Put(CallConnection connection)
    {
        connection.State = CrowdState.Ready;
        _ready.Put(connection.Caller.Ready, connection);
    }

    // False when this thread is to end.
    private bool WaitForNews(Span<byte> news)
    {
        lock (_gate)
        {
            if (_isEnding || (_workers > _usual && _idle >= _usual))
            {
                _workers--;
                if (_isEnding && _workers == 0)
                {
                    _epoll.Dispose();
                }

                return false;
            }

            _idle++;
        }

        // Where others wait as well, each has one of what comes together.
        Look(news, Volatile.Read(ref _idle) > 1 ? 1 : NewsAtOnce, -1, isIdle: true);
        return true;
    }

    private void Look(Span<byte> news, int most, int milliseconds, bool isIdle = false)
    {
        var count = _epoll.Wait(news, most, milliseconds);
        if (count == 0 && !isIdle)
        {
            return;
        }

        lock (_gate)
        {
            _idle -= isIdle ? 1 : 0;
            for (var i = 0; i < count; i++)
            {
                var (number, isEnding) = Epoll.Read(news, i);
                if (!_connections.TryGetValue(number, out var connection))
                {
                    continue;
                }

                connection.IsEnding |= isEnding;
                switch (connection.State)
                {
                    case CrowdState.Resting:
                        Put(connection);
                        break;
                    case CrowdState.Served:
                        connection.State = CrowdState.ServedAgain;
                        break;
                }
            }
        }
    }

    // Starts another thread where calls keep all of them for long. Sleeps while nothing happens.
    private void Watch()
    {
        lock (_gate)
        {
            while (!_isEnding)
            {
                var before = _taken;
                Monitor.Wait(_gate, Patience);
                if (_taken != before)
                {
                    continue;
                }

                if (_idle > 0)
                {
                    _isWatchAsleep = true;
                    while (_isWatchAsleep && !_isEnding)
                    {
                        Monitor.Wait(_gate);
                    }
                }
                else if (_workers < MostWorkers)
                {
                    _workers++;
                    Start(Work, "http-crowd");
                }
            }
        }
    }
}
