using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dash.Common.Concurrency;

/// <summary>
/// Asks the system to give a thread its share of a core in longer or shorter turns than usual. Whoever wakes with shorter turns
/// than the one who runs gets the core at once, where it would wait for the end of a turn: 3 to 4 ms with common settings. The
/// share stays the same, so that nothing becomes slower, also beside other programs. Linux from 6.12 on; others go on as before.
/// </summary>
public static partial class ThreadTurns
{
    // A little longer than what a thread has unasked (1.4 to 3 ms, by the number of cores): who has longer turns also waits
    // longer for one where more threads want to run than there are cores.
    private const ulong LongNanoseconds = 4_000_000;

    // More than a short call takes; Linux allows no less than half of it.
    private const ulong ShortNanoseconds = 200_000;

    // For who has spare time only: longer than short turns, so that who has these is let in; what is left of it is given away with each yield.
    private const ulong SpareNanoseconds = 300_000;

    // Threads that this one starts, also of the pool, have usual turns again.
    private const ulong ResetOnFork = 1;

    // Unasked.
    private const ulong UsualNanoseconds = 0;

    // A shorter one is over before the thread has left the core.
    private const int RestNanoseconds = 20_000;

    // PR_SET_TIMERSLACK; with zero it is as it was when the thread began.
    private const int SetTimerSlack = 29;
    private const int ExactTimers = 1;
    private const int UsualTimers = 0;

    private const int OwnThread = 0;
    private const uint FairPolicy = 0;
    private const uint BatchPolicy = 3;

    // How long one computes between two rests: less than what calls may be slower by. Where a rest takes long, others who compute have the
    // core: then at least a fifth of the time is one's own.
    private static readonly long ShortestStretch = Ticks(60);
    private static readonly long LongestStretch = Ticks(4000);
    private const int LeastShare = 4;

    // A piece of work that may turn out long is a short one until it has taken so long.
    private static readonly long ShortWork = Ticks(200);

    // How long one with spare time only computes before it lets in who waits.
    private static readonly long SpareStretch = Ticks(100);

    // So long after a call nobody rests any more.
    private static readonly long Calm = Ticks(100_000);

    private static long _lastCall = -Calm;

    [ThreadStatic]
    private static long _stretch; // 0 where no long turns were asked for
    [ThreadStatic]
    private static long _restAt;
    [ThreadStatic]
    private static bool _yields;
    [ThreadStatic]
    private static bool _isShort;
    [ThreadStatic]
    private static Loan _loan;

    /// <summary>For a thread that computes much: all others get a core before its turn ends. Asks for the calling thread.</summary>
    /// <returns>Whether the system took it; nothing is different where it does not.</returns>
    public static bool AskLong()
    {
        if (!Ask(LongNanoseconds))
        {
            return false;
        }

        _ = SetOwn(SetTimerSlack, ExactTimers, 0, 0, 0); // a rest of twenty microseconds would be one of seventy
        _stretch = ShortestStretch;
        _restAt = Stopwatch.GetTimestamp() + _stretch;
        return true;
    }

    /// <summary>
    /// The calling thread, which has other turns, begins a piece of work that may turn out long: from then on it has long turns and
    /// rests, if it asks for that while calls come in (<see cref="Rest"/>). Until the result is disposed, on the same thread.
    /// </summary>
    /// <remarks>Costs nothing worth mentioning where the work is short after all.</remarks>
    public static LongWork BeginWork()
    {
        if (_stretch != 0 || _yields)
        {
            return default; // it computes anyway
        }

        _loan = Loan.Open;
        _stretch = ShortestStretch;
        _restAt = Stopwatch.GetTimestamp() + ShortWork;
        return new LongWork(isOwn: true);
    }

    /// <summary>A call has come in: for a while those who compute rest now and then. Any thread.</summary>
    public static void NoteCall() => Volatile.Write(ref _lastCall, Stopwatch.GetTimestamp());

    /// <summary>The calling thread has slept: whoever waited for its core has had it, so the next rest is not due yet.</summary>
    public static void NoteSleep()
    {
        if (_stretch != 0)
        {
            _restAt = Stopwatch.GetTimestamp() + _stretch;
        }
    }

