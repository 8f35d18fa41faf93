using Dash.Primitives.Addresses;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Addresses;

/// <summary>What each address of a wallet holds that can be counted on.</summary>
internal static class AddressBalances
{
    /// <summary>By address; those that hold nothing any more are there with zero.</summary>
    public static SortedDictionary<Destination, Amount> Of(WalletView view, CancellationToken ct)
    {
        var balances = new SortedDictionary<Destination, Amount>(DestinationOrder.Instance);
        foreach (var tx in view.Since(-1))
        {
            ct.ThrowIfCancellationRequested();
            if (!Counts(view, tx))
            {
                continue;
            }

            for (var i = 0; i < tx.Tx.Outputs.Length; i++)
            {
                var output = tx.Tx.Outputs[i];
                if (!view.Snapshot.IsMine(output.ScriptPubKey)
                    || Destination.FromScript(output.ScriptPubKey) is not (not Destination.None and var payee))
                {
                    continue;
                }

                var isThere = view.Snapshot.Coins.ContainsKey(new OutPoint(tx.Txid, (uint)i));
                balances[payee] = balances.GetValueOrDefault(payee) + (isThere ? output.Value : Amount.Zero);
            }
        }

        return balances;
    }

    private static bool Counts(WalletView view, WalletTx tx)
    {
        var tip = view.Snapshot.Tip.Height;
        return view.Trust.Of(tx)
            && !tx.IsImmatureAt(tip)
            && (tx.State.DepthAt(tip) >= 1 || view.Snapshot.IsInstantLocked(tx) || view.DebitOf(tx.Tx) > Amount.Zero);
    }
}
