using System.Net.Sockets;

namespace Dash.Ipc.Transports;

/// <summary>A connection over a unix socket. Each end has checked that the other runs as the same user.</summary>
public sealed class UnixSocketTransport : SocketTransport
{
    private UnixSocketTransport(Socket socket, PeerCredentials peer)
        : base(socket, $"unix socket, pid {peer.ProcessId}") => Credentials = peer;

    /// <summary>Who holds the other end.</summary>
    public PeerCredentials Credentials { get; }

    /// <summary>Connects to the listener at <paramref name="path"/>, of any length.</summary>
    /// <exception cref="SocketException">Nobody listens there, or there is no such file.</exception>
    /// <exception cref="IOException">The folder doesn't exist.</exception>
    /// <exception cref="UnauthorizedAccessException">Another user listens there.</exception>
    public static async Task<UnixSocketTransport> ConnectAsync(string path, CancellationToken ct)
    {
        path = Path.GetFullPath(path);
        using var directory = SocketDirectory.Open(Path.GetDirectoryName(path) ?? "/");
        var socket = NewSocket();
        try
        {
            await socket.ConnectAsync(directory.EndPoint(Path.GetFileName(path)), ct).ConfigureAwait(false);
            return Over(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A transport over a socket that was just connected or accepted.</summary>
    /// <exception cref="UnauthorizedAccessException">Another user holds the other end.</exception>
    internal static UnixSocketTransport Over(Socket socket) => new(socket, PeerCredentials.RequireSameUser(socket));

    internal static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
}