    /// <summary>
    /// Gives up the core for a moment if this thread asked for long turns, has computed for a while, and calls come in: who answers them
    /// and has just done so is not let in before the one who computes sleeps or its turn ends, however short its own turns are. Called
    /// again and again where there is much to do; takes some 30 microseconds of 90, and less where others who compute are let in by it.
    /// A thread that has only spare time lets in who waits, and goes on at once where nobody does.
    /// </summary>
    /// <returns>Whether it did.</returns>
    public static bool Rest()
    {
        if (_stretch == 0 || Stopwatch.GetTimestamp() is var begin && begin < _restAt)
        {
            return false;
        }

        if (begin - Volatile.Read(ref _lastCall) > Calm)
        {
            _restAt = begin + _stretch;
            return false;
        }

        if (_loan == Loan.Open)
        {
            _loan = Loan.Taken;
            _ = Ask(LongNanoseconds) ? SetOwn(SetTimerSlack, ExactTimers, 0, 0, 0) : 0;
        }

        if (_yields)
        {
            _ = Yield();
            _restAt = Stopwatch.GetTimestamp() + _stretch;
            return true;
        }

        Pause pause = new() { Nanoseconds = RestNanoseconds };
        _ = Sleep(pause, 0);
        var end = Stopwatch.GetTimestamp();
        _stretch = Math.Clamp((end - begin) / LeastShare, ShortestStretch, LongestStretch);
        _restAt = end + _stretch;
        return true;
    }

    /// <summary>
    /// For a thread that waits for calls and answers them: it gets a core when one comes, also beside threads of the pool. Asks for the
    /// calling thread, which rests no more if it had asked for long turns before.
    /// </summary>
    /// <returns>Whether the system took it; nothing is different where it does not.</returns>
    public static bool AskShort()
    {
        if (!Ask(ShortNanoseconds))
        {
            return false;
        }

        _stretch = 0;
        return _isShort = true;
    }

    /// <summary>The work that may be long has ended.</summary>
    internal static void EndWork()
    {
        if (_loan == Loan.Taken && Ask(_isShort ? ShortNanoseconds : UsualNanoseconds))
        {
            _ = SetOwn(SetTimerSlack, UsualTimers, 0, 0, 0);
        }

        _loan = Loan.None;
        _stretch = 0;
    }

    /// <summary>The calling thread, which has asked for long turns, has the least priority now: it lets in who waits, and rests no more.</summary>
    internal static void YieldInstead()
    {
        _yields = _stretch != 0 && Ask(SpareNanoseconds);
        _stretch = _yields ? SpareStretch : 0;
    }

    /// <summary>Whether a call came in within so much time.</summary>
    internal static bool HasCallWithin(TimeSpan time) => Stopwatch.GetElapsedTime(Volatile.Read(ref _lastCall)) < time;

    private static bool Ask(ulong nanoseconds)
    {
        if (!OperatingSystem.IsLinux() || NumbersOfCalls() is not var (get, set))
        {
            return false;
        }

        var size = (uint)Unsafe.SizeOf<Attributes>();
        Attributes attributes = new() { Size = size };
        if (GetAttributes(get, OwnThread, ref attributes, size, 0) != 0 || attributes.Policy is not (FairPolicy or BatchPolicy))
        {
            return false; // somebody gave the program another policy, which it keeps
        }

        attributes.Size = size;
        attributes.Flags = ResetOnFork;
        attributes.TurnLength = nanoseconds;
        return SetAttributes(set, OwnThread, ref attributes, 0) == 0;
    }

    private static long Ticks(long microseconds) => Stopwatch.Frequency * microseconds / 1_000_000;

    // sched_getattr and sched_setattr: the C library of many systems has no functions for them.
    private static (nint Get, nint Set)? NumbersOfCalls() => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => (315, 314),
        Architecture.Arm64 => (275, 274),
        _ => null,
    };

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint GetAttributes(nint call, nint thread, ref Attributes attributes, nuint size, nuint flags);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SetAttributes(nint call, nint thread, ref Attributes attributes, nuint flags);

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int Sleep(in Pause pause, nint left);

    [LibraryImport("libc", EntryPoint = "sched_yield")]
    private static partial int Yield();

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int SetOwn(int what, nuint value, nuint none, nuint nothing, nuint noneEither);

    // Long turns for a piece of work: not in one, possible, asked for.
    private enum Loan
    {
        None,
        Open,
        Taken,
    }

    // struct timespec.
    [StructLayout(LayoutKind.Sequential)]
    private struct Pause
    {
        public nint Seconds;
        public nint Nanoseconds;
    }

    // struct sched_attr, its first version.
    [StructLayout(LayoutKind.Sequential)]
    private struct Attributes
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public ulong TurnLength;
        public ulong Deadline;
        public ulong Period;
    }
}
