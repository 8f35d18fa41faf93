using System.Runtime.InteropServices;

namespace Dash.Functional.Framework;

/// <summary>Signals to a process of the test's own.</summary>
public static partial class Signals
{
    private const int Stop = 19;
    private const int Continue = 18;
    private const int Term = 15;
    private const int Killed = 9;

    /// <summary>The process stands still, with all its sockets open.</summary>
    public static void Freeze(TestProcess process) => Freeze(process.Id);

    /// <inheritdoc cref="Freeze(TestProcess)"/>
    public static void Freeze(int process) => _ = Kill(process, Stop);

    /// <summary>It goes on.</summary>
    public static void Thaw(TestProcess process) => _ = Kill(process.Id, Continue);

    /// <summary>It is asked to end.</summary>
    public static void Ask(TestProcess process) => Ask(process.Id);

    /// <inheritdoc cref="Ask(TestProcess)"/>
    public static void Ask(int process) => _ = Kill(process, Term);

    /// <summary>It ends, and nothing of it runs any more.</summary>
    public static void Kill(int process) => _ = Kill(process, Killed);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
