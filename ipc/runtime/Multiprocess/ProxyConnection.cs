using System.Runtime.CompilerServices;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Connections;
using Dash.Ipc.Layout;
using Dash.Ipc.Transports;
using Microsoft.Extensions.Logging;

namespace Dash.Ipc.Multiprocess;

/// <summary>
/// A connection to one other process as generated proxies use it: objects go in and come out, calls find their lanes.
/// Either side may offer a first object, and either may ask the other for its own.
/// </summary>
public sealed class ProxyConnection : IAsyncDisposable
{
    private readonly ILogger _logger;
    private readonly IpcOptions _options;
    private readonly LanePool _lanes;
    private readonly ThreadMapCapability _threadMap;
    private readonly ServedObjects _served = new();
    private readonly Connection _connection;
    private Capability? _remoteThreadMap;

    private ProxyConnection(Transport transport, Func<ProxyConnection, ProxyServer>? serve, IpcOptions options)
    {
        _options = options;
        _logger = options.Logger;
        _lanes = new LanePool(this, options.ProcessName, options.Limits.MaxThreads);
        _threadMap = new ThreadMapCapability(this, options.ProcessName, options.Limits.MaxThreads);
        _connection = new Connection(transport, serve?.Invoke(this), options.Limits, options.Time, _logger, (options.Receiving, options.Received));
        Trace = new IpcTrace(_logger, _connection);
    }

