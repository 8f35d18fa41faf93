using Dash.Node.Chain;
using Dash.Node.Mempool;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Primitives.Blocks;
using Dash.Primitives.Transactions;

namespace Dash.Node.Net.Relay;

/// <summary>Whether a transaction was seen: in the mempool, as an orphan, in the last blocks, or refused at this tip. Message loop only.</summary>
internal sealed class KnownTransactions(Chainstate chainstate, MempoolGate mempool, OrphanPool orphans)
{
    private readonly RecentSet _refused = new(120_000);
    private readonly RecentSet _confirmed = new(48_000);
    private BlockHash _refusedAt;

    /// <summary>Whether a transaction need not be asked for.</summary>
    public bool Contains(Txid txid, bool isMixing = false)
    {
        ForgetRefusals();
        return orphans.Contains(txid)
            || _confirmed.Contains(txid.Value)
            || (!isMixing && _refused.Contains(txid.Value))
            || mempool.Find(txid) is not null;
    }

    /// <summary>Whether a transaction was refused since the tip is the tip.</summary>
    public bool IsRefused(Txid txid) => _refused.Contains(txid.Value);

    /// <summary>Notes a refusal.</summary>
    public void Refuse(Txid txid) => _refused.Add(txid.Value);

    /// <summary>Keeps up with the chain.</summary>
    public void Follow(ChainEvent news)
    {
        switch (news)
        {
            case ChainEvent.BlockConnected connected:
                foreach (var transaction in connected.Block.Transactions)
                {
                    _confirmed.Add(transaction.Txid.Value);
                }

                break;
            case ChainEvent.BlockDisconnected:
                // What was confirmed may be relayed again.
                _confirmed.Clear();
                break;
        }
    }

    /// <summary>Whether an announced thing need not be asked for; what is not a transaction never is.</summary>
    public bool IsThere(InventoryItem item) =>
        !item.IsTransaction || Contains(new Txid(item.Hash), item.Kind == InventoryKind.MixingTransaction);

    // What was invalid at one tip may be valid at another.
    private void ForgetRefusals()
    {
        var tip = chainstate.View.Tip.Hash;
        if (tip != _refusedAt)
        {
            _refusedAt = tip;
            _refused.Clear();
        }
    }
}
