using System.Buffers;
using System.Buffers.Binary;
using Dash.Common.Concurrency;
using Dash.Primitives.Scripts;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Spending;

/// <summary>
/// Leaves out coins that no attempt of a selection would choose: of surely confirmed ones above the target only the smallest
/// counts. Of thousands that reach it only together the largest stay, which are the cheapest way to it, and a sample of the others,
/// for a sum that is close to it. What remains gives choices as good, at a cost that does not grow with the whole wallet. Pure.
/// </summary>
internal static class Narrowing
{
    /// <summary>The depth that every attempt is content with.</summary>
    public const int SureDepth = 6;

    // Between two of so many and one coins others may have the core.
    private const int RestMask = 255;

    // With so few coins it is not worth the while.
    private const int WorthFrom = 200;

    // Half of them the largest: more than fit into a transaction.
    private const int Plenty = 1_400;

    // So often another coin is tried that might be alone on its script.
    private const int Tries = 4;

    /// <summary>The coins that remain.</summary>
    /// <param name="available">The coins.</param>
    /// <param name="goal">What is to be reached.</param>
    /// <param name="control">What the user says.</param>
    /// <param name="room">A list to work in; what it holds afterwards is the result, or nothing that counts.</param>
    public static List<AvailableCoin> Of(List<AvailableCoin> available, SelectionGoal goal, CoinControl control, List<AvailableCoin> room)
    {
        if (control.CoinType == CoinType.OnlyFullyMixed || available.Count <= WorthFrom)
        {
            return available;
        }

        return goal.AvoidPartialSpends ? OfScripts(available, goal) : OfCoins(available, goal, room);
    }

    private static List<AvailableCoin> OfCoins(List<AvailableCoin> available, SelectionGoal goal, List<AvailableCoin> kept)
    {
        var bound = BoundOf(goal);
        kept.Clear();
        kept.EnsureCapacity(available.Count); // growing would copy it again and again

        // Apart for each way in which attempts tell coins apart: denominated or not, ordinary or not.
        var least = new List<AvailableCoin>?[4];
        var looked = 0;
        foreach (var coin in available)
        {
            if ((++looked & RestMask) == 0)
            {
                ThreadTurns.Rest();
            }

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

        return Thinning(kept, goal) is { } isKept ? kept.FindAll(isKept) : kept;
    }

    // Says of each coin once, in their order, whether it stays; null where all do.
    private static Predicate<AvailableCoin>? Thinning(List<AvailableCoin> coins, SelectionGoal goal)
    {
        var bound = BoundOf(goal);
        var (largest, stride) = (0L, 0);
        var rented = ArrayPool<long>.Shared.Rent(coins.Count);
        try
        {
            var amounts = Amounts(rented);
            if (amounts.Length <= Plenty)
            {
                return null;
            }

            amounts.Sort();
            (largest, stride) = (amounts[^(Plenty / 2)], amounts.Length / (Plenty / 2));
            var sum = 0L;
            for (var i = 0; i < amounts.Length; i++)
            {
                sum += i >= amounts.Length - (Plenty / 2) || i % stride == 0 ? amounts[i] : 0;
            }

            if (sum < 2 * bound.Duffs)
            {
                return null;
            }
        }
        finally
        {
            ArrayPool<long>.Shared.Return(rented);
        }

        var at = 0;
        return coin => !IsOneOfMany(coin) || AmountOf(coin, goal).Duffs > largest || at++ % stride == 0;

        Span<long> Amounts(long[] all)
        {
            var count = 0;
            foreach (var coin in coins)
            {
                if (IsOneOfMany(coin))
                {
                    all[count++] = AmountOf(coin, goal).Duffs;
                }
            }

            return all.AsSpan(0, count);
        }

        bool IsOneOfMany(AvailableCoin coin) => IsPlain(coin) && AmountOf(coin, goal) < bound;
    }

    // Surely confirmed, and a choice in every attempt.
    private static bool IsPlain(AvailableCoin coin) =>
        coin.Depth >= SureDepth && !Denominations.Contains(coin.Coin.Value) && CoinSelection.IsOrdinary(coin.Coin.Script);

    // Coins of one script are spent together. A sure coin that is alone on its script and large enough is a choice in every
    // attempt, so scripts with nothing but sure coins that are larger never are. Scripts are left out as a whole.
    private static List<AvailableCoin> OfScripts(List<AvailableCoin> available, SelectionGoal goal)
    {
        if (available.Exists(coin => AmountOf(coin, goal) <= Amount.Zero))
        {
            return available; // a script's sum may be less than one of its coins
        }

        HashSet<Script> shared = [];
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            if (FindLeast(available, goal, shared) is not { } least)
            {
                break;
            }

            var most = AmountOf(least, goal);
            var kept = OfScripts(available, coin => coin.Depth < SureDepth || AmountOf(coin, goal) <= most);
            var script = least.Coin.Script;
            if (kept.FindAll(coin => coin.Coin.Script.Equals(script)).Count == 1)
            {
                return kept;
            }

            shared.Add(script);
        }

        // Large ones on scripts with others, as of somebody who pays to one address again and again, say nothing about the rest.
        return Thinning(available, goal) is { } stays ? OfScripts(available, stays) : available;
    }

    private static AvailableCoin? FindLeast(List<AvailableCoin> available, SelectionGoal goal, HashSet<Script> shared)
    {
        var bound = BoundOf(goal);
        AvailableCoin? least = null;
        var leastAmount = Amount.MaxMoney;
        foreach (var coin in available)
        {
            var amount = AmountOf(coin, goal);
            if (amount >= bound && amount < leastAmount && IsPlain(coin) && !shared.Contains(coin.Coin.Script))
            {
                (least, leastAmount) = (coin, amount);
            }
        }

        return least;
    }

    private static List<AvailableCoin> OfScripts(List<AvailableCoin> available, Predicate<AvailableCoin> isKept)
    {
        HashSet<Script> scripts = [];
        var marks = new bool[1 << 16]; // tells nearly all other scripts without hashing them
        foreach (var coin in available)
        {
            if (isKept(coin))
            {
                scripts.Add(coin.Coin.Script);
                marks[MarkOf(coin.Coin.Script)] = true;
            }
        }

        ThreadTurns.Rest();
        return available.FindAll(coin => marks[MarkOf(coin.Coin.Script)] && scripts.Contains(coin.Coin.Script));
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
