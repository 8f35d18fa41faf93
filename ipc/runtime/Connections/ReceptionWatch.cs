using System.Diagnostics;

namespace Dash.Ipc.Connections;

/// <summary>
/// Looks each millisecond at the receptions that work, as long as there are any. A thread of its own: that of a pool might be the one
/// that all wait for.
/// </summary>
internal static class ReceptionWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1);

    // When this thread itself was kept, all were: by a collection of memory, or by others that have the cores.
    private static readonly TimeSpan Late = 2 * Interval;

    // Protects the list, and wakes the thread when it is empty no more.
    private static readonly object Gate = new();
    private static readonly List<Reception> Watched = [];
    private static bool _isRunning;

    /// <summary>Looks at a reception from now on, until <see cref="Reception.Look"/> says that it is not needed.</summary>
    /// <param name="reception">Which.</param>
    /// <param name="begin">
    /// Called first on the thread, if it is started for this: it stands in for a receiving thread that is stuck, so it must get a core as
    /// soon as one.
    /// </param>
    internal static void Add(Reception reception, Action? begin)
    {
        lock (Gate)
        {
            Watched.Add(reception);
            if (!_isRunning)
            {
                _isRunning = true;
                new Thread(() => Run(begin)) { IsBackground = true, Name = "ipc watch" }.UnsafeStart();
            }
            else if (Watched.Count == 1)
            {
                Monitor.Pulse(Gate);
            }
        }
    }

    private static void Run(Action? begin)
    {
        begin?.Invoke();
        List<Reception> looked = [];
        var wasLate = false;
        while (true)
        {
            lock (Gate)
            {
                foreach (var reception in looked)
                {
                    Watched.Remove(reception);
                }

                while (Watched.Count == 0)
                {
                    Monitor.Wait(Gate);
                }

                var start = Stopwatch.GetTimestamp();
                Monitor.Wait(Gate, Interval);
                wasLate = Stopwatch.GetElapsedTime(start) > Late;
                looked.Clear();
                looked.AddRange(Watched);
            }

            looked.RemoveAll(reception => reception.Look(wasLate));
        }
    }
}
