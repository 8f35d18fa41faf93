using Dash.Ipc.Capabilities;

namespace Dash.Ipc.Connections;

/// <summary>A capability of ours that the peer holds. Protected by the connection's lock.</summary>
internal sealed class Export(uint id, Capability capability)
{
    internal uint Id => id;

    /// <summary>The capability; one reference to it belongs to the table.</summary>
    internal Capability Capability => capability;

    /// <summary>How often it was sent and not yet released.</summary>
    internal uint References { get; set; }
}
