using System.Collections.Concurrent;
using System.Net.Sockets;
using Dash.Ipc.Transports;

namespace Dash.Ipc.Multiprocess;

/// <summary>Listens, and hands each connection a first object of its own.</summary>
/// <param name="listener">Owned by the server.</param>
/// <param name="serve">Makes the server of a connection's first object.</param>
/// <param name="options">What a connection may cost and where it logs.</param>
public sealed class IpcServer(IpcListener listener, Func<ProxyConnection, ProxyServer> serve, IpcOptions options)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(100);

    // While nobody else needs its place, a connection may take so many times as long to say who it is: the link may be slow.
    private const int MoreHandshakes = 12;

    private readonly ConcurrentDictionary<ProxyConnection, byte> _connections = new();

    /// <summary>The connections being served.</summary>
    public IReadOnlyCollection<ProxyConnection> Connections => [.. _connections.Keys];

    /// <summary>Serves until cancelled; then stops listening, ends all connections and returns.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var room = new SemaphoreSlim(options.MaxConnections);
        var serving = new ConcurrentDictionary<Task, byte>();
        using (listener)
        {
            while (!ct.IsCancellationRequested)
            {
                try
                {
                    await room.WaitAsync(ct).ConfigureAwait(false);
                    if (await AcceptAsync(room, ct).ConfigureAwait(false) is { } socket)
                    {
                        var ended = ServeAsync(socket, room, ct);
                        serving.TryAdd(ended, 0);
                        _ = ended.ContinueWith(
                            task => serving.TryRemove(task, out _), CancellationToken.None,
                            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                    }
                }
                catch (OperationCanceledException) when (ct.IsCancellationRequested)
                {
                    break;
                }
            }
        }

        foreach (var connection in _connections.Keys)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        await Task.WhenAll(serving.Keys).ConfigureAwait(false);
    }

    private async Task<Socket?> AcceptAsync(SemaphoreSlim room, CancellationToken ct)
    {
        try
        {
            return await listener.AcceptSocketAsync(ct).ConfigureAwait(false);
        }
        catch (SocketException failure)
        {
            // Out of descriptors, or gone before it was accepted.
            room.Release();
            Log.Refused(options.Logger, failure.Message);
            await Task.Delay(RetryAfter, options.Time, ct).ConfigureAwait(false);
            return null;
        }
        catch
        {
            room.Release();
            throw;
        }
    }

    // Never throws: what goes wrong with one peer is a line.
    private async Task ServeAsync(Socket socket, SemaphoreSlim room, CancellationToken ct)
    {
        try
        {
            if (await WelcomeAsync(socket, room, ct).ConfigureAwait(false) is { } transport)
            {
                Log.Connected(options.Logger, transport.Peer);
                var connection = ProxyConnection.Open(transport, serve, options);
                _connections.TryAdd(connection, 0);
                if (ct.IsCancellationRequested)
                {
                    await connection.DisposeAsync().ConfigureAwait(false); // too late to be ended with the others
                }

                await connection.Completion.ConfigureAwait(false);
                _connections.TryRemove(connection, out _);
            }
        }
        finally
        {
            room.Release();
        }
    }

    private async Task<Transport?> WelcomeAsync(Socket socket, SemaphoreSlim room, CancellationToken ct)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var looks = 0;
        await using var deadline = options.Time.CreateTimer(
            _ =>
            {
                if (++looks >= MoreHandshakes || room.CurrentCount == 0)
                {
                    end.Cancel();
                }
            },
            null,
            options.Limits.HandshakeTimeout,
            options.Limits.HandshakeTimeout).ConfigureAwait(false);
        try
        {
            return await listener.WelcomeAsync(socket, end.Token).ConfigureAwait(false);
        }
        catch (UnauthorizedAccessException stranger)
        {
            Log.Refused(options.Logger, stranger.Message);
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            Log.Refused(options.Logger, failure.Message);
        }
        catch (OperationCanceledException)
        {
            Log.Refused(options.Logger, "it did not say who it is in time");
        }

        return null;
    }
}
