using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Spending;

/// <summary>Limits of a list of coins beyond what <see cref="CoinControl"/> says.</summary>
internal sealed record CoinLimits
{
    /// <summary>No limit.</summary>
    public static CoinLimits None { get; } = new();

    /// <summary>Least amount of a coin.</summary>
    public Amount Minimum { get; init; } = Amount.Zero;

    /// <summary>Greatest amount of a coin.</summary>
    public Amount Maximum { get; init; } = Amount.MaxMoney;

    /// <summary>Stop as soon as the coins sum up to this.</summary>
    public Amount MinimumSum { get; init; } = Amount.MaxMoney;

    /// <summary>Stop after so many coins; 0 is no limit.</summary>
    public long MaximumCount { get; init; }
}

/// <summary>Which coins of a snapshot may be spent or listed. Pure; not for two threads.</summary>
/// <param name="snapshot">The state asked.</param>
/// <param name="control">What the user says.</param>
/// <param name="limits">Further limits.</param>
/// <param name="isFullyMixed">Asked for denominated coins only, where the kind of coin calls for it.</param>
internal sealed class AvailableCoins(WalletSnapshot snapshot, CoinControl control, CoinLimits limits, Func<OutPoint, bool> isFullyMixed)
{
    private readonly Trust _trust = new(snapshot);
    private readonly bool _skipUsed = snapshot.Flags.HasFlag(WalletFlags.AvoidReuse) && control.AvoidReuse;
    private readonly bool _hasLocks = !snapshot.LockedCoins.IsEmpty && control.CoinType != CoinType.OnlyMasternodeCollateral;
    private readonly HashSet<OutPoint>? _only = control.Selected.Length > 0 && !control.AllowOtherInputs ? control.Selected.ToHashSet() : null;

    // Every coin is of a keychain, and mostly it does not matter of which.
    private readonly bool _isUsual = snapshot.Keychains.All(static keychain => keychain.IsSolvable && !keychain.HasLongKey);

    /// <summary>The coins that pass, in no particular order.</summary>
    /// <param name="snapshot">The state asked.</param>
    /// <param name="control">What the user says.</param>
    /// <param name="limits">Further limits.</param>
    /// <param name="isFullyMixed">Asked for denominated coins only, where the kind of coin calls for it.</param>
    public static List<AvailableCoin> Of(
        WalletSnapshot snapshot,
        CoinControl control,
        CoinLimits limits,
        Func<OutPoint, bool> isFullyMixed) => Of(snapshot, control, limits, isFullyMixed, []);

    /// <summary>The same, into a list that is empty.</summary>
    public static List<AvailableCoin> Of(
        WalletSnapshot snapshot,
        CoinControl control,
        CoinLimits limits,
        Func<OutPoint, bool> isFullyMixed,
        List<AvailableCoin> found)
    {
        var available = new AvailableCoins(snapshot, control, limits, isFullyMixed);
        found.EnsureCapacity(limits == CoinLimits.None ? snapshot.Coins.Count : 0);
        var sum = Amount.Zero;
        Pauses pauses = new();
        foreach (var coin in snapshot.Coins.Values)
        {
            pauses.Count();
            if (available.Look(coin) is not { } passed)
            {
                continue;
            }

            found.Add(passed);
            sum += coin.Value;
            if ((limits.MinimumSum != Amount.MaxMoney && sum >= limits.MinimumSum)
                || (limits.MaximumCount > 0 && found.Count >= limits.MaximumCount))
            {
                break;
            }
        }

        return found;
    }

    /// <summary>One coin of the snapshot; null if it does not pass.</summary>
    public AvailableCoin? Look(Coin coin)
    {
        var tip = snapshot.Tip.Height;
        var depth = coin.DepthAt(tip);
        if (coin.IsImmatureAt(tip) || depth < control.MinDepth || depth > control.MaxDepth
            || coin.Value < limits.Minimum || coin.Value > limits.Maximum)
        {
            return null;
        }

        // A coin nobody has in a mempool may hang on a conflict the wallet cannot see.
        if (!coin.IsConfirmed
            && snapshot.Pending.Find(coin.OutPoint.Txid) is not { Tx.State: TxState.InMempool })
        {
            return null;
        }

        var isSafe = _trust.Of(coin);
        if (!isSafe && !control.IncludeUnsafe)
        {
            return null;
        }

        if (!IsKind(control.CoinType, coin, isFullyMixed)
            || (_only is not null && !_only.Contains(coin.OutPoint))
            || (_hasLocks && snapshot.LockedCoins.ContainsKey(coin.OutPoint))
            || (_skipUsed && snapshot.IsUsed(coin.Script)))
        {
            return null;
        }

        var size = _isUsual && ScriptTemplates.IsPayToPubKeyHash(coin.Script.Span)
            ? InputSize.OfKeyHash(control.IncludeWatching)
            : InputSize.Of(snapshot, coin.Script, control.IncludeWatching);
        return new AvailableCoin(coin, depth, size, isSafe);
    }

    private static bool IsKind(CoinType kind, Coin coin, Func<OutPoint, bool> isFullyMixed) => kind switch
    {
        CoinType.OnlyFullyMixed => Denominations.Contains(coin.Value) && isFullyMixed(coin.OutPoint),
        CoinType.OnlyReadyToMix => Denominations.Contains(coin.Value) && !isFullyMixed(coin.OutPoint),
        CoinType.OnlyNonDenominated => !Denominations.IsCollateral(coin.Value) && !Denominations.Contains(coin.Value),
        CoinType.OnlyMasternodeCollateral => Denominations.IsMasternodeCollateral(coin.Value),
        CoinType.OnlyCoinJoinCollateral => Denominations.IsCollateral(coin.Value),
        _ => true,
    };
}
