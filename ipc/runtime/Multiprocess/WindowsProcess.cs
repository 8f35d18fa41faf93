using System.ComponentModel;
using System.Globalization;
using System.IO.Pipes;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Dash.Ipc.Transports;
using Microsoft.Win32.SafeHandles;

namespace Dash.Ipc.Multiprocess;

/// <summary>
/// A child on Windows, where sockets are not inherited: the child gets the reading end of a pipe (<c>-ipcfd=&lt;handle&gt;</c>), and
/// through it, once it has a number, the description of its socket that WSADuplicateSocket made for that number alone.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsProcess : SpawnedProcess
{
    private readonly SafeProcessHandle _handle;

    private WindowsProcess(SafeProcessHandle handle, int id)
    {
        _handle = handle;
        Id = id;
    }

    internal override int Id { get; }

    /// <summary>Starts a program and gives it one end of a pair of sockets.</summary>
    /// <returns>The process, and our end.</returns>
    /// <exception cref="Win32Exception">It could not be started.</exception>
    /// <exception cref="SocketException">There is no loopback to make a pair over.</exception>
    internal static (WindowsProcess Process, Socket Ours) Start(string path, IReadOnlyList<string> arguments)
    {
        var (ours, theirs) = MakePair();
        try
        {
            using AnonymousPipeServerStream pipe = new(PipeDirection.Out, HandleInheritability.Inheritable);
            var reading = pipe.ClientSafePipeHandle.DangerousGetHandle();
            var argument = string.Create(CultureInfo.InvariantCulture, $"-ipcfd={reading}");
            var (handle, id) = WindowsSpawn.Start(path, [.. arguments, argument], reading);
            pipe.DisposeLocalCopyOfClientHandle();
            try
            {
                SocketHandover.Write(pipe, theirs.DuplicateAndClose(id));
            }
            catch (IOException)
            {
                // It ended before it listened: how, its exit says.
            }

            return (new WindowsProcess(handle, id), ours);
        }
        catch
        {
            ours.Dispose();
            throw;
        }
        finally
        {
            theirs.Dispose();
        }
    }

    internal override void WaitForEnd() => WindowsSpawn.WaitForEnd(_handle);

    internal override ChildExit Reap()
    {
        var code = WindowsSpawn.ExitCode(_handle);
        _handle.Dispose();
        return new ChildExit(code, null);
    }

    internal override void EndNow() => WindowsSpawn.EndNow(_handle);

    // Windows has no socketpair. Nobody else can have come between: each end knows the other's port.
    internal static (Socket Ours, Socket Theirs) MakePair()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ExclusiveAddressUse = true };
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        Socket ours = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            ours.Connect(listener.LocalEndPoint ?? throw new SocketException((int)SocketError.NotSocket));
            while (true)
            {
                var theirs = listener.Accept();
                if (Equals(theirs.RemoteEndPoint, ours.LocalEndPoint))
                {
                    theirs.NoDelay = true;
                    return (ours, theirs);
                }

                theirs.Dispose();
            }
        }
        catch
        {
            ours.Dispose();
            throw;
        }
    }
}
