namespace Dash.Node.Net.Peers;

/// <summary>Permissions as results show them.</summary>
internal static class PermissionNames
{
    private static readonly (PeerPermissions Permission, string Name)[] All =
    [
        (PeerPermissions.BloomFilter, "bloomfilter"),
        (PeerPermissions.NoBan, "noban"),
        (PeerPermissions.ForceRelay, "forcerelay"),
        (PeerPermissions.Relay, "relay"),
        (PeerPermissions.Mempool, "mempool"),
        (PeerPermissions.Download, "download"),
        (PeerPermissions.Addr, "addr"),
    ];

    /// <summary>The name of each that is given.</summary>
    public static IReadOnlyList<string> Of(PeerPermissions permissions) =>
        [.. All.Where(entry => permissions.HasFlag(entry.Permission)).Select(static entry => entry.Name)];
}
