using Dash.Node.Net.Addresses;
using Dash.Node.Net.Peers;

namespace Dash.Node.Net.Bans;

/// <summary>Who may connect and what for, as the user said and peers behaved. Any thread.</summary>
/// <param name="bans">Who is kept out.</param>
/// <param name="whitelist">Who may more than others, and what.</param>
/// <param name="usual">What those may for whom nothing was listed.</param>
internal sealed class PeerRules(
    BanList bans, IReadOnlyList<(NetSubnet Range, PeerPermissions Permissions)> whitelist, PeerPermissions usual) : IPeerRules
{
    /// <inheritdoc/>
    public bool IsBanned(NetAddress address) => bans.IsBanned(address);

    /// <inheritdoc/>
    public bool IsDiscouraged(NetAddress address) => bans.IsDiscouraged(address);

    /// <inheritdoc/>
    public void Discourage(NetAddress address) => bans.Discourage(address);

    /// <inheritdoc/>
    public PeerPermissions PermissionsOf(NetEndpoint remote, bool isInbound, PeerPermissions ofListener)
    {
        if (!isInbound)
        {
            return PeerPermissions.None;
        }

        var permissions = ofListener;
        foreach (var (range, given) in whitelist)
        {
            permissions |= range.Contains(remote.Address) ? given : PeerPermissions.None;
        }

        return permissions.HasFlag(PeerPermissions.Implicit) ? (permissions & ~PeerPermissions.Implicit) | usual : permissions;
    }
}
