using System.Net;
using System.Net.Sockets;
using System.Text;
using Dash.Common.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Dash.Rpc.Http;

/// <summary>
/// Kestrel's way to the network where a call is short: a connection has a thread that waits for its bytes in the kernel, answers
/// there and waits again, which is two system calls a request. The runtime's own way, through a poller and the pool, takes over
/// twice the processor time, nearly all of it for threads that wake each other. Connections of users who have many go through
/// a <see cref="ConnectionCrowd"/>.
/// </summary>
/// <param name="crowd">All connections; its owner ends it.</param>
/// <param name="time">What pauses are measured by.</param>
internal sealed class ConnectionThreads(ConnectionCrowd crowd, TimeProvider time) : IConnectionListenerFactory
{
    // As many as Kestrel lets wait to be accepted.
    private const int Backlog = 512;

    // What is there of a request is taken, or the system would tell its sender that it was lost instead of giving him the answer.
    private const int Drained = 1 << 16;

    // A connection that could not be accepted for want of descriptors or memory still waits: asked again at once, it would keep a core busy.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(100);

    private static readonly byte[] Refusal = Encoding.ASCII.GetBytes(
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\n" +
        "Content-Type: text/html; charset=ISO-8859-1\r\nContent-Length: 25\r\n\r\nWork queue depth exceeded");

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        try
        {
            socket.Listen(Backlog);
            return new(new Listener(socket, crowd, time));
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

    private static void Refuse(Socket accepted)
    {
        using (accepted)
        {
            try
            {
                accepted.Blocking = false;
                accepted.Send(Refusal);
                accepted.Shutdown(SocketShutdown.Send);
                accepted.Receive(new byte[Drained]);
            }
            catch (SocketException)
            {
                // Nothing came yet, or the client has gone.
            }
        }
    }

    private sealed class Listener(Socket socket, ConnectionCrowd crowd, TimeProvider time) : IConnectionListener
    {
        public EndPoint EndPoint { get; } = socket.LocalEndPoint ?? throw new InvalidOperationException("not bound");

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (true)
            {
                try
                {
                    var accepted = await socket.AcceptAsync(cancellationToken);
                    if (crowd.IsFull || FileDescriptors.AreScarceFor(accepted))
                    {
                        Refuse(accepted);
                        continue;
                    }

                    accepted.NoDelay = true;
                    CallConnection connection = new(accepted, crowd);
                    connection.Start();
                    return connection;
                }
                catch (Exception e) when (e is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
                {
                    return null; // unbound
                }
                catch (SocketException)
                {
                    // Out of descriptors or memory, or the client went before it was accepted.
                    await Task.Delay(RetryAfter, time, cancellationToken);
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
            return ValueTask.CompletedTask;
        }
    }
}
