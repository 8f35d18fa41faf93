using Dash.Node.Net.Handling;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;

namespace Dash.Node.Net.Blocks;

/// <summary>
/// The up to three peers that announce new blocks as compact blocks without being asked: those that last were the first
/// with a new block, one of them, if possible, a peer that we connected to. Message loop only.
/// </summary>
internal sealed class CompactSources(PeerSet peers, NetSettings settings)
{
    private const int Max = 3;

    // BIP152: whether to announce, and version 1.
    private static readonly byte[] Announce = [1, 1, 0, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] DontAnnounce = [0, 1, 0, 0, 0, 0, 0, 0, 0];

    private readonly List<Peer> _chosen = [];

    /// <summary>A peer brought a new block.</summary>
    public void Thank(Peer peer)
    {
        if (settings.IsBlocksOnly || !peer.Sync.ProvidesCompact || peer.IsDisconnected)
        {
            return;
        }

        _chosen.RemoveAll(static other => other.IsDisconnected);
        if (_chosen.Remove(peer))
        {
            _chosen.Add(peer);
            return;
        }

        // An attacker that connected to us shall not drive out the last that we chose.
        if (peer.IsInbound && _chosen.Count >= Max && _chosen.Count(static other => !other.IsInbound) == 1 && !_chosen[0].IsInbound)
        {
            (_chosen[0], _chosen[1]) = (_chosen[1], _chosen[0]);
        }

        peer.Send(MessageTypes.SendCompact, Announce);
        peer.AnnouncesCompact = true;
        _chosen.Add(peer);
        if (_chosen.Count > Max)
        {
            var last = _chosen[0];
            _chosen.RemoveAt(0);
            if (peers.Find(last.Id) is not null)
            {
                last.Send(MessageTypes.SendCompact, DontAnnounce);
                last.AnnouncesCompact = false;
            }
        }
    }
}
