using System.Runtime.InteropServices;

namespace Dash.Common.Concurrency;

/// <summary>
/// Lets a thread that computes have little more of the cores than others leave, while calls come in: whoever answers them is then
/// let in at once, as on an idle machine. The priority of the thread is the least there is, which an unprivileged thread cannot
/// take back: another one goes on with its work when that shall be done in usual turns again (<see cref="WorkThread"/>). Beside
/// programs that keep all cores busy a hundredth of one would be left: who gets less than a fifth of what it wants is no longer
/// asked to be so modest for a while. Linux only; others go on as before.
/// </summary>
public static partial class SpareTime
{
    private const string LendName = "hurry";
    private const int LeastPriority = 19;
    private const int OfThread = 0; // PRIO_PROCESS, which is a thread's there
    private const int OwnThread = 0;

    // So long after a call nobody needs to be modest any more.
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);

    // Starting threads takes a millisecond, and longer where cores are hard to get.
    private static readonly TimeSpan PoolPatience = TimeSpan.FromMilliseconds(100);

    private static readonly Starvation Guard = new(TimeProvider.System);

    private static volatile bool _isRefused;

    [ThreadStatic]
    private static bool _isHere;
    [ThreadStatic]
    private static RunTimes? _times; // null where they are another thread's to look at

    /// <summary>Whether the calling thread has only spare time.</summary>
    public static bool IsHere => _isHere;

    /// <summary>Whether calls come in, and who is modest gets enough. Looks, now and then, at what the calling thread got.</summary>
    public static bool IsWanted
    {
        get
        {
            if (_isRefused || !ThreadTurns.HasCallWithin(Calm))
            {
                return false;
            }

            Look();
            return !Guard.IsStarving;
        }
    }

    /// <summary>The calling thread has only spare time from now on, and so have the threads that it starts itself.</summary>
    /// <returns>Whether it has; not where the system does not tell what a thread got.</returns>
    public static bool Enter()
    {
        if (_isHere)
        {
            return true;
        }

        if (_isRefused || !OperatingSystem.IsLinux() || RunTimes.Open() is not { } times)
        {
            _isRefused = true;
            return false;
        }

        if (!FillPool())
        {
            Guard.Add(TimeSpan.Zero, PoolPatience);
            times.Dispose();
            return false;
        }

        if (SetPriority(OfThread, OwnThread, LeastPriority) != 0)
        {
            _isRefused = true;
            times.Dispose();
            return false;
        }

        ThreadTurns.YieldInstead();
        _times = times;
        _isHere = true;
        return true;
    }

    /// <summary>For a thread that was started by one with spare time only, and has inherited it.</summary>
    public static void Inherit()
    {
        ThreadTurns.YieldInstead();
        _isHere = true;
    }

    /// <summary>Does a part of long work: by a thread with usual turns when the calling one has spare time only and gets too little.</summary>
    public static void Do(Action part)
    {
        ArgumentNullException.ThrowIfNull(part);
        Look();
        if (Guard.IsStarving)
        {
            Hurry(part);
        }
        else
        {
            part();
        }
    }

    /// <summary>Does what shall not be drawn out, by a thread with usual turns.</summary>
    public static void Hurry(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (_isHere)
        {
            WorkThread.Lend(LendName, work);
        }
        else
        {
            work();
        }
    }

    /// <summary>The calling thread ends.</summary>
    internal static void End()
    {
        _times?.Dispose();
        _times = null;
    }

    private static void Look()
    {
        if (_times is { } times && times.TryRead(out var ran, out var waited))
        {
            Guard.Add(ran, waited);
        }
    }

    // A thread of the pool that is started because this one has work for it would inherit the priority. There are as many as the pool starts
    // at once, before; they stay where the program says so (ThreadsToKeepAlive).
    private static bool FillPool()
    {
        ThreadPool.GetMinThreads(out var least, out _);
        ManualResetEventSlim isFull = new();
        for (var i = ThreadPool.ThreadCount < least ? 0 : least; i < least; i++)
        {
            // As many as all are: those that are there and idle take theirs first.
            ThreadPool.UnsafeQueueUserWorkItem(static isFull => isFull.Wait(PoolPatience), isFull, preferLocal: false);
        }

        var isThere = SpinWait.SpinUntil(() => ThreadPool.ThreadCount >= least, PoolPatience);
        isFull.Set();
        return isThere;
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int kind, int who, int priority);
}
