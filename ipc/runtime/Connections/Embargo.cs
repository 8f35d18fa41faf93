using Dash.Ipc.Capabilities;

namespace Dash.Ipc.Connections;

/// <summary>
/// Calls to an object of ours that we first reached by way of the peer: they wait until those sent that way have come
/// around. Both references belong to the entry.
/// </summary>
/// <param name="Waiting">Where calls wait.</param>
/// <param name="Target">What they go to then.</param>
internal sealed record Embargo(QueuedCapability Waiting, Capability Target);
