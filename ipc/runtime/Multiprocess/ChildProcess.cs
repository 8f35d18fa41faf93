using System.ComponentModel;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Dash.Ipc.Transports;
using Microsoft.Extensions.Logging;

namespace Dash.Ipc.Multiprocess;

/// <summary>
/// A process that this one started and speaks with over a socket pair. When this process goes, however it goes, the
/// child
/// sees its end of the pair close; so does this process when the child goes.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>The child's end of the pair is always this descriptor: the first after the standard ones.</summary>
    private const int ChildDescriptor = 3;

    private readonly string _path;
    private readonly SpawnedProcess _process;
    private readonly ILogger _logger;

    // Protects _reaped: a number that was reaped may already be another process's.
    private readonly Lock _gate = new();
    private bool _reaped;

    private ChildProcess(string path, SpawnedProcess process, Socket ours, ILogger logger)
    {
        _path = path;
        _logger = logger;
        _process = process;
        Transport = new SocketTransport(ours, string.Create(CultureInfo.InvariantCulture, $"child pid {process.Id}"));
        Exited = Task.Factory.StartNew(
            Reap, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
    }

    /// <summary>The child's process id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Our end of the pair; belongs to the connection opened over it, if one is.</summary>
    public Transport Transport { get; }

    /// <summary>Completes when the child has ended and was reaped. Never fails.</summary>
    public Task<ChildExit> Exited { get; }

    /// <summary>Starts a program and adds <c>-ipcfd=3</c> to its arguments; on Windows the number of a pipe's handle.</summary>
    /// <param name="path">The executable.</param>
    /// <param name="arguments">Its arguments, without its own name.</param>
    /// <param name="logger">Category <c>ipc</c>.</param>
    /// <param name="asTwoWords">Says <c>-ipcfd 3</c> instead, as programs of libmultiprocess want it, with no other argument. Not on Windows.</param>
    /// <exception cref="IOException">It cannot be started.</exception>
    public static ChildProcess Start(string path, IReadOnlyList<string> arguments, ILogger logger, bool asTwoWords = false)
    {
        try
        {
            var (process, ours) = OperatingSystem.IsWindows() ? WindowsProcess.Start(path, arguments) : StartPosix(path, arguments, asTwoWords);
            Log.Launched(logger, path, process.Id);
            return new ChildProcess(path, process, ours, logger);
        }
        catch (Exception failure) when (failure is Win32Exception or ArgumentException)
        {
            throw new IOException($"Cannot start {path}: {failure.Message}", failure);
        }
    }

    private static (SpawnedProcess Process, Socket Ours) StartPosix(string path, IReadOnlyList<string> arguments, bool asTwoWords)
    {
        Span<int> pair = stackalloc int[2];
        if (LibC.SocketPair(LibC.FamilyUnix, LibC.StreamCloseOnExec, 0, pair) != 0)
        {
            throw new IOException($"Cannot make a socket pair: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }

        // Only the child has its end once it runs: so it closes with the child.
        var ours = InheritedSocketTransport.FromDescriptor(pair[0]);
        try
        {
            var number = ChildDescriptor.ToString(CultureInfo.InvariantCulture);
            string[] last = asTwoWords ? ["-ipcfd", number] : ["-ipcfd=" + number];
            return (new PosixProcess(PosixSpawn.Start(path, [.. arguments, .. last], pair[1], ChildDescriptor)), ours);
        }
        catch
        {
            ours.Dispose();
            throw;
        }
        finally
        {
            _ = LibC.Close(pair[1]);
        }
    }

    /// <summary>Ends the child without asking it. Does nothing if it has ended.</summary>
    public void Kill()
    {
        lock (_gate)
        {
            if (!_reaped)
            {
                _process.EndNow();
            }
        }
    }

    /// <summary>
    /// Closes our end, upon which the child ends by itself, and waits for it; kills it if that takes longer than a user
    /// would wait.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await Transport.DisposeAsync().ConfigureAwait(false);
        try
        {
            await Exited.WaitAsync(TimeSpan.FromSeconds(30)).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Kill();
            await Exited.ConfigureAwait(false);
        }
    }

    private ChildExit Reap()
    {
        _process.WaitForEnd();
        ChildExit exit;
        lock (_gate)
        {
            exit = _process.Reap();
            _reaped = true;
        }

        Log.Exited(_logger, _path, ProcessId, exit);
        return exit;
    }
}
