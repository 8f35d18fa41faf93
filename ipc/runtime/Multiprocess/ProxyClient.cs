using Dash.Ipc.Capabilities;

namespace Dash.Ipc.Multiprocess;

/// <summary>
/// Base of generated clients: an object of the other process that is used like one of this process. Whoever got it
/// disposes
/// it, which ends the object there too if its interface has <c>destroy</c>.
/// </summary>
/// <remarks>Any thread may use it; calls run side by side unless one awaits the other.</remarks>
public abstract class ProxyClient : IAsyncDisposable
{
    private readonly ProxyMethod? _destroy;
    private int _disposed;

    /// <summary>Makes the client of an object.</summary>
    /// <param name="target">The object; one reference to it now belongs to the client.</param>
    /// <param name="connection">The connection it came over.</param>
    /// <param name="destroy">The method that ends the object, if there is one.</param>
    protected ProxyClient(Capability target, ProxyConnection connection, ProxyMethod? destroy)
    {
        Target = target;
        Connection = connection;
        _destroy = destroy;
    }

    /// <summary>A client that nobody disposed: what it held at the other side is given back all the same.</summary>
    ~ProxyClient()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Connection.ReportLeak(this);
            Target.Release();
        }
    }

    /// <summary>The object.</summary>
    public Capability Target { get; }

    /// <summary>The connection the object came over; every call fails once it has ended.</summary>
    public ProxyConnection Connection { get; }

    /// <summary>
    /// Ends the object in the other process, if it can be told, and lets it go. Never throws; may be repeated.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        GC.SuppressFinalize(this);
        if (_destroy is not null)
        {
            await Connection.DestroyAsync(Target, _destroy).ConfigureAwait(false);
        }

        Target.Release();
    }

    /// <summary>
    /// Lets the object go without ending it: what a borrower does. Instead of disposing, or before it.
    /// </summary>
    public void LetGo()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
#pragma warning disable CA1816 // this is the other way to dispose
            GC.SuppressFinalize(this);
#pragma warning restore CA1816
            Target.Release();
        }
    }

    /// <summary>Calls a method of the object.</summary>
    /// <param name="method">Which.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="write">Writes them.</param>
    /// <param name="read">Reads the results.</param>
    /// <param name="ct">Gives the call up; the other process is told.</param>
    /// <exception cref="IpcException">The method failed, or the connection did.</exception>
    protected ValueTask<TResult> CallAsync<TArgs, TResult>(
        ProxyMethod method, TArgs args, WriteParams<TArgs> write, ReadResults<TResult> read, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return Connection.CallAsync(Target, method, args, write, read, ct);
    }
}
