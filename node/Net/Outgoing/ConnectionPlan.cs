using Dash.Node.Net.Addresses;
using Dash.Node.Net.Peers;

namespace Dash.Node.Net.Outgoing;

/// <summary>The next connection to make.</summary>
/// <param name="Type">What it is for.</param>
internal sealed record ConnectionPlan(ConnectionType Type)
{
    /// <summary>Whether it is to a peer of the last run.</summary>
    public bool IsAnchor { get; init; }

    /// <summary>Only to this network; null for any.</summary>
    public NetworkKind? Network { get; init; }

    /// <summary>Only to an onion service, as there are fewer of them than we would have.</summary>
    public bool IsOnion { get; init; }
}
