using System.Globalization;

namespace Dash.Ipc.Tests.Support;

/// <summary>What the process has in use, now and later: nothing may grow once a long run is warm. For tests that run alone.</summary>
internal sealed class Growth
{
    private const long MaxHeap = 8 << 20;

    // What the promise is for long runs; the system's view moves more than the heap's.
    private const long MaxProcess = 50 << 20;

    private readonly long _heap = GC.GetTotalMemory(forceFullCollection: true);
    private readonly long _process = Environment.WorkingSet;

    /// <summary>Fails if there is more in use than when this was made; says how much where a long run's output is read.</summary>
    internal void IsNone()
    {
        var heap = GC.GetTotalMemory(forceFullCollection: true) - _heap;
        var process = Environment.WorkingSet - _process;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"grown by {heap / 1024.0:F0} KiB of objects, {process / 1048576.0:F1} MiB of memory ({Environment.WorkingSet >> 20} MiB now)"));
        Assert.InRange(heap, long.MinValue, MaxHeap);
        if (LongRun.IsOn)
        {
            Assert.InRange(process, long.MinValue, MaxProcess);
        }
    }
}
