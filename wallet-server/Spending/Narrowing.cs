using System.Buffers.Binary;
using Dash.Primitives.Scripts;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Spending;

/// <summary>
/// Leaves out coins that no attempt of a selection would choose: of surely confirmed ones above the target only the smallest
/// counts. What remains gives the same choices, at a cost that does not grow with the whole wallet. Pure.
/// </summary>
internal static class Narrowing
{
    /// <summary>The depth that every attempt is content with.</summary>
    public const int SureDepth = 6;

    // With so few coins it is not worth the while.
    private const int WorthFrom = 200;

    // So often another coin is tried that might be alone on its script.
    private const int Tries = 4;

    /// <summary>The coins that remain.</summary>
    public static List<AvailableCoin> Of(List<AvailableCoin> available, SelectionGoal goal, CoinControl control)
    {
        if (control.CoinType == CoinType.OnlyFullyMixed || available.Count <= WorthFrom)
        {
            return available;
        }

        return goal.AvoidPartialSpends ? OfScripts(available, goal) : OfCoins(available, goal);
    }

    private static List<AvailableCoin> OfCoins(List<AvailableCoin> available, SelectionGoal goal)
    {
        var bound = BoundOf(goal);
        var kept = new List<AvailableCoin>();

        // Apart for each way in which attempts tell coins apart: denominated or not, ordinary or not.
        var least = new List<AvailableCoin>?[4];
        foreach (var coin in available)
        {
            var amount = AmountOf(coin, goal);
            if (coin.Depth < SureDepth || amount < bound)
            {
                kept.Add(coin);
                continue;
            }

            var kind = (Denominations.Contains(coin.Coin.Value) ? 1 : 0) + (CoinSelection.IsOrdinary(coin.Coin.Script) ? 2 : 0);
            var best = least[kind];
            if (best is null || amount < AmountOf(best[0], goal))
            {
                least[kind] = [coin];
            }
            else if (amount == AmountOf(best[0], goal))
            {
                best.Add(coin);
            }
        }

        foreach (var some in least)
        {
            kept.AddRange(some ?? []);
        }

        return kept;
    }

    // Coins of one script are spent together. A sure coin that is alone on its script and large enough is a choice in every
    // attempt, so scripts with nothing but sure coins that are larger never are. Scripts are left out as a whole.
    private static List<AvailableCoin> OfScripts(List<AvailableCoin> available, SelectionGoal goal)
    {
        HashSet<Script> shared = [];
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            if (FindLeast(available, goal, shared) is not { } least)
            {
                break;
            }

            var kept = OfScripts(available, goal, AmountOf(least, goal));
            var script = least.Coin.Script;
            if (kept.FindAll(coin => coin.Coin.Script.Equals(script)).Count == 1)
            {
                return kept;
            }

            shared.Add(script);
        }

        return available;
    }

    // Null also where a coin costs more than it is worth: a script's sum may be less than one of its coins then.
    private static AvailableCoin? FindLeast(List<AvailableCoin> available, SelectionGoal goal, HashSet<Script> shared)
    {
        var bound = BoundOf(goal);
        AvailableCoin? least = null;
        var leastAmount = Amount.MaxMoney;
        foreach (var coin in available)
        {
            var amount = AmountOf(coin, goal);
            if (amount <= Amount.Zero)
            {
                return null;
            }

            if (amount >= bound && amount < leastAmount && coin.Depth >= SureDepth && !Denominations.Contains(coin.Coin.Value)
                && CoinSelection.IsOrdinary(coin.Coin.Script) && !shared.Contains(coin.Coin.Script))
            {
                (least, leastAmount) = (coin, amount);
            }
        }

        return least;
    }

    private static List<AvailableCoin> OfScripts(List<AvailableCoin> available, SelectionGoal goal, Amount most)
    {
        List<AvailableCoin> kept = [];
        HashSet<Script> scripts = [];
        var marks = new bool[1 << 16]; // tells nearly all other scripts without hashing them
        foreach (var coin in available)
        {
            if (coin.Depth < SureDepth || AmountOf(coin, goal) <= most)
            {
                kept.Add(coin);
                scripts.Add(coin.Coin.Script);
                marks[MarkOf(coin.Coin.Script)] = true;
            }
        }

        foreach (var coin in available)
        {
            if (marks[MarkOf(coin.Coin.Script)] && coin.Depth >= SureDepth && AmountOf(coin, goal) > most
                && scripts.Contains(coin.Coin.Script))
            {
                kept.Add(coin);
            }
        }

        return kept;
    }

    // Two bytes of the hash that an ordinary script holds.
    private static int MarkOf(Script script) =>
        script.Length >= 5 ? BinaryPrimitives.ReadUInt16LittleEndian(script.Span[3..]) : script.Length;

    // What is at least this large need not be joined by another coin.
    private static Amount BoundOf(SelectionGoal goal) =>
        goal.Target + (goal.SubtractFee ? Amount.Zero : goal.ChangeFee) + goal.ChangeTarget;

    private static Amount AmountOf(AvailableCoin coin, SelectionGoal goal) =>
        goal.SubtractFee ? coin.Coin.Value : coin.EffectiveValue(goal.FeeRate);
}
