namespace Dash.Node.Net.Addresses;

/// <summary>An address of ours.</summary>
/// <param name="Endpoint">The address.</param>
/// <param name="Score">How far it is trusted, see <see cref="LocalScore"/>; peers that confirm it add to it.</param>
internal readonly record struct LocalAddress(NetEndpoint Endpoint, int Score);
