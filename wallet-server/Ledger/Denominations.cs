using System.Collections.Immutable;
using Dash.Primitives.Units;

namespace Dash.WalletServer.Ledger;

/// <summary>The amounts CoinJoin works with, and how an amount ranks among them.</summary>
internal static class Denominations
{
    /// <summary>The standard denominations, largest first.</summary>
    public static ImmutableArray<Amount> All => MixingDenominations.All;

    /// <summary>Least collateral of a mixing session: a tenth of the smallest denomination, in whole duffs.</summary>
    public static Amount Collateral { get; } = new(100_001 / 10);

    /// <summary>Largest amount taken as collateral.</summary>
    public static Amount MaxCollateral { get; } = Collateral * 4;

    /// <summary>Exactly one denomination?</summary>
    public static bool Contains(Amount amount) => MixingDenominations.Contains(amount);

    /// <summary>An amount that pays for sessions.</summary>
    public static bool IsCollateral(Amount amount) => amount >= Collateral && amount <= MaxCollateral;

    /// <summary>The collateral of a masternode: 1,000 DASH, or 4,000 for an Evo node.</summary>
    public static bool IsMasternodeCollateral(Amount amount) =>
        amount == Amount.FromDash(1000) || amount == Amount.FromDash(4000);

    /// <summary>Order in which fully mixed coins are picked: the lower, the earlier.</summary>
    public static long Priority(Amount amount)
    {
        if (Contains(amount))
        {
            return (long)((float)Amount.DuffsPerDash / amount.Duffs * 10000);
        }

        return amount < Amount.OneDash ? 20_000 : -(amount.Duffs / Amount.DuffsPerDash);
    }
}
