using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Addresses;

/// <summary>The addresses at which others reach us, as far as is known. Any thread.</summary>
/// <param name="reachable">Addresses of other networks are of no use.</param>
/// <param name="discovers">Whether addresses the user did not name count.</param>
/// <param name="requiresRoutable">Whether only routable addresses count.</param>
/// <param name="log">Where changes are told.</param>
internal sealed class LocalAddresses(ReachableNetworks reachable, bool discovers, bool requiresRoutable, ILogger log)
{
    private readonly Lock _gate = new(); // protects _known
    private readonly SortedDictionary<NetAddress, LocalAddress> _known = [];

    /// <summary>All of them, in the order of addresses.</summary>
    public IReadOnlyList<LocalAddress> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _known.Values];
            }
        }
    }

    /// <summary>Whether addresses the user did not name count.</summary>
    public bool Discovers => discovers;

    /// <summary>Learns an address.</summary>
    /// <returns>Whether it counts.</returns>
    public bool Add(NetEndpoint endpoint, int score)
    {
        endpoint = reachable.TakesCjdns ? endpoint.AsCjdns() : endpoint;
        if ((!discovers && score < LocalScore.Manual) || !reachable.Contains(endpoint.Address) || !MayBeTold(endpoint))
        {
            return false;
        }

        Keep(endpoint, score);
        return true;
    }

    /// <summary>Learns an address that the user named, in whatever network.</summary>
    public void AddKnown(NetEndpoint endpoint)
    {
        endpoint = reachable.TakesCjdns ? endpoint.AsCjdns() : endpoint;
        if (MayBeTold(endpoint))
        {
            Keep(endpoint, LocalScore.Manual);
        }
    }

    /// <summary>Forgets an address.</summary>
    public void Remove(NetAddress address)
    {
        lock (_gate)
        {
            if (_known.Remove(address, out var known))
            {
                Log.LocalRemoved(log, known.Endpoint);
            }
        }
    }

    /// <summary>Somebody sees us at this address: if it is one of ours, it is trusted more.</summary>
    public void NoteSeen(NetAddress address)
    {
        lock (_gate)
        {
            if (_known.TryGetValue(address, out var known))
            {
                _known[address] = known with { Score = known.Score + 1 };
            }
        }
    }

    /// <summary>Whether an address is one of ours.</summary>
    public bool Contains(NetAddress address)
    {
        lock (_gate)
        {
            return _known.ContainsKey(address);
        }
    }

    /// <summary>How far an address is trusted; 0 if it is not known.</summary>
    public int ScoreOf(NetAddress address)
    {
        lock (_gate)
        {
            return _known.GetValueOrDefault(address).Score;
        }
    }

    /// <summary>The address a peer is best told: one that it can reach. Null if there is none.</summary>
    /// <param name="peer">Where the peer is.</param>
    /// <param name="through">The network through which it is connected.</param>
    public NetEndpoint? BestFor(NetAddress peer, NetworkKind through)
    {
        NetEndpoint? best = null;
        var bestRank = (Reach: -1, Score: -1);
        foreach (var local in All)
        {
            // Whoever hides in one network is not told where he is in another.
            var network = local.Endpoint.Address.Network;
            if (network != through && (IsPrivacyNetwork(network) || IsPrivacyNetwork(through)))
            {
                continue;
            }

            var rank = (Reach: ReachabilityOf(local.Endpoint.Address, peer), local.Score);
            if (rank.CompareTo(bestRank) > 0)
            {
                (best, bestRank) = (local.Endpoint, rank);
            }
        }

        return best;
    }

    private bool MayBeTold(NetEndpoint endpoint) => endpoint.Address.IsRoutable || !requiresRoutable;

    private void Keep(NetEndpoint endpoint, int score)
    {
        Log.LocalAdded(log, endpoint, score);
        lock (_gate)
        {
            var isKnown = _known.TryGetValue(endpoint.Address, out var known);
            if (!isKnown || score >= known.Score)
            {
                _known[endpoint.Address] = new LocalAddress(endpoint, score + (isKnown ? 1 : 0));
            }
        }
    }

    private static bool IsPrivacyNetwork(NetworkKind network) => network is NetworkKind.Onion or NetworkKind.I2p;

    // How well somebody at one address reaches another: 0 is not at all, 6 best.
    private static int ReachabilityOf(NetAddress ours, NetAddress theirs)
    {
        const int Default = 1, Teredo = 2, WeakIpv6 = 3, Ipv4 = 4, StrongIpv6 = 5, Private = 6;
        if (!ours.IsRoutable)
        {
            return 0;
        }

        var network = ours.Network;
        if (theirs.IsTeredo && theirs.IsRoutable)
        {
            return ours.IsTeredo ? Teredo : network switch { NetworkKind.Ipv6 => WeakIpv6, NetworkKind.Ipv4 => Ipv4, _ => Default };
        }

        return theirs.Network switch
        {
            NetworkKind.Ipv4 => network == NetworkKind.Ipv4 ? Ipv4 : Default,
            NetworkKind.Ipv6 => ours.IsTeredo ? Teredo
                : network == NetworkKind.Ipv4 ? Ipv4
                : network == NetworkKind.Ipv6 ? (ours.IsTunnel ? WeakIpv6 : StrongIpv6)
                : Default,
            NetworkKind.Onion => network switch { NetworkKind.Ipv4 => Ipv4, NetworkKind.Onion => Private, _ => Default },
            NetworkKind.I2p => network == NetworkKind.I2p ? Private : Default,
            NetworkKind.Cjdns => network == NetworkKind.Cjdns ? Private : Default,
            _ => ours.IsTeredo ? Teredo
                : network switch
                {
                    NetworkKind.Ipv6 => WeakIpv6,
                    NetworkKind.Ipv4 => Ipv4,
                    NetworkKind.Onion => Private,
                    _ => Default,
                },
        };
    }
}
