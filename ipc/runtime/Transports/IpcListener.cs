using System.Net.Sockets;

namespace Dash.Ipc.Transports;

/// <summary>
/// Where other processes connect. Accepting and finding out who connected are two steps: the second may take as long as
/// the other end likes, and must not keep others waiting.
/// </summary>
public abstract class IpcListener : IDisposable
{
    /// <summary>Only this assembly knows all kinds of listeners.</summary>
    private protected IpcListener()
    {
    }

    /// <summary>Where it listens.</summary>
    public abstract IpcAddress Address { get; }

    /// <summary>Listens at an address.</summary>
    /// <param name="address">Where.</param>
    /// <param name="identity">Whom we are and whom we trust; needed for TCP, where nothing else says it.</param>
    /// <exception cref="IOException">The address is in use or cannot be used; or it is TCP and there is no identity.</exception>
    public static IpcListener Bind(IpcAddress address, TlsIdentity? identity) => address switch
    {
        UnixAddress unix => UnixSocketListener.Bind(unix.SocketPath),
        TcpAddress tcp => TlsListener.Bind(tcp, identity ?? throw TlsIdentity.Missing(tcp)),
        _ => throw new ArgumentOutOfRangeException(nameof(address)),
    };

    /// <summary>The next socket that somebody connected; nothing is known of them yet.</summary>
    internal abstract Task<Socket> AcceptSocketAsync(CancellationToken ct);

    /// <summary>Finds out who is at the other end of an accepted socket.</summary>
    /// <param name="socket">Owned by the transport, and closed if there is none.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="UnauthorizedAccessException">Somebody we don't speak with.</exception>
    /// <exception cref="IOException">They went, or speak something else.</exception>
    internal abstract Task<Transport> WelcomeAsync(Socket socket, CancellationToken ct);

    /// <summary>Stops listening; accepted connections live on.</summary>
    public abstract void Dispose();
}
