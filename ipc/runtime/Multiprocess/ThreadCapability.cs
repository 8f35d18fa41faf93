using Dash.Ipc.Capabilities;

namespace Dash.Ipc.Multiprocess;

/// <summary>A lane of this process, as the peer that names it in its calls holds it.</summary>
internal sealed class ThreadCapability : LocalCapability
{
    private readonly string _name;
    private readonly Action? _dropped;
    private ThreadCapability? _callback;

    internal ThreadCapability(ProxyConnection connection, string name, bool overlapping, Action? dropped = null)
    {
        Connection = connection;
        Lane = new Lane(overlapping);
        _name = name;
        _dropped = dropped;
        _callback = overlapping ? this : null;
    }

    /// <summary>The connection whose peer may name it.</summary>
    internal ProxyConnection Connection { get; }

    internal Lane Lane { get; }

    /// <summary>
    /// What a call executed here names for callbacks: this lane is busy with the call, so they have one beside it.
    /// It lives as long as this does.
    /// </summary>
    internal ThreadCapability Callback
    {
        get
        {
            if (_callback is null)
            {
                var made = new ThreadCapability(Connection, _name, overlapping: true);
                Interlocked.CompareExchange(ref _callback, made, null);
            }

            return _callback;
        }
    }

    internal override void Deliver(CallContext call)
    {
        if (call.InterfaceId != ProxySchema.ThreadInterface)
        {
            call.Fail(IpcException.UnknownInterface("mp/proxy.capnp:Thread", call.InterfaceId));
        }
        else if (call.MethodId != ProxySchema.GetName)
        {
            call.Fail(IpcException.UnknownMethod("mp/proxy.capnp:Thread", call.InterfaceId, call.MethodId));
        }
        else
        {
            call.ResultsPointer.InitStruct(0, 1).GetPointer(0).SetText(_name);
            call.Complete();
        }
    }

    private protected override Capability? OnUnreferenced()
    {
        if (_callback is { } callback && callback != this)
        {
            callback.Release();
        }

        _dropped?.Invoke();
        return null;
    }
}
