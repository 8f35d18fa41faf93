using System.Runtime.InteropServices;

namespace Dash.Bench.Needs;

/// <summary>
/// Keeps the cores from sleeping while single calls are timed: on an idle machine most of a call's time is that of cores that wake up,
/// which is another one each minute and says nothing of the daemon. Threads that get a core only when nobody else wants it, and give
/// it up at once. Linux only; others measure as they are.
/// </summary>
internal sealed partial class AwakeCores : IDisposable
{
    private const int OnlyWhenIdle = 5; // SCHED_IDLE
    private const int ThisThread = 0;

    private readonly List<Thread> _threads = [];
    private volatile bool _isOver;

    /// <summary>Begins.</summary>
    public AwakeCores()
    {
        for (var i = 0; OperatingSystem.IsLinux() && i < Environment.ProcessorCount; i++)
        {
            Thread thread = new(Spin) { IsBackground = true };
            thread.Start();
            _threads.Add(thread);
        }
    }

    public void Dispose()
    {
        _isOver = true;
        _threads.ForEach(static thread => thread.Join());
    }

    private void Spin()
    {
        var priority = 0; // the only one there is in this class
        if (SetScheduler(ThisThread, OnlyWhenIdle, ref priority) != 0)
        {
            return;
        }

        while (!_isOver)
        {
            // Does nothing, awake.
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetScheduler(int thread, int policy, ref int priority);
}
