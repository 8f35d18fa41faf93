using Dash.Node.Consensus;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;

namespace Dash.Node.Net.Blocks;

/// <summary>Asks a peer for a block that the user wants. Message loop only.</summary>
internal sealed class BlockFetch(BlockSync sync, PeerSet peers)
{
    /// <summary>Asks, whoever was asked before; a peer that does not answer is parted from as ever.</summary>
    /// <returns>Why it can't be asked, in dashd's words; null if it was.</returns>
    public string? Ask(long id, BlockNode node)
    {
        if (sync.IsImporting)
        {
            return sync.Chainstate.IsReindexing ? "Reindexing..." : "Importing...";
        }

        if (peers.Find(id) is not { IsDisconnected: false } peer)
        {
            return "Peer does not exist";
        }

        if (!peer.IsHandshakeDone)
        {
            return "Peer not fully connected";
        }

        if (sync.InFlight.Find(node.Hash)?.Peer == peer)
        {
            return "Already requested from this peer";
        }

        sync.Request(peer, node);
        peer.Send(MessageTypes.GetData, InventoryItem.WriteAll([new InventoryItem(InventoryKind.Block, node.Hash.Value)]));
        sync.LogRequest(node, peer);
        return null;
    }
}
