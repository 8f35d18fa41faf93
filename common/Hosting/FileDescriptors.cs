using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Dash.Common.Hosting;

/// <summary>
/// How many files and connections the system lets the process have open. Connections leave a reserve: a daemon that has none left
/// can open neither a wallet nor a file of blocks, and the runtime ends it when it needs a thread.
/// </summary>
public static partial class FileDescriptors
{
    /// <summary>What a daemon needs beside its connections; with fewer it does not start.</summary>
    public const int Core = 150;

    // Those that connections do not get.
    private const int Reserve = 64;

    // Linux, <sys/resource.h>, the same on x64 and arm64.
    private const int NumberOfFiles = 7;

    private static readonly Lazy<int> Raised = new(Raise);

    /// <summary>The most that may be open; raised to what the system allows.</summary>
    public static int Limit => Raised.Value;

    /// <summary>Refuses to start with too few.</summary>
    /// <exception cref="StartupException">There are fewer than <see cref="Core"/>.</exception>
    public static void Require()
    {
        if (Limit < Core)
        {
            throw new StartupException("Not enough file descriptors available.");
        }
    }

    /// <summary>Has a connection just accepted one of the last descriptors, so that it must be closed?</summary>
    /// <remarks>The system gives the lowest number that is free (POSIX, open): all below are in use.</remarks>
    public static bool AreScarceFor(Socket accepted)
    {
        ArgumentNullException.ThrowIfNull(accepted);
        return IsAmongLast(accepted.SafeHandle.DangerousGetHandle(), Limit);
    }

    internal static bool IsAmongLast(nint descriptor, int limit) => OperatingSystem.IsLinux() && descriptor >= limit - Reserve;

    private static int Raise()
    {
        if (!OperatingSystem.IsLinux() || GetLimit(NumberOfFiles, out var limit) != 0)
        {
            return int.MaxValue; // not known
        }

        var current = limit.Current;
        if (current < limit.Most)
        {
            limit.Current = limit.Most;
            current = SetLimit(NumberOfFiles, limit) == 0 ? limit.Most : current;
        }

        return (int)ulong.Min(current, int.MaxValue);
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out ResourceLimit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in ResourceLimit limit);

    // struct rlimit
    private struct ResourceLimit
    {
        public ulong Current;
        public ulong Most;
    }
}
