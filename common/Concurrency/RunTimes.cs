using System.Buffers.Text;
using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Dash.Common.Concurrency;

/// <summary>For how long the thread that opened it has run, and waited for a core though it could have run. For that thread. Linux only.</summary>
internal sealed class RunTimes : IDisposable
{
    private const string Source = "/proc/thread-self/schedstat";

    // Reading takes some microseconds.
    private static readonly TimeSpan Distance = TimeSpan.FromMilliseconds(10);

    private readonly SafeFileHandle _file;
    private long _readAt = Stopwatch.GetTimestamp();
    private TimeSpan _ran;
    private TimeSpan _waited;

    private RunTimes(SafeFileHandle file) => _file = file;

    /// <summary>Opens the calling thread's; null where the system does not tell.</summary>
    public static RunTimes? Open()
    {
        try
        {
            RunTimes times = new(File.OpenHandle(Source));
            if (times.TryReadAll(out times._ran, out times._waited) && times._ran > TimeSpan.Zero)
            {
                return times;
            }

            times.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not there, or hidden.
        }

        return null;
    }

    /// <summary>What came since the last time; false when that is only a moment ago.</summary>
    public bool TryRead(out TimeSpan ran, out TimeSpan waited)
    {
        (ran, waited) = (default, default);
        if (Stopwatch.GetElapsedTime(_readAt) < Distance || !TryReadAll(out var allRan, out var allWaited))
        {
            return false;
        }

        (ran, waited) = (allRan - _ran, allWaited - _waited);
        (_ran, _waited) = (allRan, allWaited);
        _readAt = Stopwatch.GetTimestamp();
        return true;
    }

    public void Dispose() => _file.Dispose();

    // Two numbers of nanoseconds, and one more.
    private bool TryReadAll(out TimeSpan ran, out TimeSpan waited)
    {
        (ran, waited) = (default, default);
        Span<byte> bytes = stackalloc byte[64];
        ReadOnlySpan<byte> text = bytes[..RandomAccess.Read(_file, bytes, 0)];
        if (!Utf8Parser.TryParse(text, out ulong first, out var length) || length + 1 >= text.Length
            || !Utf8Parser.TryParse(text[(length + 1)..], out ulong second, out _))
        {
            return false;
        }

        (ran, waited) = (Of(first), Of(second));
        return true;
    }

    private static TimeSpan Of(ulong nanoseconds) => new((long)(nanoseconds / TimeSpan.NanosecondsPerTick));
}
