using System.Collections.Concurrent;
using System.Net.Sockets;
using Dash.Ipc.Transports;

namespace Dash.Ipc.Multiprocess;

/// <summary>Listens, and hands each connection a first object of its own.</summary>
/// <param name="listener">Owned by the server.</param>
/// <param name="serve">Makes the server of a connection's first object.</param>
/// <param name="options">What a connection may cost and where it logs.</param>
public sealed class IpcServer(UnixSocketListener listener, Func<ProxyConnection, ProxyServer> serve, IpcOptions options)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(100);

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
                    var connection = await AcceptAsync(room, ct).ConfigureAwait(false);
                    if (connection is not null)
                    {
                        var ended = ServeAsync(connection, room);
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

    private async Task<ProxyConnection?> AcceptAsync(SemaphoreSlim room, CancellationToken ct)
    {
        try
        {
            var transport = await listener.AcceptAsync(ct).ConfigureAwait(false);
            Log.Connected(options.Logger, transport.Peer);
            var connection = ProxyConnection.Open(transport, serve, options);
            _connections.TryAdd(connection, 0);
            return connection;
        }
        catch (UnauthorizedAccessException stranger)
        {
            Log.Refused(options.Logger, stranger.Message);
        }
        catch (SocketException failure)
        {
            // Out of descriptors, or gone before it was accepted.
            Log.Refused(options.Logger, failure.Message);
            await Task.Delay(RetryAfter, options.Time, ct).ConfigureAwait(false);
        }
        catch
        {
            room.Release();
            throw;
        }

        room.Release();
        return null;
    }

    private async Task ServeAsync(ProxyConnection connection, SemaphoreSlim room)
    {
        await connection.Completion.ConfigureAwait(false);
        _connections.TryRemove(connection, out _);
        room.Release();
    }
}
