using System.Text.Json;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Rpc.Addresses;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Lists;

/// <summary>The rows of <c>listaddressgroupings</c>, a group each, by the first address of the group.</summary>
internal sealed class GroupList(RecentChanges recent, int chunkSize) : KeptList<AddressKey>(recent, chunkSize)
{
    private const int SizeOfCounted = 80; // bytes, about

    // What each coin adds to its address; and the sums, by place.
    private readonly Dictionary<OutPoint, (int Place, Amount Value)> _counted = [];
    private readonly Dictionary<int, Amount> _sums = [];
    private AddressGroups? _groups;

    /// <inheritdoc/>
    protected override long ExtraBytes => (_groups?.Bytes ?? 0) + (_counted.Count * (long)SizeOfCounted);

    /// <summary>Writes all groups of a wallet, made anew and not kept.</summary>
    public static void WriteAnew(WalletView view, Utf8JsonWriter json, CancellationToken ct)
    {
        var groups = AddressGroups.Of(view, ct);
        var balances = AddressBalances.OfCoins(view, ct);
        json.WriteStartArray();
        foreach (var first in groups.Firsts.Order())
        {
            ct.ThrowIfCancellationRequested();
            Write(view, groups, first, place => balances.GetValueOrDefault(groups.AddressAt(place)), json);
        }

        json.WriteEndArray();
    }

    /// <inheritdoc/>
    protected override IEnumerable<AddressKey> All(WalletView view, CancellationToken ct)
    {
        var groups = _groups = AddressGroups.Of(view, ct);
        foreach (var coin in view.Snapshot.Coins.Values)
        {
            ct.ThrowIfCancellationRequested();
            Count(view, groups, coin);
        }

        return groups.Firsts;
    }

    /// <inheritdoc/>
    protected override IEnumerable<AddressKey>? Changed(WalletView view, WalletChanges changes, ListPoint before, ListPoint now)
    {
        if (_groups is not { } groups)
        {
            return null;
        }

        HashSet<AddressKey> touched = [];
        foreach (var address in changes.Addresses)
        {
            if (groups.Find(address) is { } place)
            {
                // What was change is none any more, or the other way round: groups may fall apart.
                if (groups.IsNamed(place) != (view.Snapshot.AddressBook.FindNamed(address) is not null))
                {
                    return null;
                }

                touched.Add(groups.FirstOf(place));
            }
        }

        if (!AddTransactions(view, groups, changes, touched))
        {
            return null;
        }

        foreach (var outPoint in CoinsOf(view.Snapshot, changes, before, now))
        {
            if (_counted.Remove(outPoint, out var counted))
            {
                _sums[counted.Place] -= counted.Value;
                touched.Add(groups.FirstOf(counted.Place));
            }

            if (view.Snapshot.Coins.Find(outPoint) is { } coin && Count(view, groups, coin) is { } place)
            {
                touched.Add(groups.FirstOf(place));
            }
        }

        return touched.Count <= MostOneByOne ? touched : null;
    }

    /// <inheritdoc/>
    protected override void Write(WalletView view, AddressKey key, RowWriter row)
    {
        if (_groups is { } groups)
        {
            Write(view, groups, key, place => _sums.GetValueOrDefault(place), row.Json);
        }
    }

    /// <inheritdoc/>
    protected override void Forget()
    {
        _groups = null;
        _counted.Clear();
        _counted.TrimExcess();
        _sums.Clear();
        _sums.TrimExcess();
    }

    private static void Write(WalletView view, AddressGroups groups, AddressKey first, Func<int, Amount> sumOf, Utf8JsonWriter json)
    {
        var group = groups.GroupOf(first);
        if (group.Count == 0)
        {
            return;
        }

        json.WriteStartArray();
        foreach (var place in group)
        {
            var address = groups.AddressAt(place);
            json.WriteStartArray();
            json.WriteStringValue(address.ToText(view.Snapshot.Chain.Prefixes));
            json.WriteAmountValue(sumOf(place));
            if (view.Snapshot.AddressBook.FindNamed(address) is { Label: { } label })
            {
                json.WriteStringValue(label);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    // False if one is not there.
    private static bool AddTransactions(WalletView view, AddressGroups groups, WalletChanges changes, HashSet<AddressKey> touched)
    {
        groups.Joined = first => touched.Add(first);
        try
        {
            var known = groups.Count;
            foreach (var txid in changes.Transactions)
            {
                if (view.Find(txid) is not { } tx)
                {
                    return false;
                }

                groups.Add(view, tx);
            }

            for (; known < groups.Count; known++)
            {
                touched.Add(groups.FirstOf(known));
            }

            return true;
        }
        finally
        {
            groups.Joined = null;
        }
    }

    // Those that may add another sum than before: that are new, gone or moved, become mature, or wait in the mempool, where each change
    // may make them sure.
    private static HashSet<OutPoint> CoinsOf(WalletSnapshot snapshot, WalletChanges changes, ListPoint before, ListPoint now)
    {
        HashSet<OutPoint> coins = [.. changes.Coins.Keys];
        if (!ReferenceEquals(before.Young, now.Young))
        {
            coins.UnionWith(before.Young.Keys);
            coins.UnionWith(now.Young.Keys);
        }

        foreach (var (txid, pending) in snapshot.Pending)
        {
            coins.UnionWith(Enumerable.Range(0, pending.Tx.Tx.Outputs.Length).Select(index => new OutPoint(txid, (uint)index)));
        }

        return coins;
    }

    private int? Count(WalletView view, AddressGroups groups, Coin coin)
    {
        if (AddressKey.Of(coin.Script) is not { } payee || groups.Find(payee) is not { } place || !AddressBalances.Counts(view, coin))
        {
            return null;
        }

        _counted.Add(coin.OutPoint, (place, coin.Value));
        _sums[place] = _sums.GetValueOrDefault(place) + coin.Value;
        return place;
    }
}
