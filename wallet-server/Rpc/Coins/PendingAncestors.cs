using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Coins;

/// <summary>Transactions in the mempool that must be confirmed before one can be, itself among them.</summary>
/// <param name="Count">How many.</param>
/// <param name="Size">Their bytes.</param>
/// <param name="Fees">Their fees.</param>
internal readonly record struct Ancestry(int Count, long Size, Amount Fees);

/// <summary>
/// What the wallet itself can tell of the ancestors of its pending transactions: exact where it made all of them. Of
/// payments of others it knows neither the fee nor what they hang on, and says nothing. One call's.
/// </summary>
internal sealed class PendingAncestors(WalletView view)
{
    /// <summary>The ancestors of a pending transaction; null where the wallet does not know all about them.</summary>
    public Ancestry? Of(Txid txid)
    {
        var reached = new HashSet<Txid>();
        var todo = new Stack<Txid>([txid]);
        var sum = default(Ancestry);
        while (todo.TryPop(out var next))
        {
            if (!reached.Add(next) || view.Snapshot.Pending.Find(next) is not { } pending)
            {
                continue;
            }

            if (!pending.AllInputsMine)
            {
                return null;
            }

            var fee = pending.Debit - pending.Tx.Tx.OutputValue;
            sum = new Ancestry(sum.Count + 1, sum.Size + pending.Tx.Tx.Size, sum.Fees + fee);
            foreach (var input in pending.Tx.Tx.Inputs)
            {
                todo.Push(input.PreviousOutput.Txid);
            }
        }

        return sum.Count > 0 ? sum : null;
    }
}
