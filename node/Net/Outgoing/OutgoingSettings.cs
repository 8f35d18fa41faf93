using Dash.Node.Net.Addresses;

namespace Dash.Node.Net.Outgoing;

/// <summary>How peers are looked for.</summary>
internal sealed record OutgoingSettings
{
    /// <summary>Whether encrypted connections are made.</summary>
    public required bool UsesV2 { get; init; }

    /// <summary>Whether several peers may be of one group: on networks of test machines.</summary>
    public required bool AllowsOneGroup { get; init; }

    /// <summary>Whether addresses are logged.</summary>
    public required bool LogsAddresses { get; init; }

    /// <summary>The port at which we listen.</summary>
    public required ushort ListenPort { get; init; }

    /// <summary>Peers of the last run that only gave blocks.</summary>
    public required IReadOnlyList<PeerAddress> Anchors { get; init; }
}
