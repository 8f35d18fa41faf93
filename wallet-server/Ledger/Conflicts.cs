using Dash.Primitives.Transactions;
using Dash.WalletServer.Keys;

namespace Dash.WalletServer.Ledger;

/// <summary>A transaction that can no longer be, and all that build on it. Pure.</summary>
internal static class Conflicts
{
    /// <summary>A block contradicts the transaction: it and what spends its outputs leave the chain for as long as the block stays.</summary>
    /// <returns>Whether any transaction was marked.</returns>
    public static bool Mark(LedgerEdit edit, Txid txid, BlockPoint block)
    {
        var depth = -(edit.TipHeight - block.Height + 1);
        if (depth >= 0)
        {
            return false;
        }

        var marked = false;
        Walk(edit, txid, tx =>
        {
            if (depth >= tx.State.DepthAt(edit.TipHeight))
            {
                return null;
            }

            marked = true;
            if (tx.State is TxState.InMempool)
            {
                // The mempool drops it, which is news of a payment like any other. What is in no mempool is not dropped.
                Connect.MarkSpent(edit, tx.Tx);
                Connect.MarkPaid(edit, tx.Tx);
            }

            return new TxState.Conflicted(block.Hash, block.Height);
        });
        return marked;
    }

    /// <summary>The user gives a transaction up that is nowhere; what builds on it goes with it.</summary>
    /// <exception cref="WalletException">It is in a block, in the mempool, or locked.</exception>
    public static void Abandon(LedgerEdit edit, Txid txid)
    {
        var tx = edit.Find(txid)
            ?? throw new WalletException(WalletError.InvalidAddressOrKey, "Invalid or non-wallet transaction id");
        if (tx.State.DepthAt(edit.TipHeight) != 0 || tx.State is TxState.InMempool || tx.IsInstantLocked)
        {
            throw new WalletException(WalletError.InvalidAddressOrKey, "Transaction not eligible for abandonment");
        }

        Walk(edit, txid, child => child.State.IsPending ? TxState.Inactive.GivenUp : null);
    }

    private static void Walk(LedgerEdit edit, Txid first, Func<WalletTx, TxState?> next)
    {
        var todo = new Queue<Txid>([first]);
        var done = new HashSet<Txid> { first };
        while (todo.TryDequeue(out var txid))
        {
            if (edit.Find(txid) is not { } tx || next(tx) is not { } state)
            {
                continue;
            }

            edit.Put(tx with { State = state });
            for (var i = 0; i < tx.Tx.Outputs.Length; i++)
            {
                foreach (var child in edit.Spenders(new OutPoint(txid, (uint)i)))
                {
                    if (done.Add(child))
                    {
                        todo.Enqueue(child);
                    }
                }
            }
        }
    }
}
