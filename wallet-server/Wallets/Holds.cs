using Dash.Primitives.Transactions;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Wallets;

/// <summary>
/// Coins and change keys that payments under way hold, in memory: two payments can never pick the same. Gone with the
/// process, as they must be. Any thread.
/// </summary>
internal sealed class Holds
{
    private readonly Lock _gate = new(); // protects all below
    private readonly HashSet<OutPoint> _coins = [];
    private readonly SortedSet<int> _changeIndexes = [];
    private TaskCompletionSource? _none; // made when somebody waits

    /// <summary>Nothing is held.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _coins.Count == 0 && _changeIndexes.Count == 0;
            }
        }
    }

    /// <summary>The first change index past the next one and all that are held.</summary>
    public int NextChangeIndex(int next)
    {
        lock (_gate)
        {
            return NextIndex(next);
        }
    }

    /// <summary>The same, and from now on it is held.</summary>
    public int TakeChangeIndex(int next)
    {
        lock (_gate)
        {
            var index = NextIndex(next);
            _changeIndexes.Add(index);
            return index;
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

    /// <summary>Holds coins, beside a change index that may be held already.</summary>
    public void Take(IEnumerable<OutPoint> coins)
    {
        lock (_gate)
        {
            _coins.UnionWith(coins);
        }
    }

    /// <summary>Lets coins and, if any, a change index go.</summary>
    public void Release(IEnumerable<OutPoint> coins, int? changeIndex)
    {
        lock (_gate)
        {
            _coins.ExceptWith(coins);
            if (changeIndex is { } index)
            {
                _changeIndexes.Remove(index);
            }

            if (_coins.Count == 0 && _changeIndexes.Count == 0)
            {
                _none?.TrySetResult();
                _none = null;
            }
        }
    }

    /// <summary>Returns when nothing was held for a moment.</summary>
    public Task EmptyAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            return _coins.Count == 0 && _changeIndexes.Count == 0
                ? Task.CompletedTask
                : (_none ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(ct);
        }
    }

    private int NextIndex(int next) => _changeIndexes.Count == 0 ? next : Math.Max(next, _changeIndexes.Max + 1);
}
