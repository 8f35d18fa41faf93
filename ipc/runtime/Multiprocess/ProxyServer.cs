using Dash.Ipc.Capabilities;
using Dash.Ipc.Layout;

namespace Dash.Ipc.Multiprocess;

/// <summary>
/// Base of generated servers: an object of this process that the peer of one connection may call. The object belongs
/// to the
/// server: when the peer destroys it, lets it go or is gone, it is disposed, if it can be.
/// </summary>
/// <remarks>
/// Calls of methods with a context run one after another on the lane it names. Calls of methods without one start in
/// the
/// order they came and must be quick. Both run on the thread pool.
/// </remarks>
public abstract class ProxyServer : LocalCapability
{
    private readonly object _target;
    private int _destroyed;

    /// <summary>Makes the server of an object.</summary>
    /// <param name="target">The object that the calls are for.</param>
    /// <param name="connection">Where the calls come from.</param>
    protected ProxyServer(object target, ProxyConnection connection)
    {
        ArgumentNullException.ThrowIfNull(target);
        _target = target;
        Connection = connection;
    }

    /// <summary>The object that the calls are for.</summary>
    protected internal object Target => _target;

    /// <summary>Whether the object was ended.</summary>
    internal bool IsDestroyed => Volatile.Read(ref _destroyed) != 0;

    /// <summary>Where the calls come from.</summary>
    protected ProxyConnection Connection { get; }

    /// <summary>The method of those numbers, of this interface or one it extends; null if there is none.</summary>
    protected abstract ProxyMethod? FindMethod(ulong interfaceId, ushort methodId);

    /// <summary>
    /// Executes a call: reads the parameters, awaits the object, writes the results. <c>destroy</c> and <c>construct</c>
    /// never come here.
    /// </summary>
    /// <exception cref="IpcException">
    /// The method is unknown (<see cref="IpcException.UnknownMethod"/>, <see cref="IpcException.UnknownInterface"/>); or
    /// whatever the object throws, of which the peer is told the message.
    /// </exception>
    protected abstract ValueTask DispatchAsync(ulong interfaceId, ushort methodId, ProxyCall call, CancellationToken ct);

    internal sealed override void Deliver(CallContext call)
    {
        if (call.InterfaceId == ProxySchema.InitInterface && call.MethodId == ProxySchema.Construct)
        {
            Connection.AnswerConstruct(call);
            return;
        }

        AddReference(); // until the call has ended
        var method = FindMethod(call.InterfaceId, call.MethodId);
        call.IsPublic = method is { HasSecrets: false };
        var number = Connection.Trace.RequestReceived(this, method, call);
        if (method is null || method.ContextPointer < 0)
        {
            Connection.WithoutContext.Post(() => ExecuteAsync(call, method, number, null, null));
            return;
        }

        Capability? thread;
        Capability? callbackThread;
        try
        {
            var context = call.ParamsPointer.GetStruct().GetPointer(method.ContextPointer).GetStruct();
            thread = context.GetPointer(0).GetCapability() as Capability;
            callbackThread = context.GetPointer(1).GetCapability() as Capability;
        }
        catch (IpcFormatException illFormed)
        {
            Refuse(call, method, number, IpcException.Of(illFormed));
            return;
        }

        if (thread is null || thread.Resolution is not QueuedCapability { Next: null } promise)
        {
            Post(call, method, number, thread, callbackThread);
            return;
        }

        // The thread is the result of a call that is still running here: its turn comes when that is known.
        promise.WhenResolved.GetAwaiter().OnCompleted(() => Post(call, method, number, thread, callbackThread));
    }

    private protected sealed override Capability? OnUnreferenced()
    {
        Connection.Drop(this, DestroyTargetAsync);
        return null;
    }

    private void Post(CallContext call, ProxyMethod method, IpcTrace.Request number, Capability? thread, Capability? callbackThread)
    {
        try
        {
            var lane = Connection.FindThread(thread);
            lane.Lane.Post(() => ExecuteAsync(call, method, number, lane, callbackThread));
        }
        catch (IpcException refused)
        {
            Refuse(call, method, number, refused);
        }
    }

    private async Task ExecuteAsync(
        CallContext call, ProxyMethod? method, IpcTrace.Request number, ThreadCapability? lane, Capability? callbackThread)
    {
        var scope = lane is null ? null : new CallScope(Connection, callbackThread, lane.Callback);
        try
        {
            scope?.Enter();
            if (IsDestroyed)
            {
                throw new IpcException("called after destroy");
            }

            if (method is { IsDestroy: true })
            {
                await DestroyTargetAsync().ConfigureAwait(false);
            }
            else
            {
                await DispatchAsync(call.InterfaceId, call.MethodId, new ProxyCall(call, Connection), call.Cancelled)
                    .ConfigureAwait(false);
            }
        }
        catch (Exception failure)
        {
            scope?.End();
            Refuse(call, method, number, IpcException.Of(failure));
            return;
        }

        scope?.End();
        if (call.ResultsPointer.IsNull)
        {
            call.ResultsPointer.InitStruct(0, 0);
        }

        Connection.Trace.ResponseSent(this, method, call, number);
        call.Complete();
        WipeSecrets(call, method);
        Release();
    }

    private void Refuse(CallContext call, ProxyMethod? method, IpcTrace.Request number, IpcException failure)
    {
        Connection.Trace.ErrorSent(this, method, call, number, failure);
        call.Fail(failure);
        WipeSecrets(call, method);
        Release();
    }

    private static void WipeSecrets(CallContext call, ProxyMethod? method)
    {
        if (method is { HasSecrets: true })
        {
            call.WipeParams();
        }
    }

    private async Task DestroyTargetAsync()
    {
        if (Interlocked.Exchange(ref _destroyed, 1) == 0 && _target is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync().ConfigureAwait(false);
        }
    }
}
