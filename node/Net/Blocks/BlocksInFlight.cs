using Dash.Node.Consensus;
using Dash.Node.Net.Peers;
using Dash.Primitives.Blocks;

namespace Dash.Node.Net.Blocks;

/// <summary>The blocks that peers are asked for; each of one peer at a time. Message loop only.</summary>
internal sealed class BlocksInFlight
{
    /// <summary>Blocks a peer is asked for at once.</summary>
    public const int MaxOfPeer = 16;

    private readonly Dictionary<BlockHash, LinkedListNode<BlockRequest>> _requests = [];

    /// <summary>How many.</summary>
    public int Count => _requests.Count;

    /// <summary>Peers that are asked for anything.</summary>
    public int PeerCount { get; private set; }

    /// <summary>Whether a block is asked for.</summary>
    public bool Contains(BlockHash hash) => _requests.ContainsKey(hash);

    /// <summary>The request of a block, or null.</summary>
    public BlockRequest? Find(BlockHash hash) => _requests.GetValueOrDefault(hash)?.Value;

    /// <summary>Adds one; the block must not be asked for yet.</summary>
    public BlockRequest Add(Peer peer, BlockNode node, long now)
    {
        BlockRequest request = new(peer, node);
        var list = peer.Sync.InFlight;
        if (list.Count == 0)
        {
            peer.Sync.DownloadingSince = now;
            PeerCount++;
        }

        _requests.Add(node.Hash, list.AddLast(request));
        return request;
    }

    /// <summary>Takes one out.</summary>
    /// <returns>The peer that was asked, or null if none was.</returns>
    public Peer? Remove(BlockHash hash, long now)
    {
        if (!_requests.Remove(hash, out var link))
        {
            return null;
        }

        var peer = link.Value.Peer;
        var state = peer.Sync;
        if (state.InFlight.First == link)
        {
            // The next one is waited for from now on.
            state.DownloadingSince = Math.Max(state.DownloadingSince, now);
        }

        state.InFlight.Remove(link);
        state.StallingSince = 0;
        if (state.InFlight.Count == 0)
        {
            PeerCount--;
        }

        return peer;
    }
}
