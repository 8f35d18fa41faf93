namespace Dash.Ipc.Multiprocess;

/// <summary>A connection and the peer's first object: what connecting gives. Disposing ends both.</summary>
/// <typeparam name="T">The interface of the first object.</typeparam>
public sealed class IpcSession<T> : IAsyncDisposable
    where T : class
{
    internal IpcSession(T init, ProxyConnection connection)
    {
        Init = init;
        Connection = connection;
    }

    /// <summary>The peer's first object.</summary>
    public T Init { get; }

    /// <summary>The connection.</summary>
    public ProxyConnection Connection { get; }

    /// <summary>Cancelled when the connection has ended.</summary>
    public CancellationToken Disconnected => Connection.Disconnected;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Init is ProxyClient client)
        {
            await client.DisposeAsync().ConfigureAwait(false);
        }

        await Connection.DisposeAsync().ConfigureAwait(false);
    }
}
