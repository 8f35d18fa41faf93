namespace Dash.Ipc.Capabilities;

/// <summary>
/// The capability at a place in the results of a call that hasn't been answered yet. Calls to it go to the other
/// process at
/// once, which knows what they are for when it gets there.
/// </summary>
/// <param name="peer">The other process.</param>
/// <param name="question">The call.</param>
/// <param name="path">Index of the pointer field at each level of the results.</param>
internal sealed class PipelinedCapability(RemotePeer peer, PendingCall question, ushort[] path) : RemoteCapability(peer)
{
    internal PendingCall Question => question;

    internal ReadOnlySpan<ushort> Path => path;

    internal override bool IsPromise => true;
}
