using Dash.Ipc.Capabilities;
using Dash.Ipc.Transports;

namespace Dash.Ipc.Multiprocess;

/// <summary>Connects to another process and gets its first object. One attempt: who wants more tries again.</summary>
public static class IpcConnector
{
    /// <summary>Connects to a unix socket.</summary>
    /// <param name="socketPath">Where the other process listens.</param>
    /// <param name="makeClient">Makes the generated client of its first object.</param>
    /// <param name="options">What the connection may cost and where it logs.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="System.Net.Sockets.SocketException">Nobody listens there.</exception>
    /// <exception cref="IOException">There is no such folder.</exception>
    /// <exception cref="UnauthorizedAccessException">Another user listens there.</exception>
    /// <exception cref="IpcException">Who listens there doesn't speak our language.</exception>
    public static async Task<IpcSession<T>> ConnectAsync<T>(
        string socketPath, Func<Capability, ProxyConnection, T> makeClient, IpcOptions options, CancellationToken ct)
        where T : class
    {
        var transport = await UnixSocketTransport.ConnectAsync(socketPath, ct).ConfigureAwait(false);
        return await OverAsync(transport, null, makeClient, options, ct).ConfigureAwait(false);
    }

    /// <summary>Connects to an address.</summary>
    /// <param name="address">Where the other process listens.</param>
    /// <param name="makeClient">Makes the generated client of its first object.</param>
    /// <param name="options">What the connection may cost, where it logs, and for TCP who we are.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="System.Net.Sockets.SocketException">Nobody listens there.</exception>
    /// <exception cref="IOException">There is no such folder; or TLS cannot be spoken with whoever listens.</exception>
    /// <exception cref="UnauthorizedAccessException">Another user listens there, or one whose certificate we don't trust.</exception>
    /// <exception cref="IpcException">Who listens there doesn't speak our language.</exception>
    public static async Task<IpcSession<T>> ConnectAsync<T>(
        IpcAddress address, Func<Capability, ProxyConnection, T> makeClient, IpcOptions options, CancellationToken ct)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(options);
        Transport transport = address switch
        {
            UnixAddress unix => await UnixSocketTransport.ConnectAsync(unix.SocketPath, ct).ConfigureAwait(false),
            TcpAddress tcp => await ConnectAsync(tcp, options, ct).ConfigureAwait(false),
            _ => throw new ArgumentOutOfRangeException(nameof(address)),
        };
        return await OverAsync(transport, null, makeClient, options, ct).ConfigureAwait(false);
    }

    /// <summary>Speaks over a transport that is connected already, as a child over the one it inherited.</summary>
    /// <param name="transport">Owned by the session, also if this fails.</param>
    /// <param name="serve">Makes the first object that we offer in turn; null for none.</param>
    /// <param name="makeClient">Makes the generated client of the peer's.</param>
    /// <param name="options">What the connection may cost and where it logs.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="IpcException">The peer doesn't speak our language, or is gone.</exception>
    public static async Task<IpcSession<T>> OverAsync<T>(
        Transport transport, Func<ProxyConnection, ProxyServer>? serve, Func<Capability, ProxyConnection, T> makeClient,
        IpcOptions options, CancellationToken ct)
        where T : class
    {
        var connection = ProxyConnection.Open(transport, serve, options);
        try
        {
            return new IpcSession<T>(await connection.BootstrapAsync(makeClient, ct).ConfigureAwait(false), connection);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<TlsTransport> ConnectAsync(TcpAddress address, IpcOptions options, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(options.Limits.HandshakeTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            return await TlsTransport.ConnectAsync(address, options.Identity ?? throw TlsIdentity.Missing(address), either.Token)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new IOException($"{address} did not answer within {options.Limits.HandshakeTimeout.TotalSeconds} s");
        }
    }
}
