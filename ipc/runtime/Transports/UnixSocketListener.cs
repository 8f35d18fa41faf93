using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Dash.Ipc.Transports;

/// <summary>
/// Listens on a unix socket file of mode 0600. The file appears under its name only when it is listened on and closed
/// to
/// others, so there is no moment at which somebody else could connect.
/// </summary>
public sealed class UnixSocketListener : IpcListener
{
    private const int Backlog = 64;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Socket _socket;
    private int _closed;

    private UnixSocketListener(Socket socket, string path)
    {
        _socket = socket;
        Path = path;
    }

    /// <summary>The full path of the socket file.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public override IpcAddress Address => new UnixAddress(Path);

    /// <summary>
    /// Starts to listen at <paramref name="path"/>, of any length. Missing folders are made with mode 0700. A socket that a
    /// dead process left is replaced; one that somebody listens on, or any other kind of file, is not.
    /// </summary>
    /// <exception cref="IOException">The address is in use, or the folder cannot be used.</exception>
    public static UnixSocketListener Bind(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("Unix socket listeners need file modes.");
        }

        path = System.IO.Path.GetFullPath(path);
        var folder = System.IO.Path.GetDirectoryName(path) ?? "/";
        var name = System.IO.Path.GetFileName(path);
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }

        using var directory = SocketDirectory.Open(folder);
        directory.Lock();
        RequireFree(directory, path, name);

        // Bound is not yet connectable: a socket refuses until it listens. So: bind aside, close to others, listen,
        // show.
        var aside = $".{Environment.ProcessId:x}{Guid.NewGuid().ToString("N")[..8]}";
        var asidePath = System.IO.Path.Combine(folder, aside);
        var socket = UnixSocketTransport.NewSocket();
        try
        {
            socket.Bind(directory.EndPoint(aside));
            File.SetUnixFileMode(asidePath, OwnerOnly);
            socket.Listen(Backlog);
            if (LibC.Rename(asidePath, path) != 0)
            {
                throw new IOException($"Cannot create {path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
            }

            return new UnixSocketListener(socket, path);
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new IOException($"Cannot listen on {path}: {failure.Message}", failure);
        }
        catch
        {
            File.Delete(asidePath);
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The next connection, whose user was checked.</summary>
    /// <exception cref="UnauthorizedAccessException">Another user connected and was turned away; accept again.</exception>
    public async Task<UnixSocketTransport> AcceptAsync(CancellationToken ct) =>
        Welcome(await AcceptSocketAsync(ct).ConfigureAwait(false));

    internal override async Task<Socket> AcceptSocketAsync(CancellationToken ct) => await _socket.AcceptAsync(ct).ConfigureAwait(false);

    internal override Task<Transport> WelcomeAsync(Socket socket, CancellationToken ct) => Task.FromResult<Transport>(Welcome(socket));

    /// <summary>Removes the socket file and stops listening; accepted connections live on.</summary>
    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            return;
        }

        // The file first: as long as we listen, nobody else replaces it, so it is ours.
        try
        {
            File.Delete(Path);
        }
        catch (Exception left) when (left is IOException or UnauthorizedAccessException)
        {
            // A file that stays behind is replaced by the next listener.
        }

        _socket.Dispose();
    }

    private static UnixSocketTransport Welcome(Socket socket)
    {
        try
        {
            return UnixSocketTransport.Over(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void RequireFree(SocketDirectory directory, string path, string name)
    {
        switch (LibC.KindOf(path))
        {
            case LibC.FileKind.Absent:
                return;
            case LibC.FileKind.Other:
                throw new IOException($"Cannot listen on {path}: a file that is no socket is in the way");
            default:
                using (var probe = UnixSocketTransport.NewSocket())
                {
                    try
                    {
                        probe.Connect(directory.EndPoint(name));
                    }
                    catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
                    {
                        return; // left by a dead process
                    }
                    catch (SocketException other)
                    {
                        throw new IOException($"Cannot listen on {path}: {other.Message}", other);
                    }
                }

                throw new IOException($"Cannot listen on {path}: another process is listening there");
        }
    }
}
