using Dash.Node.Net.Addresses;

namespace Dash.Node.Net.Peers;

/// <summary>Who may connect and what for. Any thread.</summary>
internal interface IPeerRules
{
    /// <summary>Whether the user keeps this host out.</summary>
    public bool IsBanned(NetAddress address);

    /// <summary>Whether this host misbehaved.</summary>
    public bool IsDiscouraged(NetAddress address);

    /// <summary>Notes that this host misbehaved.</summary>
    public void Discourage(NetAddress address);

    /// <summary>What a peer may do that others may not.</summary>
    /// <param name="remote">Where it is.</param>
    /// <param name="isInbound">Whether it connected to us.</param>
    /// <param name="ofListener">What everybody may who connects to that address of ours.</param>
    public PeerPermissions PermissionsOf(NetEndpoint remote, bool isInbound, PeerPermissions ofListener);
}
