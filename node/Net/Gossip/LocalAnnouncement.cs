using Dash.Common.Time;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Peers;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Gossip;

/// <summary>Which address of ours a peer is told: one it can reach, or now and then the one at which it sees us.</summary>
/// <param name="isOn">Whether peers may connect at all.</param>
/// <param name="local">The addresses we know.</param>
/// <param name="reachable">The networks we are in.</param>
/// <param name="port">The port at which we listen.</param>
/// <param name="clock">The time that goes with it.</param>
/// <param name="random">Chooses.</param>
/// <param name="log">Where it is told.</param>
internal sealed class LocalAnnouncement(
    bool isOn, LocalAddresses local, ReachableNetworks reachable, ushort port, Clock clock, Random random, ILogger log)
{
    // Of so many peers one is told what it sees itself: more are if we are not sure of what we know.
    private const int RarelySeen = 8;
    private const int OftenSeen = 2;

    /// <summary>Whether anybody is told anything.</summary>
    public bool IsOn => isOn;

    /// <summary>The address for a peer; null if we have none that it could use.</summary>
    public PeerAddress? For(Peer peer)
    {
        var best = local.BestFor(peer.Address.Address, peer.Network) ?? new NetEndpoint(NetAddress.None, port);
        if (SeenBy(peer) is { } seen)
        {
            var isSure = local.ScoreOf(best.Address) > LocalScore.Manual;
            if (!best.Address.IsRoutable || random.Next(isSure ? RarelySeen : OftenSeen) == 0)
            {
                // The port it sees is ours only if it connected to it.
                best = peer.IsInbound ? seen : best with { Address = seen.Address };
            }
        }

        if (!best.Address.IsRoutable)
        {
            return null;
        }

        Log.Advertising(log, best, peer.Id);
        return new PeerAddress(best, (ulong)peer.OurServices, (uint)clock.UnixSeconds);
    }

    /// <summary>A peer that connected to us told at which address it sees us: if that is one of ours, it is the better one.</summary>
    public void NoteSeen(Peer peer)
    {
        if (peer.LocalAddress is { Address: { IsRoutable: true } seen })
        {
            local.NoteSeen(seen);
        }
    }

    private NetEndpoint? SeenBy(Peer peer) =>
        local.Discovers && peer.Address.Address.IsRoutable && peer.LocalAddress is { Address: { IsRoutable: true } seen } && reachable.Contains(seen)
            ? peer.LocalAddress
            : null;
}
