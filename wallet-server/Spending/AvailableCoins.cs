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

/// <summary>The coins of a snapshot that may be spent or listed. Pure.</summary>
internal static class AvailableCoins
{
    /// <summary>The coins that pass, in no particular order.</summary>
    /// <param name="snapshot">The state asked.</param>
    /// <param name="control">What the user says.</param>
    /// <param name="limits">Further limits.</param>
    /// <param name="isFullyMixed">Asked for denominated coins only, where the kind of coin calls for it.</param>
    public static List<AvailableCoin> Of(
        WalletSnapshot snapshot,
        CoinControl control,
        CoinLimits limits,
        Func<OutPoint, bool> isFullyMixed)
    {
        var found = new List<AvailableCoin>();
        var tip = snapshot.Tip.Height;
        var trust = new Trust(snapshot);
        var skipUsed = snapshot.Flags.HasFlag(WalletFlags.AvoidReuse) && control.AvoidReuse;
        var only = control.Selected.Length > 0 && !control.AllowOtherInputs ? control.Selected.ToHashSet() : null;
        var sum = Amount.Zero;

        // Every coin is of a keychain, and mostly it does not matter of which.
        var isSolvable = snapshot.Keychains.All(static keychain => keychain.IsSolvable);
        foreach (var coin in snapshot.Coins.Values)
        {
            var depth = coin.DepthAt(tip);
            if (coin.IsImmatureAt(tip) || depth < control.MinDepth || depth > control.MaxDepth
                || coin.Value < limits.Minimum || coin.Value > limits.Maximum)
            {
                continue;
            }

            // A coin nobody has in a mempool may hang on a conflict the wallet cannot see.
            if (!coin.IsConfirmed
                && snapshot.Pending.Find(coin.OutPoint.Txid) is not { Tx.State: TxState.InMempool })
            {
                continue;
            }

            var isSafe = trust.Of(coin);
            if (!isSafe && !control.IncludeUnsafe)
            {
                continue;
            }

            if (!IsKind(control.CoinType, coin, isFullyMixed)
                || (only is not null && !only.Contains(coin.OutPoint))
                || (snapshot.LockedCoins.ContainsKey(coin.OutPoint) && control.CoinType != CoinType.OnlyMasternodeCollateral)
                || (skipUsed && snapshot.IsUsed(coin.Script)))
            {
                continue;
            }

            var size = isSolvable && ScriptTemplates.IsPayToPubKeyHash(coin.Script.Span)
                ? InputSize.OfKeyHash(control.IncludeWatching)
                : InputSize.Of(snapshot, coin.Script, control.IncludeWatching);
            found.Add(new AvailableCoin(coin, depth, size, isSafe));
            sum += coin.Value;
            if ((limits.MinimumSum != Amount.MaxMoney && sum >= limits.MinimumSum)
                || (limits.MaximumCount > 0 && found.Count >= limits.MaximumCount))
            {
                break;
            }
        }

        return found;
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
