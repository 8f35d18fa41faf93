namespace Dash.Ipc.Capabilities;

/// <summary>An object, or the promise of one, in the other process's table of exports.</summary>
/// <param name="peer">The other process.</param>
/// <param name="id">Its number there.</param>
/// <param name="isPromise">Whether the other process will say later what it is.</param>
internal sealed class ImportedCapability(RemotePeer peer, uint id, bool isPromise) : RemoteCapability(peer)
{
    internal uint Id => id;

    /// <summary>
    /// How often the other process counts us as a holder: what we give back in the end. Protected by the peer's lock.
    /// </summary>
    internal uint RemoteReferences { get; set; }

    internal override bool IsPromise => isPromise;
}
