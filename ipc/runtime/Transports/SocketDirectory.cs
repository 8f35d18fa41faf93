using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Dash.Ipc.Transports;

/// <summary>
/// The folder of a unix socket, held open so that the socket can be named through it: a socket address holds 107 bytes
/// of path, which deep data directories exceed, while <c>/proc/self/fd/N/name</c> always fits.
/// </summary>
internal sealed class SocketDirectory : IDisposable
{
    private const int MaxPathBytes = 107;

    private readonly string _directory;
    private readonly int _descriptor;

    private SocketDirectory(string directory, int descriptor)
    {
        _directory = directory;
        _descriptor = descriptor;
    }

    /// <summary>Opens the folder, which must exist.</summary>
    internal static SocketDirectory Open(string directory)
    {
        var descriptor = LibC.Open(directory, LibC.OpenDirectory | LibC.OpenCloseOnExec);
        return descriptor >= 0
            ? new SocketDirectory(directory, descriptor)
            : throw new IOException($"Cannot open {directory}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
    }

    /// <summary>
    /// The address of <paramref name="name"/> in this folder; valid until this is disposed if the path is long.
    /// </summary>
    internal UnixDomainSocketEndPoint EndPoint(string name)
    {
        var path = Path.Combine(_directory, name);
        if (System.Text.Encoding.UTF8.GetByteCount(path) > MaxPathBytes)
        {
            path = $"/proc/self/fd/{_descriptor}/{name}";
        }

        return new UnixDomainSocketEndPoint(path);
    }

    /// <summary>Lets one process at a time replace sockets in this folder; ends with <see cref="Dispose"/>.</summary>
    internal void Lock()
    {
        if (LibC.Lock(_descriptor, LibC.LockExclusive) != 0)
        {
            throw new IOException($"Cannot lock {_directory}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    public void Dispose() => _ = LibC.Close(_descriptor);
}
