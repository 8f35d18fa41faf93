using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Spending;

/// <summary>How small coins are to be joined.</summary>
internal sealed record ConsolidationWish
{
    /// <summary>Coins of this amount or less are small.</summary>
    public required Amount Largest { get; init; }

    /// <summary>So many coins at most.</summary>
    public int MostInputs { get; init; } = 500;

    /// <summary>Coins of CoinJoin's denominations too.</summary>
    public bool IncludesMixed { get; init; }

    /// <summary>Where to; null for a fresh change address.</summary>
    public Script? To { get; init; }

    /// <summary>Fee and depth.</summary>
    public CoinControl Control { get; init; } = CoinControl.Default;
}

/// <summary>Which small coins are joined in one transaction.</summary>
/// <param name="Coins">The coins, the smallest first.</param>
/// <param name="Left">How many more would be joined by the next one.</param>
/// <param name="Worthless">How many cost more to spend at this fee rate than they are worth.</param>
internal sealed record Consolidation(IReadOnlyList<AvailableCoin> Coins, int Left, int Worthless)
{
    // Everything of a transaction but its inputs, for one output of any kind, and room to spare.
    private const int SizeOfRest = 200;

    /// <summary>Their sum.</summary>
    public Amount Sum => Coins.Aggregate(Amount.Zero, static (sum, coin) => sum + coin.Coin.Value);

    /// <summary>Chooses. Pure.</summary>
    /// <param name="snapshot">The state; coins of payments under way are set aside in it.</param>
    /// <param name="wish">What the user says.</param>
    /// <param name="rate">What a byte costs.</param>
    public static Consolidation Choose(WalletSnapshot snapshot, ConsolidationWish wish, FeeRate rate)
    {
        // A wallet that avoids reuse spends all coins of an address or none; those of addresses that were spent from stay out.
        var together = snapshot.Flags.HasFlag(WalletFlags.AvoidReuse);
        var limits = CoinLimits.None with { Minimum = new Amount(1), Maximum = together ? Amount.MaxMoney : wish.Largest };
        var available = AvailableCoins.Of(snapshot, wish.Control with { AvoidReuse = true }, limits, static _ => false);
        available.RemoveAll(coin => !coin.IsSolvable || (!wish.IncludesMixed && Denominations.Contains(coin.Coin.Value)));
        var worthless = together ? 0 : available.RemoveAll(coin => coin.EffectiveValue(rate) <= Amount.Zero);
        var groups = together
            ? available.GroupBy(static coin => coin.Coin.Script).Select(static group => group.ToArray())
                .Where(group => group.All(coin => coin.Coin.Value <= wish.Largest && !IsKept(snapshot, coin)))
            : available.Where(coin => !IsKept(snapshot, coin)).Select(static coin => new[] { coin });
        List<AvailableCoin> taken = [];
        var (left, size) = (0, SizeOfRest);
        foreach (var group in groups.OrderBy(static group => group.Sum(static coin => coin.Coin.Value.Duffs))
            .ThenBy(static group => group[0].Coin.OutPoint.Txid.Value).ThenBy(static group => group[0].Coin.OutPoint.Index))
        {
            var more = group.Sum(static coin => coin.InputSize);
            if (left > 0 || taken.Count + group.Length > wish.MostInputs || size + more > TransactionBuilder.MaxSize)
            {
                left += group.Length;
                continue;
            }

            taken.AddRange(group);
            size += more;
        }

        return new Consolidation(taken, left, worthless);
    }

    // What masternodes stand on is no small coin, whatever is called small.
    private static bool IsKept(WalletSnapshot snapshot, AvailableCoin coin) =>
        Denominations.IsMasternodeCollateral(coin.Coin.Value) || snapshot.LockedCoins.ContainsKey(coin.Coin.OutPoint);
}
