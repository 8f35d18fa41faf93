using Dash.Primitives.Transactions;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.NodeLink;

/// <summary>Which of the mempool's transactions concern a wallet: those that do by themselves, and what spends them.</summary>
internal sealed class MempoolMatch
{
    private readonly List<Transaction> _found = [];
    private readonly HashSet<Txid> _ids = [];

    /// <summary>Those that were found, in the order given.</summary>
    public IReadOnlyList<Transaction> Found => _found;

    /// <summary>Looks at more of them; parents come first.</summary>
    public void Add(IReadOnlyList<Transaction> parentsFirst, WalletSnapshot wallet)
    {
        foreach (var tx in parentsFirst)
        {
            if (BlockMatch.Concerns(tx, wallet) || tx.Inputs.Any(input => _ids.Contains(input.PreviousOutput.Txid)))
            {
                _found.Add(tx);
                _ids.Add(tx.Txid);
            }
        }
    }

    /// <summary>Those that concern the wallet, and what spends them, in the order given: parents come first.</summary>
    public static IReadOnlyList<Transaction> Scan(IReadOnlyList<Transaction> parentsFirst, WalletSnapshot wallet)
    {
        MempoolMatch match = new();
        match.Add(parentsFirst, wallet);
        return match.Found;
    }

    /// <summary>Is it news for the wallet that the mempool has a transaction? Its own payments it knows.</summary>
    public static bool IsNews(Txid txid, WalletSnapshot wallet) => wallet.Pending.Find(txid) is not { Tx.State: TxState.InMempool };
}
