using Dash.Node.Net.Addresses;

namespace Dash.Node.Net.Connecting;

/// <summary>Whom to connect to: a name the user gave, or an address.</summary>
/// <param name="Name">Host and port as the user wrote them; null for an address that was picked.</param>
/// <param name="Endpoint">The address, if there is no name.</param>
internal readonly record struct DialTarget(string? Name, NetEndpoint Endpoint)
{
    /// <summary>Whether a failure speaks against the address rather than against our own connection.</summary>
    public bool CountsFailure { get; init; }

    /// <summary>As logs have it.</summary>
    public override string ToString() => Name ?? Endpoint.ToString();
}
