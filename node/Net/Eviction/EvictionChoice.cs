using Dash.Node.Net.Addresses;

namespace Dash.Node.Net.Eviction;

/// <summary>
/// Chooses who goes when a new peer wants in and there is no room. Peers that are hard to imitate stay: of many groups,
/// near, useful with transactions and blocks, of rare networks, and there for long. Of the rest the youngest of the
/// largest group goes. Pure.
/// </summary>
internal static class EvictionChoice
{
    private const int SafeGroups = 4;
    private const int SafeByPing = 8;
    private const int SafeByTransactions = 4;
    private const int SafeBlockOnly = 8;
    private const int SafeByBlocks = 4;

    /// <summary>The number of the peer to part from; null if all are to stay.</summary>
    public static long? Choose(IEnumerable<EvictionCandidate> peers)
    {
        var candidates = peers.Where(peer => !peer.IsProtected).ToList();
        Protect(candidates, SafeGroups, peer => peer.KeyedGroup);
        Protect(candidates, SafeByPing, peer => -(decimal)peer.MinimumPingUs);
        Protect(
            candidates,
            SafeByTransactions,
            peer => (peer.LastTransaction, peer.RelaysTransactions, !peer.HasBloomFilter, -peer.ConnectedAt));
        Protect(
            candidates,
            SafeBlockOnly,
            peer => (!peer.RelaysTransactions, peer.LastBlock, peer.HasServices, -peer.ConnectedAt),
            peer => !peer.RelaysTransactions && peer.HasServices);
        Protect(candidates, SafeByBlocks, peer => (peer.LastBlock, peer.HasServices, -peer.ConnectedAt));
        ProtectHalf(candidates);
        if (candidates.Count == 0)
        {
            return null;
        }

        var blamed = candidates.Where(peer => peer.PrefersEviction).ToList();
        var groups = (blamed.Count > 0 ? blamed : candidates)
            .OrderByDescending(peer => peer.ConnectedAt)
            .GroupBy(peer => peer.KeyedGroup);
        return groups.OrderByDescending(group => group.Count()).ThenByDescending(group => group.First().ConnectedAt).First().First().Id;
    }

    /// <summary>
    /// Takes the half out that has been there longest; up to half of that half is kept for networks that would otherwise
    /// always lose, as they are slow: the rarer first.
    /// </summary>
    public static void ProtectHalf(List<EvictionCandidate> candidates)
    {
        var half = candidates.Count / 2;
        var most = half / 2;
        Func<EvictionCandidate, bool>[] kinds =
        [
            peer => peer.Network == NetworkKind.Cjdns,
            peer => peer.Network == NetworkKind.I2p,
            peer => peer.IsLocal,
            peer => peer.Network == NetworkKind.Onion,
        ];
        var byCount = kinds.Select(isKind => (IsKind: isKind, Count: candidates.Count(isKind))).OrderBy(kind => kind.Count).ToList();
        var safe = 0;
        while (safe < most)
        {
            var present = byCount.Count(kind => kind.Count > 0);
            if (present == 0)
            {
                break;
            }

            var each = Math.Max((most - safe) / present, 1);
            var before = safe;
            for (var i = 0; i < byCount.Count && safe < most; i++)
            {
                var (isKind, count) = byCount[i];
                if (count > 0)
                {
                    var taken = Protect(candidates, each, peer => (isKind(peer), -peer.ConnectedAt), isKind);
                    safe += taken;
                    byCount[i] = (isKind, count - taken);
                }
            }

            if (safe == before)
            {
                break;
            }
        }

        Protect(candidates, half - safe, peer => -peer.ConnectedAt);
    }

    // Takes out those of the best few that qualify; gives their number.
    private static int Protect<TKey>(
        List<EvictionCandidate> candidates, int count, Func<EvictionCandidate, TKey> worth, Func<EvictionCandidate, bool>? qualifies = null)
    {
        var best = candidates.OrderByDescending(worth).Take(count).Where(peer => qualifies is null || qualifies(peer)).ToHashSet();
        return candidates.RemoveAll(best.Contains);
    }
}
