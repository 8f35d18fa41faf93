using Dash.Ipc.Capabilities;

namespace Dash.Ipc.Connections;

/// <summary>What an answer held for its results.</summary>
/// <param name="Results">The results with their capabilities.</param>
/// <param name="Promises">Promises made of them.</param>
internal sealed record Held(OutgoingFrame? Results, IReadOnlyList<QueuedCapability> Promises)
{
    /// <summary>Lets it go; under no lock.</summary>
    internal void Release()
    {
        foreach (var promise in Promises)
        {
            promise.Release();
        }

        if (Results is not null)
        {
            CapabilityTable.Release(Results.Message.Capabilities);
            Results.Release();
        }
    }
}