    /// <summary>Starts to speak with whoever is at the other end.</summary>
    /// <param name="transport">Owned by the connection from here on.</param>
    /// <param name="serve">Makes the server of the first object the peer gets; null if we offer none.</param>
    /// <param name="options">What it may cost and where it logs.</param>
    public static ProxyConnection Open(Transport transport, Func<ProxyConnection, ProxyServer>? serve, IpcOptions options)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(options);
        var connection = new ProxyConnection(transport, serve, options);
        connection.Completion = connection.RunAsync();
        return connection;
    }

    /// <summary>Completes when the connection has ended and its transport is closed. Never fails.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Who is at the other end, for logs.</summary>
    public string Peer => _connection.Peer;

    /// <summary>Why the connection ended; null while it lives.</summary>
    public IpcException? EndReason => _connection.Reason;

    /// <summary>Cancelled when the connection has ended, for whatever reason; it never comes back.</summary>
    public CancellationToken Disconnected => _connection.Disconnected;

    /// <summary>How long the peer usually takes to answer, of late; zero before it has answered.</summary>
    public TimeSpan RoundTrip => _connection.RoundTrips.Usual;

    internal IpcTrace Trace { get; }

    /// <summary>Lanes that were made at the peer so far; for tests.</summary>
    internal int LanesMade => _lanes.Made;

    /// <summary>The protocol below; for tests.</summary>
    internal Connection Protocol => _connection;

    /// <summary>Where calls of methods without a context start, in the order they came.</summary>
    internal Lane WithoutContext { get; } = new(overlapping: true);

    /// <summary>
    /// Asks the peer for its first object and introduces ourselves to it, so that calls in both directions find their
    /// lanes.
    /// </summary>
    /// <param name="makeClient">Makes the generated client of it, which the caller disposes.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="IpcException">The peer has none, or doesn't answer in time, or is gone.</exception>
    public async Task<T> BootstrapAsync<T>(Func<Capability, ProxyConnection, T> makeClient, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(makeClient);
        using var deadline = new CancellationTokenSource(_options.Limits.HandshakeTimeout, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        var begun = _options.Time.GetTimestamp();
        var asking = _connection.Bootstrap();
        var first = asking.Pipeline();
        try
        {
            var constructing = first.Send(NewConstruct()); // in one go with the question for the object it is for
            using var bootstrapped = await ResponseAsync(asking, either.Token).ConfigureAwait(false);
            await IntroduceAsync(constructing, either.Token).ConfigureAwait(false);
            _connection.RoundTrips.Add(_options.Time.GetElapsedTime(begun));
            return makeClient(first.Resolution.AddReference(), this);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new IpcException(
                IpcErrorKind.Disconnected, $"IPC peer did not answer within {_options.Limits.HandshakeTimeout.TotalSeconds} s");
        }
        finally
        {
            first.Release();
        }
    }

    /// <summary>Ends the connection: what was said is still sent, then both directions close.</summary>
    public async ValueTask DisposeAsync()
    {
        _connection.Close();
        await Completion.ConfigureAwait(false);
    }

    /// <summary>
    /// A capability for an object of ours, to be set in a message; the same as long as the peer holds it. The object
    /// then
    /// belongs to the peer: it is disposed when the peer destroys it, lets it go or is gone. So what is given to
    /// several
    /// peers must bear to be disposed by each.
    /// </summary>
    /// <param name="target">The object, or null.</param>
    /// <param name="makeServer">Makes the generated server of it.</param>
    /// <returns>One reference to it, for the message; null for null.</returns>
    public CapabilityHandle? Export<T>(T? target, Func<T, ProxyConnection, ProxyServer> makeServer)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(makeServer);
        return target switch
        {
            null => null,
            ProxyClient client when client.Connection == this => client.Target.AddReference(), // it goes home
            _ => _served.Get(target, makeServer, this),
        };
    }

    /// <summary>
    /// The object that a capability of a message stands for: a client of the peer's object, which the caller
    /// disposes, or
    /// the very object of ours that the peer gave back.
    /// </summary>
    /// <param name="cap">The capability, which stays the message's; or null.</param>
    /// <param name="makeClient">Makes the generated client of it.</param>
    public T? Import<T>(CapabilityHandle? cap, Func<Capability, ProxyConnection, T> makeClient)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(makeClient);
        return cap switch
        {
            Capability { Resolution: ProxyServer { Target: T ours } } => ours,
            Capability capability => makeClient(capability.AddReference(), this),
            _ => null,
        };
    }

    internal ValueTask<TResult> CallAsync<TArgs, TResult>(
        Capability target, ProxyMethod method, TArgs args, WriteParams<TArgs> write, ReadResults<TResult> read,
        CancellationToken ct)
    {
        var room = ct.IsCancellationRequested ? default : _connection.WaitForRoomAsync(ct);
        return method.ContextPointer < 0
            ? CallDirectlyAsync(room, target, method, args, write, read, ct)
            : CallOnLaneAsync(room, target, method, args, write, read, ct);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TResult> CallDirectlyAsync<TArgs, TResult>(
        ValueTask room, Capability target, ProxyMethod method, TArgs args, WriteParams<TArgs> write, ReadResults<TResult> read,
        CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        await room.ConfigureAwait(false);
        var pending = Start(target, method, args, write, null, null, out var sent);
        var result = await FinishAsync(pending, target, method, sent, read, ct).ConfigureAwait(false);
        pending.Recycle();
        return result;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TResult> CallOnLaneAsync<TArgs, TResult>(
        ValueTask room, Capability target, ProxyMethod method, TArgs args, WriteParams<TArgs> write, ReadResults<TResult> read,
        CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        await room.ConfigureAwait(false);

        // What a call left behind may come here while it ends: then it is on its own, on a lane of ours.
        if (CallScope.Current is { CallbackThread: not null } scope && scope.Connection == this)
        {
            await scope.WaitForTurnAsync(ct).ConfigureAwait(false);
            try
            {
                PendingCall? nested = null;
                long nestedSent = 0;
                lock (scope.Gate)
                {
                    if (scope.IsRunning)
                    {
                        nested = Start(target, method, args, write, scope.CallbackThread, scope.OwnThread, out nestedSent);
                    }
                }

                if (nested is not null)
                {
                    var result = await FinishAsync(nested, target, method, nestedSent, read, ct).ConfigureAwait(false);
                    nested.Recycle();
                    return result;
                }
            }
            finally
            {
                scope.EndTurn();
            }
        }

        var lane = await _lanes.RentAsync(_remoteThreadMap, ct).ConfigureAwait(false);
        var ended = Task.CompletedTask;
        try
        {
            var pending = Start(target, method, args, write, lane.Thread, lane.Callback, out var sent);
            try
            {
                var result = await FinishAsync(pending, target, method, sent, read, ct).ConfigureAwait(false);
                pending.Recycle(); // which has ended with its answer
                return result;
            }
            catch
            {
                ended = pending.WhenEnded;
                throw;
            }
        }
        finally
        {
            _lanes.Return(lane, ended);
        }
    }

    /// <summary>Calls a method that ends an object; that this may fail is only worth a line.</summary>
    internal async ValueTask DestroyAsync(Capability target, ProxyMethod destroy)
    {
        if (Disconnected.IsCancellationRequested)
        {
            return;
        }

        try
        {
            await CallAsync(target, destroy, 0, static (_, _, _) => { }, static (_, _) => 0, Disconnected).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IpcException or OperationCanceledException)
        {
            Log.DestroyFailed(_logger, destroy.InterfaceName, failure.Message);
        }
    }

    /// <summary>The lane that a call's context names.</summary>
    /// <exception cref="IpcException">It names none, or none of this connection.</exception>
    internal ThreadCapability FindThread(Capability? thread) => thread?.Resolution switch
    {
        ThreadCapability found when found.Connection == this => found,
        null => _threadMap.LeastBusy
            ?? throw new IpcException("std::exception: no thread specified and no pool configured"),
        BrokenCapability broken => throw broken.Reason,
        _ => throw new IpcException("std::exception: invalid thread handle"),
    };

    /// <summary>The peer introduces itself: it hands over its thread map and gets ours.</summary>
    internal void AnswerConstruct(CallContext call)
    {
        try
        {
            Meet(call.ParamsPointer.GetStruct().GetPointer(0).GetCapability() as Capability);
            call.ResultsPointer.InitStruct(0, 1).GetPointer(0).SetCapability(_threadMap.AddReference());
        }
        catch (IpcFormatException illFormed)
        {
            call.Fail(IpcException.Of(illFormed));
            return;
        }

        call.Complete();
    }

    /// <summary>The peer holds an object of ours no more.</summary>
    internal void Drop(ProxyServer server, Func<Task> end)
    {
        _served.Remove(server);
        WithoutContext.Post(async () =>
        {
            try
            {
                await end().ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                Log.CleanUpFailed(_logger, failure);
            }
        });
    }

    internal void ReportLeak(ProxyClient client) => Log.Leaked(_logger, client.GetType().Name);

    private async Task RunAsync()
    {
        var watching = new Heartbeat(_connection, _options.Limits, _options.Time).RunAsync();
        await _connection.RunAsync().ConfigureAwait(false);
        await watching.ConfigureAwait(false);
    }

    private OutgoingCall NewConstruct()
    {
        var construct = new OutgoingCall(ProxySchema.InitInterface, ProxySchema.Construct);
        construct.Content.InitStruct(0, 1).GetPointer(0).SetCapability(_threadMap.AddReference());
        return construct;
    }

    private async Task IntroduceAsync(PendingCall constructing, CancellationToken ct)
    {
        try
        {
            using var constructed = await ResponseAsync(constructing, ct).ConfigureAwait(false);
            Meet(constructed.Content.GetStruct().GetPointer(0).GetCapability() as Capability);
        }
        catch (IpcException plain) when (plain.Kind == IpcErrorKind.Unimplemented)
        {
            // A peer without lanes: what needs no context works with it.
        }
        catch (IpcFormatException illFormed)
        {
            throw IpcException.Of(illFormed);
        }
    }

    // The first thread map that the peer hands over counts.
    private void Meet(Capability? threadMap)
    {
        if (threadMap is not null && Interlocked.CompareExchange(ref _remoteThreadMap, threadMap, null) is null)
        {
            threadMap.AddReference();
        }
    }

    private static async Task<CallResponse> ResponseAsync(PendingCall pending, CancellationToken ct)
    {
        // The state is the call given beside it.
        await using var cancellation = ct.UnsafeRegister(
            static (state, token) => ((PendingCall)state!).Cancel(token), pending).ConfigureAwait(false);
        return await pending.ResponseOnce.ConfigureAwait(false);
    }

    private PendingCall Start<TArgs>(
        Capability target, ProxyMethod method, TArgs args, WriteParams<TArgs> write, Capability? thread,
        Capability? callbackThread, out long sent)
    {
        var call = new OutgoingCall(method.InterfaceId, method.MethodId) { HasDeadline = !method.Waits, IsPublic = !method.HasSecrets };
        try
        {
            var parameters = call.Content.InitStruct(method.ParamDataWords, method.ParamPointers);
            write(parameters, args, this);
            if (method.ContextPointer >= 0)
            {
                var context = parameters.GetPointer(method.ContextPointer).InitStruct(0, 2);
                context.GetPointer(0).SetCapability(thread?.AddReference());
                context.GetPointer(1).SetCapability(callbackThread?.AddReference());
            }
        }
        catch (IpcFormatException tooLarge)
        {
            call.Discard();
            throw IpcException.Of(tooLarge);
        }
        catch
        {
            call.Discard();
            throw;
        }

        sent = Trace.Sent(target, method, call);
        return target.Send(call);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TResult> FinishAsync<TResult>(
        PendingCall pending, Capability target, ProxyMethod method, long sent, ReadResults<TResult> read, CancellationToken ct)
    {
        try
        {
            // The state is the call given beside it.
            await using var cancellation = ct.UnsafeRegister(
                static (state, token) => ((PendingCall)state!).Cancel(token), pending).ConfigureAwait(false);
            using var response = await pending.ResponseOnce.ConfigureAwait(false);
            Trace.Received(target, method, response, sent);
            try
            {
                return read(response.Content.GetStruct(), this);
            }
            finally
            {
                if (method.HasSecrets)
                {
                    response.Wipe();
                }
            }
        }
        catch (IpcFormatException illFormed)
        {
            throw IpcException.Of(illFormed);
        }
        catch (Exception failure)
        {
            Trace.Failed(target, method, failure, sent);
            throw;
        }
    }
}
