using System.Buffers.Binary;
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
        Pauses pauses = new();
        foreach (var coin in available)
        {
            pauses.Count();
            var amount = AmountOf(coin, goal);
            if (coin.Depth < SureDepth || amount < bound)
            {
                kept.Add(coin);
                continue;
            }

            var kind = (coin.IsDenominated ? 1 : 0) + (coin.IsOrdinary ? 2 : 0);
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

        if (Thinning(kept, goal) is { } isKept)
        {
            kept.RemoveAll(coin => !isKept(coin)); // in place: thousands that are not confirmed remain
        }

        return kept;
    }

    // Says of each coin once, in their order, whether it stays; null where all do.
    private static Predicate<AvailableCoin>? Thinning(List<AvailableCoin> coins, SelectionGoal goal)
    {
        const int half = Plenty / 2;
        var bound = BoundOf(goal);
        PriorityQueue<long, long> largest = new(half);
        var (count, sum, sumOfLargest) = (0, 0L, 0L);
        Pauses pauses = new();
        foreach (var coin in coins)
        {
            pauses.Count();
            if (!IsOneOfMany(coin))
            {
                continue;
            }

            var amount = AmountOf(coin, goal).Duffs;
            count++;
            sum += amount;
            sumOfLargest += amount;
            if (count <= half)
            {
                largest.Enqueue(amount, amount);
            }
            else
            {
                sumOfLargest -= largest.EnqueueDequeue(amount, amount);
            }
        }

        // One of so many others stays.
        var stride = count / half;
        if (count <= Plenty || sumOfLargest + ((sum - sumOfLargest) / stride) < 2 * bound.Duffs)
        {
            return null;
        }

        var least = largest.Peek();
        var at = 0;
        return coin =>
        {
            pauses.Count();
            return !IsOneOfMany(coin) || AmountOf(coin, goal).Duffs > least || at++ % stride == 0;
        };

        bool IsOneOfMany(AvailableCoin coin) => IsPlain(coin) && AmountOf(coin, goal) < bound;
    }

    // Surely confirmed, and a choice in every attempt.
    private static bool IsPlain(AvailableCoin coin) => coin is { Depth: >= SureDepth, IsDenominated: false, IsOrdinary: true };

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
        Pauses pauses = new();
        foreach (var coin in available)
        {
            pauses.Count();
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
        Pauses pauses = new();
        foreach (var coin in available)
        {
            pauses.Count();
            if (isKept(coin))
            {
                scripts.Add(coin.Coin.Script);
                marks[MarkOf(coin.Coin.Script)] = true;
            }
        }

        return available.FindAll(coin =>
        {
            pauses.Count();
            return marks[MarkOf(coin.Coin.Script)] && scripts.Contains(coin.Coin.Script);
        });
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
