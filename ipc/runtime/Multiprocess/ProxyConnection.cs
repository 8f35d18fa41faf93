using System.Diagnostics.CodeAnalysis;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Connections;
using Dash.Ipc.Layout;
using Microsoft.Extensions.Logging;

namespace Dash.Ipc.Multiprocess;

/// <summary>
/// A connection to one other process as generated proxies use it: objects go in and come out, calls find their lanes.
/// </summary>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "A source without a timer holds nothing.")]
public sealed class ProxyConnection
{
    private readonly ILogger _logger;
    private readonly LanePool _lanes;
    private readonly ThreadMapCapability _threadMap;
    private readonly CancellationTokenSource _disconnected = new();
    private Capability? _remoteThreadMap;

    internal ProxyConnection(ILogger logger, IpcLimits limits, string processName)
    {
        _logger = logger;
        Trace = new IpcTrace(logger);
        _lanes = new LanePool(this, processName, limits.MaxThreads);
        _threadMap = new ThreadMapCapability(this, processName, limits.MaxThreads);
    }

    /// <summary>Cancelled when the connection has ended, for whatever reason; it never comes back.</summary>
    public CancellationToken Disconnected => _disconnected.Token;

    internal IpcTrace Trace { get; }

    /// <summary>Where calls of methods without a context start, in the order they came.</summary>
    internal Lane WithoutContext { get; } = new(overlapping: true);

    /// <summary>
    /// A capability for an object of ours, to be set in a message. The object then belongs to the peer: it is disposed when
    /// the peer destroys it, lets it go or is gone, so what is given out twice must bear to be disposed twice.
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
            _ => makeServer(target, this),
        };
    }

    /// <summary>
    /// The object that a capability of a message stands for: a client of the peer's object, which the caller disposes, or
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

    internal async ValueTask<TResult> CallAsync<TArgs, TResult>(
        Capability target, ProxyMethod method, TArgs args, WriteParams<TArgs> write, ReadResults<TResult> read,
        CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (method.ContextPointer < 0)
        {
            var direct = Start(target, method, args, write, null, null, out var directSent);
            return await FinishAsync(direct, method, directSent, read, ct).ConfigureAwait(false);
        }

        if (CallScope.Current is { CallbackThread: not null } scope && scope.Connection == this)
        {
            await scope.WaitForTurnAsync(ct).ConfigureAwait(false);
            try
            {
                var nested = Start(target, method, args, write, scope.CallbackThread, scope.OwnThread, out var nestedSent);
                return await FinishAsync(nested, method, nestedSent, read, ct).ConfigureAwait(false);
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
                return await FinishAsync(pending, method, sent, read, ct).ConfigureAwait(false);
            }
            finally
            {
                ended = pending.WhenEnded;
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
            var theirs = call.ParamsPointer.GetStruct().GetPointer(0).GetCapability() as Capability;
            if (theirs is not null && Interlocked.CompareExchange(ref _remoteThreadMap, theirs, null) is null)
            {
                theirs.AddReference();
            }

            call.ResultsPointer.InitStruct(0, 1).GetPointer(0).SetCapability(_threadMap.AddReference());
        }
        catch (IpcFormatException illFormed)
        {
            call.Fail(IpcException.Of(illFormed));
            return;
        }

        call.Complete();
    }

    /// <summary>Ends an object of ours that no peer holds any more.</summary>
    internal void CleanUp(Func<Task> end) => WithoutContext.Post(async () =>
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

    internal void ReportLeak(ProxyClient client) => Log.Leaked(_logger, client.GetType().Name);

    private PendingCall Start<TArgs>(
        Capability target, ProxyMethod method, TArgs args, WriteParams<TArgs> write, Capability? thread,
        Capability? callbackThread, out long sent)
    {
        var call = new OutgoingCall(method.InterfaceId, method.MethodId);
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
        catch
        {
            call.Discard();
            throw;
        }

        sent = Trace.Sent(method, call.Message.TotalWords * 8);
        return target.Send(call);
    }

    private async ValueTask<TResult> FinishAsync<TResult>(
        PendingCall pending, ProxyMethod method, long sent, ReadResults<TResult> read, CancellationToken ct)
    {
        try
        {
            // The state is the call given beside it.
            await using var cancellation = ct.UnsafeRegister(
                static (state, token) => ((PendingCall)state!).Cancel(token), pending).ConfigureAwait(false);
            using var response = await pending.Response.ConfigureAwait(false);
            Trace.Received(method, response.Size, sent);
            return read(response.Content.GetStruct(), this);
        }
        catch (IpcFormatException illFormed)
        {
            throw IpcException.Of(illFormed);
        }
        catch (Exception failure)
        {
            Trace.Failed(method, failure, sent);
            throw;
        }
    }
}
