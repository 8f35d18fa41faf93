using Dash.Node.Net.Peers;

namespace Dash.Node.Net.Bans;

/// <summary>Permissions in options: "noban,relay@what", or only "what" for the usual ones.</summary>
internal static class PermissionText
{
    private const PeerPermissions All = PeerPermissions.BloomFilter | PeerPermissions.ForceRelay | PeerPermissions.NoBan
        | PeerPermissions.Mempool | PeerPermissions.Addr;

    /// <summary>Takes the permissions off a text.</summary>
    /// <param name="text">The option's value.</param>
    /// <param name="permissions">What is given.</param>
    /// <param name="rest">What it is given to.</param>
    /// <param name="error">Why it makes no sense.</param>
    public static bool TryParse(string text, out PeerPermissions permissions, out string rest, out string error)
    {
        (permissions, rest, error) = (PeerPermissions.None, text, "");
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
        {
            permissions = PeerPermissions.Implicit;
            return true;
        }

        rest = text[(at + 1)..];
        foreach (var name in text[..at].Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Find(name) is not { } permission)
            {
                error = $"Invalid P2P permission: '{name}'";
                return false;
            }

            permissions |= permission;
        }

        return true;
    }

    private static PeerPermissions? Find(string name) => name switch
    {
        "bloomfilter" or "bloom" => PeerPermissions.BloomFilter,
        "noban" => PeerPermissions.NoBan,
        "forcerelay" => PeerPermissions.ForceRelay,
        "mempool" => PeerPermissions.Mempool,
        "download" => PeerPermissions.Download,
        "relay" => PeerPermissions.Relay,
        "addr" => PeerPermissions.Addr,
        "all" => All,
        _ => null,
    };
}
