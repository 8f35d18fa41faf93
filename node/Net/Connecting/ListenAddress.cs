using Dash.Node.Net.Addresses;
using Dash.Node.Net.Peers;

namespace Dash.Node.Net.Connecting;

/// <summary>An address of ours at which peers may connect.</summary>
/// <param name="Endpoint">Address and port.</param>
/// <param name="Permissions">What those may do who connect to it.</param>
/// <param name="IsOnion">Whether they come from our onion service.</param>
/// <param name="IsRequired">Whether the user asked for it, so that a failure is told.</param>
internal sealed record ListenAddress(
    NetEndpoint Endpoint, PeerPermissions Permissions = PeerPermissions.None, bool IsOnion = false, bool IsRequired = true);
