using System.Diagnostics;

namespace Dash.Ipc.Connections;

/// <summary>
/// The thread that receives on a connection, and on which that what was received sets off - the caller that goes on with its answer,
/// the method that was called - begins: waking another thread for it would take longer than most of it does.
/// </summary>
/// <remarks>
/// Nobody can keep such a connection from being read: what has not come back within two milliseconds keeps the thread, and another
/// one takes over the receiving; what was still in line behind it goes to the thread pool. For a while after that, everything does.
/// </remarks>
/// <param name="receive">Waits for bytes and handles them, calling no foreign code; false at the end of the stream.</param>
/// <param name="flush">Sends what was gathered.</param>
/// <param name="told">Called first on each thread that receives or watches, and on the one that receives when something was received.</param>
internal sealed class Reception(Func<bool> receive, Action flush, (Action? Begin, Action? Received) told = default)
{
    // What is sent meanwhile is gathered no longer than this: 50 microseconds.
    private static readonly long GatherTicks = Stopwatch.Frequency / 20_000;

    // Milliseconds without work on the receiving thread after some of it took long: more, up to a quarter of a second, where that
    // soon happens again.
    private const long ShortestPause = 16;
    private const long LongestPause = 256;

    // The reception whose thread this is, and in which turn.
    [ThreadStatic]
    private static Reception? _here;
    [ThreadStatic]
    private static int _hereTurn;

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Protects all below, but that only the receiving thread puts work in line, and only while nobody works.
    private readonly Lock _gate = new();
    private readonly Queue<IThreadPoolWorkItem> _due = new();
    private bool _isWatched;
    private bool _isWorking;
    private bool _isOver;
    private int _turn;
    private int _round;
    private int _roundSeen;
    private int _roundExcused;
    private long _pause = ShortestPause;
    private long _pausedUntil;

    /// <summary>Whether the calling thread is this one.</summary>
    internal bool IsHere => _here == this;

    /// <summary>Whether the calling thread is this one and has more work in line: what it sends may wait for the end of that.</summary>
    internal bool Gathers()
    {
        if (_here != this)
        {
            return false;
        }

        lock (_gate)
        {
            return _hereTurn == _turn && _isWorking && _due.Count > 0;
        }
    }

    /// <summary>Receives until the stream has ended and all that it set off was begun.</summary>
    internal Task RunAsync()
    {
        StartThread(0);
        return _ended.Task;
    }

    /// <summary>Begins the work as soon as what has been received is handled, if this is a receiving thread; else on the thread pool.</summary>
    internal static void Post(IThreadPoolWorkItem work)
    {
        if (_here is not { } here || !here.TryPost(work))
        {
            ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: true); // the thread that brought it is soonest free
        }
    }

    private bool TryPost(IThreadPoolWorkItem work)
    {
        lock (_gate)
        {
            if (_hereTurn != _turn || _isWorking || Environment.TickCount64 < _pausedUntil)
            {
                return false;
            }

            _due.Enqueue(work);
            return true;
        }
    }

    private void StartThread(int turn) => new Thread(() => Run(turn)) { IsBackground = true, Name = "ipc receive" }.UnsafeStart();

    private void Run(int turn)
    {
        _here = this;
        _hereTurn = turn;
        told.Begin?.Invoke();
        do
        {
            _isOver = _isOver || !receive();
            told.Received?.Invoke();
            if (!TryWork(turn))
            {
                return; // another thread receives by now
            }
        }
        while (!_isOver);

        _ended.TrySetResult();
    }

    private bool TryWork(int turn)
    {
        bool isNew;
        lock (_gate)
        {
            if (_due.Count == 0)
            {
                return true;
            }

            _isWorking = true;
            _round++;
            isNew = !_isWatched;
            _isWatched = true;
        }

        if (isNew)
        {
            ReceptionWatch.Add(this, told.Begin);
        }

        var sent = Stopwatch.GetTimestamp();
        while (true)
        {
            IThreadPoolWorkItem? work = null;
            lock (_gate)
            {
                if (_turn != turn)
                {
                    break;
                }

                _isWorking = _due.TryDequeue(out work);
            }

            if (work is null)
            {
                break;
            }

            work.Execute();
            if (Stopwatch.GetTimestamp() is var now && now - sent > GatherTicks)
            {
                sent = now;
                flush();
            }
        }

        flush();
        return _hereTurn == Volatile.Read(ref _turn);
    }

    /// <summary>One millisecond after work began, and again as long as there is some: relieves a thread that did not come back from it.</summary>
    /// <returns>Whether to look again.</returns>
    /// <param name="wasLate">Whether the look comes late, since the whole process was kept from running: the work, too, then. It is given one more.</param>
    internal bool Look(bool wasLate)
    {
        lock (_gate)
        {
            var isExcused = wasLate && _roundExcused != _round;
            _roundExcused = _isWorking && isExcused ? _round : _roundExcused;
            var isQuiet = !_isWorking && _round == _roundSeen;
            var isStuck = _isWorking && _round == _roundSeen && !isExcused;
            _roundSeen = _round;
            _isWatched = !isQuiet && !isStuck;
            if (_isWatched)
            {
                return true;
            }

            if (isStuck)
            {
                Relieve();
            }
        }

        flush();
        return false;
    }

    // Under the lock.
    private void Relieve()
    {
        _isWorking = false;
        var now = Environment.TickCount64;
        _pause = now - _pausedUntil < _pause ? Math.Min(2 * _pause, LongestPause) : ShortestPause;
        _pausedUntil = now + _pause;
        StartThread(++_turn);
        while (_due.TryDequeue(out var work))
        {
            ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
        }
    }
}
