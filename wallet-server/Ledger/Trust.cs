using Dash.Primitives.Transactions;

namespace Dash.WalletServer.Ledger;

/// <summary>
/// Which unconfirmed transactions count as sure: locked by InstantSend, or ours through and through: in the mempool,
/// every input spends an output of ours of a transaction that is itself sure. One walk's memory; not for two threads.
/// </summary>
internal sealed class Trust(WalletSnapshot snapshot)
{
    private readonly Dictionary<Txid, bool> _known = [];

    /// <summary>Can this transaction's money be counted on?</summary>
    public bool Of(WalletTx tx) => tx.State switch
    {
        TxState.Confirmed => true,
        TxState.Conflicted => false,
        _ => snapshot.Pending.TryGetValue(tx.Txid, out var pending) ? Of(pending) : tx.IsInstantLocked,
    };

    /// <summary>Can this coin be counted on?</summary>
    public bool Of(Coin coin) =>
        coin.IsConfirmed || (snapshot.Pending.TryGetValue(coin.OutPoint.Txid, out var pending) && Of(pending));

    /// <summary>Whatever it spends.</summary>
    public static bool IsSureByItself(PendingTx pending) => pending.Tx.IsInstantLocked;

    /// <summary>If all that it spends is sure.</summary>
    public static bool IsSureByParents(PendingTx pending, WalletSnapshot snapshot) =>
        snapshot.Settings.SpendZeroConfChange && pending.IsFromMe && pending.AllInputsMine && pending.Tx.State is TxState.InMempool;

    /// <summary>Can this pending transaction's money be counted on?</summary>
    public bool Of(PendingTx pending)
    {
        if (_known.TryGetValue(pending.Tx.Txid, out var known))
        {
            return known;
        }

        var isTrusted = IsSureByItself(pending) || (IsSureByParents(pending, snapshot) && ParentsAre(pending));
        _known[pending.Tx.Txid] = isTrusted;
        return isTrusted;
    }

    // A parent that is not pending is in a block: conflicts and abandonment always take the children along.
    private bool ParentsAre(PendingTx pending)
    {
        foreach (var input in pending.Tx.Tx.Inputs)
        {
            if (snapshot.Pending.TryGetValue(input.PreviousOutput.Txid, out var parent) && !Of(parent))
            {
                return false;
            }
        }

        return true;
    }
}
