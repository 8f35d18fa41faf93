namespace Dash.Node.Net.Connecting;

/// <summary>A node the user wants to stay connected to.</summary>
/// <param name="Name">Host and port as the user wrote them.</param>
/// <param name="UseV2">Whether version 2 of the transport is tried.</param>
internal sealed record AddedPeer(string Name, bool UseV2);
