namespace Dash.Ipc.Capabilities;

/// <summary>A capability that the other process knows how to reach.</summary>
internal abstract class RemoteCapability(RemotePeer peer) : Capability
{
    private readonly TaskCompletionSource _resolved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Capability? _next;

    internal RemotePeer Peer => peer;

    internal override Capability? Next => _next;

    internal override Task WhenResolved => IsPromise ? _resolved.Task : Task.CompletedTask;

    /// <summary>Whether what it is may still change.</summary>
    internal abstract bool IsPromise { get; }

    /// <summary>
    /// Whether anything was sent by way of this promise, which must arrive before what is sent straight to its
    /// resolution. Protected by the peer's lock.
    /// </summary>
    internal bool Used { get; set; }

    /// <summary>
    /// Says what the promise became, once. Takes over the reference to <paramref name="next"/>. Under the peer's lock, so
    /// that every call goes either the old way or the new one.
    /// </summary>
    internal void Resolve(Capability next)
    {
        if (ReferenceEquals(next.Resolution, this))
        {
            next.Release();
            next = new BrokenCapability(new IpcException(IpcErrorKind.Failed, "A promise was resolved to itself."));
        }

        _next = next;
        _resolved.TrySetResult();
    }

    internal sealed override PendingCall Send(OutgoingCall call) => peer.Send(this, call);

    internal sealed override void Deliver(CallContext call) => Forwarding.Start(this, call);

    private protected sealed override Capability? OnUnreferenced()
    {
        peer.Forget(this);
        return _next;
    }
}
