using Dash.Primitives.Transactions;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.NodeLink;

/// <summary>Which of the mempool's transactions concern a wallet. Pure.</summary>
internal static class MempoolMatch
{
    /// <summary>Those that concern the wallet, and what spends them, in the order given: parents come first.</summary>
    public static IReadOnlyList<Transaction> Scan(IReadOnlyList<Transaction> parentsFirst, WalletSnapshot wallet)
    {
        List<Transaction> found = [];
        HashSet<Txid> ids = [];
        foreach (var tx in parentsFirst)
        {
            if (BlockMatch.Concerns(tx, wallet) || tx.Inputs.Any(input => ids.Contains(input.PreviousOutput.Txid)))
            {
                found.Add(tx);
                ids.Add(tx.Txid);
            }
        }

        return found;
    }

    /// <summary>Is it news for the wallet that the mempool has a transaction? Its own payments it knows.</summary>
    public static bool IsNews(Txid txid, WalletSnapshot wallet) => wallet.Pending.Find(txid) is not { Tx.State: TxState.InMempool };
}
