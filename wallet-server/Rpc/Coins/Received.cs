using Dash.Primitives.Scripts;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Storage;
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
    public static Dictionary<AddressKey, ReceivedSum> ByAddress(
        WalletView view, int minConf, bool addLocked, bool includeImmature, CancellationToken ct)
    {
        var sums = new Dictionary<AddressKey, ReceivedSum>();
        foreach (var row in Outputs(view, null, minConf, addLocked, includeImmature, ct).OrderBy(static row => row.Position))
        {
            if (AddressKey.Of(new Script(row.Script)) is not { } payee)
            {
                continue;
            }

            if (!sums.TryGetValue(payee, out var sum))
            {
                sums.Add(payee, sum = new ReceivedSum());
            }

            sum.Add(row.Value, row.Depth, row.Txid);
        }

        return sums;
    }

    /// <summary>Outputs of the wallet's own scripts in transactions that count.</summary>
    /// <param name="view">The wallet.</param>
    /// <param name="script">Only those that pay it; null for all.</param>
    /// <param name="minConf">Least confirmations.</param>
    /// <param name="addLocked">Count locked payments whatever their confirmations.</param>
    /// <param name="includeImmature">Count immature coinbases.</param>
    /// <param name="ct">Ends the count.</param>
    public static IEnumerable<ReceivedRow> Outputs(
        WalletView view, Script? script, int minConf, bool addLocked, bool includeImmature, CancellationToken ct)
    {
        var excludes = view.Snapshot.Settings.ExcludesCoinbase;
        if (excludes && includeImmature)
        {
            throw new RpcError(
                RpcErrorCode.InvalidParameter, "include_immature_coinbase is incompatible with deprecated exclude_coinbase");
        }

        foreach (var row in view.Received(script))
        {
            ct.ThrowIfCancellationRequested();
            if (!(row.IsCoinBase && (row.Depth < 1 || excludes))
                && (includeImmature || !row.IsCoinBase || row.Depth >= Coin.CoinbaseDepth)
                && (row.Depth >= minConf || (addLocked && row.IsInstantLocked)))
            {
                yield return row;
            }
        }
    }

    /// <summary>The addresses somebody named, with their labels, in Core's order.</summary>
    public static IEnumerable<(AddressKey Payee, string Label)> Named(WalletSnapshot snapshot)
    {
        var named = snapshot.AddressBook.Named().Select(static note => (Payee: note.Key, Label: note.Value.Label ?? "")).ToArray();
        Array.Sort(named, static (left, right) => AddressKey.Compare(left.Payee, right.Payee));
        return named;
    }
}
