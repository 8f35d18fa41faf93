using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Rpc.Http;

/// <summary>
/// Kestrel's way to the network where a call is short: a connection has a thread that waits for its bytes in the kernel, answers
/// there and waits again, which is two system calls a request. The runtime's own way, through a poller and the pool, takes over
/// twice the processor time, nearly all of it for threads that wake each other. Connections beyond the first so many go that way.
/// </summary>
/// <param name="most">So many connections have a thread.</param>
internal sealed class ConnectionThreads(int most) : IConnectionListenerFactory
{
    // As many as Kestrel lets wait to be accepted.
    private const int Backlog = 512;

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        try
        {
            socket.Listen(Backlog);
            return new(new Listener(socket, most));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The runtime's own way.</summary>
    /// <remarks>
    /// A request is read, answered and sent on the thread that its bytes woke; one that takes long keeps that thread, which is the
    /// pool's, and no other connection.
    /// </remarks>
    public static SocketTransportOptions Shared() => new() { UnsafePreferInlineScheduling = true, WaitForDataBeforeAllocatingBuffer = false };

    private sealed class Listener(Socket socket, int most) : IConnectionListener
    {
        private readonly SocketConnectionContextFactory _others = new(
            new SocketConnectionFactoryOptions { UnsafePreferInlineScheduling = true, WaitForDataBeforeAllocatingBuffer = false },
            NullLogger.Instance);

        private int _threads;
        private long _accepted;

        public EndPoint EndPoint { get; } = socket.LocalEndPoint ?? throw new InvalidOperationException("not bound");

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (true)
            {
                try
                {
                    return Connect(await socket.AcceptAsync(cancellationToken));
                }
                catch (Exception e) when (e is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
                {
                    return null; // unbound
                }
                catch (SocketException)
                {
                    // The client went before it was accepted.
                }
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            socket.Dispose();
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            socket.Dispose();
            _others.Dispose();
            return ValueTask.CompletedTask;
        }

        private ConnectionContext Connect(Socket accepted)
        {
            accepted.NoDelay = true;
            if (Interlocked.Increment(ref _threads) > most)
            {
                Interlocked.Decrement(ref _threads);
                return _others.Create(accepted);
            }

            ThreadConnection connection = new(
                accepted, Interlocked.Increment(ref _accepted), () => Interlocked.Decrement(ref _threads));
            connection.Start();
            return connection;
        }
    }
}
