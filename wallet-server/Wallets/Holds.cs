using Dash.Primitives.Transactions;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Wallets;

/// <summary>
/// Coins and change keys that payments under way hold, in memory: two payments can never pick the same. Gone with the
/// process, as they must be. Any thread.
/// </summary>
internal sealed class Holds
{
    private readonly Lock _gate = new(); // protects both sets
    private readonly HashSet<OutPoint> _coins = [];
    private readonly SortedSet<int> _changeIndexes = [];

    /// <summary>The first change index past the next one and all that are held.</summary>
    public int NextChangeIndex(int next)
    {
        lock (_gate)
        {
            return _changeIndexes.Count == 0 ? next : Math.Max(next, _changeIndexes.Max + 1);
        }
    }

    /// <summary>Is the coin held?</summary>
    public bool Contains(OutPoint coin)
    {
        lock (_gate)
        {
            return _coins.Contains(coin);
        }
    }

    /// <summary>The snapshot without the coins that are held.</summary>
    public WalletSnapshot Without(WalletSnapshot snapshot)
    {
        lock (_gate)
        {
            return _coins.Count == 0 ? snapshot : snapshot with
            {
                Coins = snapshot.Coins.With([.. _coins.Where(snapshot.Coins.ContainsKey)
                    .Select(coin => KeyValuePair.Create<OutPoint, Coin?>(coin, null))]),
            };
        }
    }

    /// <summary>Holds coins and, if any, a change index.</summary>
    public void Take(IEnumerable<OutPoint> coins, int? changeIndex)
    {
        lock (_gate)
        {
            _coins.UnionWith(coins);
            if (changeIndex is { } index)
            {
                _changeIndexes.Add(index);
            }
        }
    }

    /// <summary>Lets them go.</summary>
    public void Release(IEnumerable<OutPoint> coins, int? changeIndex)
    {
        lock (_gate)
        {
            _coins.ExceptWith(coins);
            if (changeIndex is { } index)
            {
                _changeIndexes.Remove(index);
            }
        }
    }
}
