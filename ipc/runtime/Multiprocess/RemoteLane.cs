using Dash.Ipc.Capabilities;

namespace Dash.Ipc.Multiprocess;

/// <summary>A lane at the peer, and the one here on which the peer's callbacks of its calls are executed.</summary>
internal sealed class RemoteLane
{
    private readonly Task<CallResponse>? _making;

    private RemoteLane(Capability? thread, ThreadCapability callback, Task<CallResponse>? making)
    {
        Thread = thread;
        Callback = callback;
        _making = making;
    }

    /// <summary>The peer's thread; null if the peer lets us make none, which it may have a pool for.</summary>
    internal Capability? Thread { get; }

    /// <summary>What callbacks name.</summary>
    internal ThreadCapability Callback { get; }

    /// <summary>Whether the peer made it, as far as is known: that it refused is known by the promise first.</summary>
    internal bool IsUsable => _making is null or { IsFaulted: false, IsCanceled: false } && Thread?.Resolution is not BrokenCapability;

    /// <summary>Asks the peer for a lane. It can be named in calls right away.</summary>
    internal static RemoteLane Make(ProxyConnection connection, Capability? threadMap, string name)
    {
        var callback = new ThreadCapability(connection, name, overlapping: true);
        if (threadMap is null)
        {
            return new RemoteLane(null, callback, null);
        }

        var call = new OutgoingCall(ProxySchema.ThreadMapInterface, ProxySchema.MakeThread);
        call.Content.InitStruct(0, 1).GetPointer(0).SetText(name);
        var pending = threadMap.Send(call);
        var thread = pending.Pipeline(0);
        return new RemoteLane(thread, callback, FinishAsync(pending));
    }

    internal void Release()
    {
        Thread?.Release();
        Callback.Release();
    }

    // The lane keeps its own reference to the thread, so the answer itself is let go as soon as it is there.
    private static async Task<CallResponse> FinishAsync(PendingCall pending)
    {
        var response = await pending.ResponseOnce.ConfigureAwait(false);
        response.Dispose();
        return response;
    }
}
