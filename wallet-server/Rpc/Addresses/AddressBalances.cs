using System.Runtime.InteropServices;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Addresses;

/// <summary>What each address of a wallet holds that can be counted on.</summary>
internal static class AddressBalances
{
    /// <summary>By address; those that hold nothing any more are there with zero.</summary>
    public static SortedDictionary<AddressKey, Amount> Of(WalletView view, CancellationToken ct)
    {
        var balances = new SortedDictionary<AddressKey, Amount>();
        foreach (var row in view.Received(script: null))
        {
            ct.ThrowIfCancellationRequested();
            if (AddressKey.Of(row.Script) is { } payee && Counts(view, row.Txid, row.Depth, row.IsCoinBase))
            {
                var isThere = view.Snapshot.Coins.ContainsKey(new OutPoint(row.Txid, row.Output));
                balances[payee] = balances.GetValueOrDefault(payee) + (isThere ? row.Value : Amount.Zero);
            }
        }

        return balances;
    }

    /// <summary>By address, of those that hold something: from the coins alone.</summary>
    public static Dictionary<AddressKey, Amount> OfCoins(WalletView view, CancellationToken ct)
    {
        Dictionary<AddressKey, Amount> balances = [];
        foreach (var coin in view.Snapshot.Coins.Values)
        {
            ct.ThrowIfCancellationRequested();
            if (AddressKey.Of(coin.Script) is { } payee && Counts(view, coin))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(balances, payee, out _) += coin.Value;
            }
        }

        return balances;
    }

    /// <summary>Whether a coin can be counted on.</summary>
    public static bool Counts(WalletView view, Coin coin) =>
        Counts(view, coin.OutPoint.Txid, coin.DepthAt(view.Snapshot.Tip.Height), coin.IsCoinBase);

    // What is in a block counts when it is mature; what is not, when it is sure and locked or paid by the wallet.
    private static bool Counts(WalletView view, Txid txid, int depth, bool isCoinBase) => depth switch
    {
        < 0 => false,
        > 0 => !isCoinBase || depth >= Coin.CoinbaseDepth,
        _ => !isCoinBase && view.Find(txid) is { } tx && view.Trust.Of(tx)
            && (view.Snapshot.IsInstantLocked(tx) || view.DebitOf(tx.Tx) > Amount.Zero),
    };
}
