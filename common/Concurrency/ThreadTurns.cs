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

    // Threads that this one starts, also of the pool, have usual turns again.
    private const ulong ResetOnFork = 1;

    private const int OwnThread = 0;
    private const uint FairPolicy = 0;
    private const uint BatchPolicy = 3;

    /// <summary>For a thread that computes much: all others get a core before its turn ends. Asks for the calling thread.</summary>
    /// <returns>Whether the system took it; nothing is different where it does not.</returns>
    public static bool AskLong() => Ask(LongNanoseconds);

    /// <summary>
    /// For a thread that waits for calls and answers them: it gets a core when one comes, also beside threads of the pool. Asks for the
    /// calling thread.
    /// </summary>
    /// <returns>Whether the system took it; nothing is different where it does not.</returns>
    public static bool AskShort() => Ask(ShortNanoseconds);

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
