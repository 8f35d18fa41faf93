using System.Collections.Concurrent;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;

namespace Dash.Node.Net.Relay;

/// <summary>Takes notes of what is to be announced to all peers. <c>Enqueue</c> is for any thread, the rest for the message loop.</summary>
internal sealed class RelayHub(PeerSet peers)
{
    private readonly ConcurrentQueue<InventoryItem> _waiting = new();

    /// <summary>A transaction of ours is to be announced.</summary>
    public void Enqueue(Txid txid) => _waiting.Enqueue(new InventoryItem(InventoryKind.Transaction, txid.Value));

    /// <summary>Something else of ours is to be announced.</summary>
    public void Enqueue(InventoryItem item) => _waiting.Enqueue(item);

    /// <summary>Notes what was enqueued.</summary>
    public void Drain()
    {
        while (_waiting.TryDequeue(out var item))
        {
            if (item.IsTransaction)
            {
                Announce(new Txid(item.Hash));
            }
            else
            {
                Announce(item.Kind, item.Hash);
            }
        }
    }

    /// <summary>A transaction is to be announced to all that don't know it.</summary>
    public void Announce(Txid txid)
    {
        foreach (var peer in peers.All)
        {
            if (peer.Relay.MayRelayTransactions && !peer.Relay.Known.Contains(txid.Value))
            {
                peer.Relay.ToSend.Add(txid);
            }
        }
    }

    /// <summary>Something else is to be announced to all that don't know it.</summary>
    public void Announce(InventoryKind kind, Uint256 hash)
    {
        foreach (var peer in peers.All)
        {
            if (peer.CanRelay && !peer.Relay.Known.Contains(hash))
            {
                peer.Relay.OthersToSend.Add(new InventoryItem(kind, hash));
            }
        }
    }
}
