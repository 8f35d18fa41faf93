namespace Dash.Ipc.Capabilities;

/// <summary>The other process, as its capabilities see it: what a connection does for them.</summary>
internal abstract class RemotePeer
{
    /// <summary>Sends a call to where <paramref name="target"/> is by now.</summary>
    internal abstract PendingCall Send(RemoteCapability target, OutgoingCall call);

    /// <summary>Nobody in this process holds <paramref name="capability"/> any more.</summary>
    internal abstract void Forget(RemoteCapability capability);
}
