using Dash.Node.Net.Addresses;

namespace Dash.Node.Net.Peers;

/// <summary>Everybody may connect, nobody may do anything special.</summary>
internal sealed class OpenPeerRules : IPeerRules
{
    /// <inheritdoc/>
    public bool IsBanned(NetAddress address) => false;

    /// <inheritdoc/>
    public bool IsDiscouraged(NetAddress address) => false;

    /// <inheritdoc/>
    public void Discourage(NetAddress address)
    {
        // Nobody is remembered.
    }

    /// <inheritdoc/>
    public PeerPermissions PermissionsOf(NetEndpoint remote, bool isInbound, PeerPermissions ofListener) => ofListener & ~PeerPermissions.Implicit;
}
