using Dash.Node.Net.Addresses;

namespace Dash.Node.Net.Connecting;

/// <summary>A connection that was made.</summary>
/// <param name="Stream">Its bytes.</param>
/// <param name="Remote">Where it leads; no address if only a proxy knows.</param>
/// <param name="Local">Our end.</param>
internal sealed record DialedConnection(Stream Stream, NetEndpoint Remote, NetEndpoint? Local);
