using Dash.Primitives.Addresses;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Coins;

/// <summary>Sums of what a wallet's addresses have received over all time, spent or not.</summary>
internal static class Received
{
    /// <summary>Least confirmations.</summary>
    public static RpcArg<int> MinConf() => Arg.Int(
        "minconf", fallback: 1, "Count only payments with so many confirmations.");

    /// <summary>Count locked payments too.</summary>
    public static RpcArg<bool> AddLocked() => Arg.Bool("addlocked", fallback: false,
        "Count what InstantSend has locked whatever its confirmations.");

    /// <summary>Count immature coinbases too.</summary>
    public static RpcArg<bool> IncludeImmature() => Arg.Bool("include_immature_coinbase", fallback: false,
        "Count what was mined and is not mature.");

    /// <summary>The sum by address, of those that were paid.</summary>
    /// <param name="view">The wallet.</param>
    /// <param name="minConf">Least confirmations.</param>
    /// <param name="addLocked">Count locked payments whatever their confirmations.</param>
    /// <param name="includeImmature">Count immature coinbases.</param>
    /// <param name="ct">Ends the count.</param>
    public static Dictionary<Destination, ReceivedSum> ByAddress(
        WalletView view, int minConf, bool addLocked, bool includeImmature, CancellationToken ct)
    {
        var sums = new Dictionary<Destination, ReceivedSum>();
        foreach (var (output, depth, txid) in Outputs(view, minConf, addLocked, includeImmature, ct))
        {
            var payee = Destination.FromScript(output.ScriptPubKey);
            if (payee is Destination.None)
            {
                continue;
            }

            if (!sums.TryGetValue(payee, out var sum))
            {
                sums.Add(payee, sum = new ReceivedSum());
            }

            sum.Add(output.Value, depth, txid);
        }

        return sums;
    }

    /// <summary>Outputs of the wallet's own scripts in transactions that count, in order of arrival.</summary>
    public static IEnumerable<(TxOut Output, int Depth, Txid Txid)> Outputs(
        WalletView view, int minConf, bool addLocked, bool includeImmature, CancellationToken ct)
    {
        var tip = view.Snapshot.Tip.Height;
        foreach (var tx in view.Since(-1))
        {
            ct.ThrowIfCancellationRequested();
            if (!Counts(tx, view.Snapshot, minConf, addLocked, includeImmature))
            {
                continue;
            }

            foreach (var output in tx.Tx.Outputs)
            {
                if (view.Snapshot.IsMine(output.ScriptPubKey))
                {
                    yield return (output, tx.State.DepthAt(tip), tx.Txid);
                }
            }
        }
    }

    /// <summary>The addresses somebody named, with their labels, in Core's order.</summary>
    public static IEnumerable<(Destination Payee, string Label)> Named(WalletSnapshot snapshot)
    {
        var named = new List<(Destination Payee, string Label)>();
        foreach (var (address, entry) in snapshot.AddressBook.Entries)
        {
            if (entry.Label is { } label && AddressCodec.TryDecode(address, snapshot.Chain.Prefixes, out var payee, out _))
            {
                named.Add((payee, label));
            }
        }

        return named.OrderBy(item => item.Payee, DestinationOrder.Instance);
    }

    private static bool Counts(WalletTx tx, WalletSnapshot snapshot, int minConf, bool addLocked, bool includeImmature)
    {
        var tip = snapshot.Tip.Height;
        var depth = tx.State.DepthAt(tip);
        return !(tx.Tx.IsCoinBase && depth < 1)
            && (includeImmature || !tx.IsImmatureAt(tip))
            && (depth >= minConf || (addLocked && snapshot.IsInstantLocked(tx)));
    }
}
