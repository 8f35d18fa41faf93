using Dash.Primitives.Addresses;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Addresses;

/// <summary>
/// Addresses of which everybody can tell that they have one owner: they were spent from together, or took the change of
/// such a payment.
/// </summary>
internal sealed class AddressGroups
{
    private readonly Dictionary<Destination, Destination> _parents = [];

    /// <summary>The groups of a wallet, each in Core's order of addresses, and in the order of their addresses.</summary>
    public static IReadOnlyList<IReadOnlyList<Destination>> Of(WalletView view, CancellationToken ct)
    {
        var groups = new AddressGroups();
        foreach (var tx in view.Since(-1))
        {
            ct.ThrowIfCancellationRequested();
            groups.Add(view, tx);
        }

        // No address is in two groups, so the first ones tell their order.
        return
        [
            .. groups._parents.Keys.GroupBy(groups.Root)
                .Select(group => group.Order(DestinationOrder.Instance).ToList())
                .OrderBy(group => group[0], DestinationOrder.Instance),
        ];
    }

    private void Add(WalletView view, WalletTx tx)
    {
        Destination? first = null;
        foreach (var input in tx.Tx.IsCoinBase ? [] : tx.Tx.Inputs)
        {
            if (view.FindOutput(input.PreviousOutput) is { } spent && OwnPayee(view, spent) is { } payer)
            {
                first ??= payer;
                Join(first, payer);
            }
        }

        foreach (var output in tx.Tx.Outputs)
        {
            if (OwnPayee(view, output) is { } payee)
            {
                Join(first is not null && view.Snapshot.IsChange(output.ScriptPubKey) ? first : payee, payee);
            }
        }
    }

    private static Destination? OwnPayee(WalletView view, TxOut output) =>
        view.Snapshot.IsMine(output.ScriptPubKey)
        && Destination.FromScript(output.ScriptPubKey) is not Destination.None and var payee
            ? payee
            : null;

    private void Join(Destination one, Destination other)
    {
        _parents.TryAdd(one, one);
        _parents.TryAdd(other, other);
        _parents[Root(other)] = Root(one);
    }

    private Destination Root(Destination member)
    {
        var root = member;
        while (_parents[root] is var parent && parent != root)
        {
            root = parent;
        }

        // Shortens the way for the next one who asks.
        while (member != root)
        {
            (member, _parents[member]) = (_parents[member], root);
        }

        return root;
    }
}
