using System.Collections.Immutable;
using System.Runtime.InteropServices;
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
    /// <param name="only">Only this address; null for all.</param>
    /// <param name="minConf">Least confirmations.</param>
    /// <param name="addLocked">Count locked payments whatever their confirmations.</param>
    /// <param name="includeImmature">Count immature coinbases.</param>
    /// <param name="ct">Ends the count.</param>
    public static Dictionary<AddressKey, ReceivedSum> ByAddress(
        WalletView view, AddressKey? only, int minConf, bool addLocked, bool includeImmature, CancellationToken ct)
    {
        Dictionary<AddressKey, ReceivedSum> sums = [];
        var rows = only is { } one
            ? ScriptsOf(view.Snapshot, one).SelectMany(script => Outputs(view, script, minConf, addLocked, includeImmature, ct))
            : Outputs(view, script: null, minConf, addLocked, includeImmature, ct);
        foreach (var row in rows)
        {
            // A bare key counts for the address of its hash, where the wallet has that too.
            if (IsPaid(row.Script, out var payee) || (AddressKey.Of(row.Script) is not null && view.Snapshot.IsMine(payee.ToScript())))
            {
                ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, payee, out _);
                sum ??= new ReceivedSum();
                sum.Add(row.Value, row.Depth, row.Height, row.Txid, row.Position);
            }
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

    /// <summary>Does a script pay an address as such, and not by its bare key?</summary>
    /// <param name="script">The script.</param>
    /// <param name="payee">Whom it pays, in either way.</param>
    public static bool IsPaid(byte[] script, out AddressKey payee)
    {
        var found = AddressKey.Of(script);
        payee = found.GetValueOrDefault();
        return found is not null && (ScriptTemplates.IsPayToPubKeyHash(script) || payee.IsScript);
    }

    /// <summary>The addresses somebody named, with their labels, in Core's order.</summary>
    public static IEnumerable<(AddressKey Payee, string Label)> Named(WalletSnapshot snapshot)
    {
        var named = snapshot.AddressBook.Named().Select(static note => (Payee: note.Key, Label: note.Value.Label ?? "")).ToArray();
        Array.Sort(named, static (left, right) => AddressKey.Compare(left.Payee, right.Payee));
        return named;
    }

    /// <summary>That address with its label, if somebody named it.</summary>
    public static IEnumerable<(AddressKey Payee, string Label)> Named(WalletSnapshot snapshot, AddressKey only) =>
        snapshot.AddressBook.FindNamed(only.ToScript()) is { } entry ? [(only, entry.Label ?? "")] : [];

    /// <summary>The scripts that pay an address: a key may be paid in other ways than by its hash.</summary>
    public static ImmutableArray<Script> ScriptsOf(WalletSnapshot snapshot, AddressKey address)
    {
        var script = address.ToScript();
        return snapshot.OwnersOf(script) switch
        {
            [] => [script],
            [var (keychain, index)] => keychain.ScriptsAt(index),
            var owners => [.. owners.SelectMany(static owner => owner.Keychain.ScriptsAt(owner.Index)).Distinct()],
        };
    }
}
