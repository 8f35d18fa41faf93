using System.Numerics;
using Dash.Common.Concurrency;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Spending;

/// <summary>
/// The one solver that runs in this version of Dash: a group that fits exactly, or all smaller ones, or a random search
/// for a sum close above the target, or the smallest group that is larger. Denominated coins are left alone as long as
/// others suffice. Pure but for the randomness it is given; the work is bounded whatever the number of coins.
/// </summary>
internal static class Knapsack
{
    private const int Iterations = 1000;
    private const int Word = 64;

    // Looks at groups, in all rounds together: some milliseconds. Up to 1,000 groups get all rounds.
    private const long WorkBudget = 1_000_000;

    // Some tenths of a millisecond: a small wallet's payment is done by then.
    private const int LooksBetweenRests = 100_000;

    /// <summary>Groups that reach the target, or null.</summary>
    /// <param name="groups">The candidates; their order is changed.</param>
    /// <param name="target">What is to be reached.</param>
    /// <param name="changeTarget">Least change that is welcome; an inexact result should leave at least so much.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="onlyFullyMixed">No change is possible and what is too much goes to the fee.</param>
    /// <param name="maxFee">Most that may be too much when <paramref name="onlyFullyMixed"/>.</param>
    public static List<OutputGroup>? Solve(
        List<OutputGroup> groups, Amount target, Amount changeTarget, Random random, bool onlyFullyMixed, Amount maxFee)
    {
        if (groups.Count == 0)
        {
            return null;
        }

        var order = groups.ToArray();
        random.Shuffle(order);
        if (onlyFullyMixed)
        {
            order = [.. order.OrderBy(group => Denominations.Priority(group.Value))];
            changeTarget = Amount.Zero;
        }

        List<OutputGroup> smaller = [];
        var smallerSum = Amount.Zero;
        OutputGroup? larger = null;
        for (var pass = onlyFullyMixed ? 1 : 0; ; pass++)
        {
            smaller = [];
            smallerSum = Amount.Zero;
            foreach (var group in order)
            {
                if (pass == 0 && Denominations.Contains(group.Value))
                {
                    continue;
                }

                if (group.SelectionAmount == target)
                {
                    return [group];
                }

                if (group.SelectionAmount < target + changeTarget)
                {
                    smaller.Add(group);
                    smallerSum += group.SelectionAmount;
                }
                else if (larger is null || group.SelectionAmount < larger.SelectionAmount)
                {
                    larger = group;
                }
            }

            if (smallerSum == target)
            {
                return smaller;
            }

            if (smallerSum > target)
            {
                break;
            }

            if (larger is not null)
            {
                return Checked([larger], target, onlyFullyMixed, maxFee);
            }

            if (pass == 1)
            {
                return null;
            }
        }

        smaller.Sort((left, right) => right.SelectionAmount.CompareTo(left.SelectionAmount));
        var (best, bestSum) = Approximate(smaller, smallerSum, target, random);
        if (bestSum != target && !changeTarget.IsZero && smallerSum >= target + changeTarget)
        {
            (best, bestSum) = Approximate(smaller, smallerSum, target + changeTarget, random);
        }

        if (larger is not null
            && ((bestSum != target && bestSum < target + changeTarget) || larger.SelectionAmount <= bestSum))
        {
            return Checked([larger], target, onlyFullyMixed, maxFee);
        }

        var chosen = new List<OutputGroup>();
        for (var i = 0; i < smaller.Count; i++)
        {
            if ((best[i / Word] >> (i % Word) & 1) != 0)
            {
                chosen.Add(smaller[i]);
            }
        }

        return Checked(chosen, target, onlyFullyMixed, maxFee);
    }

    private static List<OutputGroup>? Checked(List<OutputGroup> chosen, Amount target, bool onlyFullyMixed, Amount maxFee)
    {
        var sum = chosen.Aggregate(Amount.Zero, (total, group) => total + group.Value);
        return onlyFullyMixed && sum - target > maxFee ? null : chosen;
    }

    // Each round takes groups by the toss of a coin, then fills up with what was left out; whenever the target is passed
    // the sum is a candidate and the last group is put back.
    // Groups are bits of words: a toss that leaves one out costs nothing, and is no branch to guess.
    private static (ulong[] Best, Amount Sum) Approximate(
        List<OutputGroup> groups, Amount total, Amount target, Random random)
    {
        var amounts = new long[groups.Count];
        for (var i = 0; i < amounts.Length; i++)
        {
            amounts[i] = groups[i].SelectionAmount.Duffs;
        }

        var best = new ulong[(amounts.Length + Word - 1) / Word];
        Array.Fill(best, ulong.MaxValue);
        var bestSum = total.Duffs;
        var bestCount = 0;
        var included = new ulong[best.Length];
        var all = ulong.MaxValue >> (best.Length * Word - amounts.Length);
        var looks = 0;
        var rounds = (int)Math.Clamp(WorkBudget / amounts.Length, 20, Iterations);
        for (var round = 0; round < rounds && bestSum != target.Duffs; round++)
        {
            if ((looks += amounts.Length) >= LooksBetweenRests)
            {
                looks = 0;
                ThreadTurns.Rest();
            }

            Array.Clear(included);
            var sum = 0L;
            var count = 0;
            var isReached = false;
            for (var pass = 0; pass < 2 && !isReached; pass++)
            {
                for (var word = 0; word < included.Length; word++)
                {
                    var left = pass == 0 ? Toss(random) : ~included[word];
                    for (left &= word == included.Length - 1 ? all : ulong.MaxValue; left != 0; left &= left - 1)
                    {
                        var amount = amounts[(word * Word) + BitOperations.TrailingZeroCount(left)];
                        var bit = left & (~left + 1);
                        sum += amount;
                        count++;
                        included[word] |= bit;
                        if (sum < target.Duffs)
                        {
                            continue;
                        }

                        isReached = true;
                        if (sum < bestSum || (sum == bestSum && count < bestCount))
                        {
                            bestSum = sum;
                            bestCount = count;
                            included.CopyTo(best, 0);
                        }

                        sum -= amount;
                        count--;
                        included[word] &= ~bit;
                    }
                }
            }
        }

        return (best, new Amount(bestSum));
    }

    private static ulong Toss(Random random)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        random.NextBytes(bytes);
        return BitConverter.ToUInt64(bytes);
    }
}
