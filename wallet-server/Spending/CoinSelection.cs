using System.Runtime.InteropServices;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Spending;

/// <summary>What a selection is to reach and how it counts.</summary>
/// <param name="Target">Recipients and the fee of everything but inputs.</param>
/// <param name="FeeRate">What an input costs.</param>
/// <param name="ChangeFee">What a change output costs.</param>
/// <param name="ChangeTarget">Least change that is welcome.</param>
/// <param name="SubtractFee">Recipients bear the fee: amounts count in full.</param>
/// <param name="AvoidPartialSpends">Coins of one script are spent together.</param>
internal sealed record SelectionGoal(
    Amount Target, FeeRate FeeRate, Amount ChangeFee, Amount ChangeTarget, bool SubtractFee, bool AvoidPartialSpends);

/// <summary>Which coins a payment spends: from the surest to the least sure until the target is reached. Pure.</summary>
internal static class CoinSelection
{
    /// <summary>Most coins of one script spent together.</summary>
    private const int MaxGroup = 100;

    /// <summary>Coins that reach the goal, or null.</summary>
    /// <param name="snapshot">The state.</param>
    /// <param name="available">The coins to choose from.</param>
    /// <param name="preset">Coins that are spent in any case.</param>
    /// <param name="control">What the user says.</param>
    /// <param name="goal">What is to be reached.</param>
    /// <param name="market">The node's limits of unconfirmed chains.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="room">A list to work in.</param>
    public static List<AvailableCoin>? Choose(
        WalletSnapshot snapshot,
        List<AvailableCoin> available,
        IReadOnlyList<AvailableCoin> preset,
        CoinControl control,
        SelectionGoal goal,
        FeeMarket market,
        Random random,
        List<AvailableCoin> room)
    {
        var lineage = new Lineage(snapshot, market.Chains);
        var left = goal.Target;
        foreach (var coin in preset)
        {
            left -= goal.SubtractFee ? coin.Coin.Value : coin.EffectiveValue(goal.FeeRate);
        }

        if (control.Selected.Length > 0 && !control.AllowOtherInputs)
        {
            return ChoosePreset(available, preset, control, goal);
        }

        if (left <= Amount.Zero)
        {
            return [.. preset];
        }

        if (preset.Count > 0)
        {
            var taken = preset.Select(coin => coin.Coin.OutPoint).ToHashSet();
            available = [.. available.Where(coin => !taken.Contains(coin.Coin.OutPoint))];
        }

        available = Narrowing.Of(available, goal with { Target = left }, control, room);
        if (goal.AvoidPartialSpends && available.Count > MaxGroup)
        {
            // Groups of an address with very many coins are cut at random, not in an order one could recognise.
            var order = available.ToArray();
            random.Shuffle(order);
            available = [.. order];
        }

        foreach (var filter in Filters(snapshot.Settings, control, market))
        {
            if (Attempt(available, filter, goal with { Target = left }, control, lineage, snapshot, random) is { } chosen)
            {
                return [.. chosen, .. preset];
            }
        }

        return null;
    }

    private static List<AvailableCoin>? ChoosePreset(
        List<AvailableCoin> available, IReadOnlyList<AvailableCoin> preset, CoinControl control, SelectionGoal goal)
    {
        var wanted = preset.Select(coin => coin.Coin.OutPoint).ToHashSet();
        if (!control.RequireAllInputs)
        {
            var few = new List<AvailableCoin>();
            var reached = Amount.Zero;
            foreach (var coin in available)
            {
                if (wanted.Contains(coin.Coin.OutPoint))
                {
                    few.Add(coin);
                    reached += goal.SubtractFee ? coin.Coin.Value : coin.EffectiveValue(goal.FeeRate);
                }

                if (reached >= goal.Target)
                {
                    return few;
                }
            }
        }

        var sum = preset.Aggregate(Amount.Zero, (total, coin) => total + coin.Coin.Value);
        return sum < goal.Target ? null : [.. preset];
    }

    private static IEnumerable<Filter> Filters(WalletSettings settings, CoinControl control, FeeMarket market)
    {
        var ancestors = Math.Max(1, market.MaxAncestors);
        var descendants = Math.Max(1, market.MaxDescendants);
        yield return new Filter(1, Narrowing.SureDepth, 0, 0, IsStrictKind: true);
        yield return new Filter(1, 1, 0, 0);
        if (!settings.SpendZeroConfChange)
        {
            yield break;
        }

        yield return new Filter(0, 1, 2, 2);
        yield return new Filter(0, 1, Math.Min(4, ancestors / 3), Math.Min(4, descendants / 3));
        yield return new Filter(0, 1, ancestors / 2, descendants / 2);
        yield return new Filter(0, 1, ancestors - 1, descendants - 1, WithPartialGroups: true);
        if (control.IncludeUnsafe)
        {
            yield return new Filter(0, 0, ancestors - 1, descendants - 1, WithPartialGroups: true);
        }

        if (!settings.RejectLongChains)
        {
            yield return new Filter(0, 1, int.MaxValue, int.MaxValue, WithPartialGroups: true);
        }
    }

    // Ordinary outputs (to a key hash or a script hash) alone first; other forms only if these do not suffice.
    private static List<AvailableCoin>? Attempt(
        List<AvailableCoin> available,
        Filter filter,
        SelectionGoal goal,
        CoinControl control,
        Lineage lineage,
        WalletSnapshot snapshot,
        Random random)
    {
        var ordinary = available.TrueForAll(static coin => coin.IsOrdinary) ? available : available.FindAll(static coin => coin.IsOrdinary);
        if (Solve(ordinary) is { } chosen)
        {
            return chosen;
        }

        return !filter.IsStrictKind && ordinary.Count < available.Count ? Solve(available) : null;

        List<AvailableCoin>? Solve(List<AvailableCoin> coins)
        {
            var onlyMixed = control.CoinType == CoinType.OnlyFullyMixed;
            var target = goal.SubtractFee || onlyMixed ? goal.Target : goal.Target + goal.ChangeFee;
            var groups = Group(coins, filter, goal, lineage);
            return Knapsack.Solve(groups, target, goal.ChangeTarget, random, onlyMixed, snapshot.Settings.MaxTxFee)
                ?.SelectMany(group => group.Coins).ToList();
        }
    }

    private static List<OutputGroup> Group(List<AvailableCoin> coins, Filter filter, SelectionGoal goal, Lineage lineage)
    {
        Pauses pauses = new();
        if (!goal.AvoidPartialSpends)
        {
            var singles = new List<OutputGroup>();
            foreach (var coin in coins)
            {
                pauses.Count();
                if (filter.Admits(coin, lineage))
                {
                    singles.Add(new OutputGroup(coin, goal.FeeRate, goal.SubtractFee, lineage));
                }
            }

            return singles;
        }

        List<OutputGroup> all = [];
        HashSet<OutputGroup> cut = []; // the last of several of a script
        Dictionary<Script, OutputGroup> lastOf = [];
        foreach (var coin in coins)
        {
            pauses.Count();
            ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(lastOf, coin.Coin.Script, out _);
            if (last is not null && last.Size < MaxGroup)
            {
                last.Add(coin, goal.FeeRate, goal.SubtractFee, lineage);
                continue;
            }

            var isOneMore = last is not null;
            if (last is not null)
            {
                cut.Remove(last);
            }

            last = new OutputGroup(coin, goal.FeeRate, goal.SubtractFee, lineage);
            all.Add(last);
            if (isOneMore)
            {
                cut.Add(last);
            }
        }

        // The last group of many may be cut short; it would give a partial spend away.
        return all.FindAll(group => filter.Admits(group) && (filter.WithPartialGroups || !cut.Contains(group)));
    }

    // How sure the coins of an attempt must be: depth of own and of others' money, length of unconfirmed chains.
    private sealed record Filter(
        int OwnDepth,
        int ForeignDepth,
        int MaxAncestors,
        int MaxDescendants,
        bool WithPartialGroups = false,
        bool IsStrictKind = false)
    {
        // As the group that has nothing else: most coins of a wallet that pays itself are not sure, and no group is made of them.
        public bool Admits(AvailableCoin coin, Lineage lineage)
        {
            if (!coin.Coin.IsInstantLocked && coin.Depth < (coin.Coin.FromMe ? OwnDepth : ForeignDepth))
            {
                return false;
            }

            var (ancestors, descendants) = lineage.Of(coin.Coin.OutPoint.Txid);
            return ancestors <= MaxAncestors && descendants <= MaxDescendants;
        }

        public bool Admits(OutputGroup group) =>
            (group.IsInstantLocked || group.Depth >= (group.IsFromMe ? OwnDepth : ForeignDepth))
            && group.Ancestors <= MaxAncestors
            && group.Descendants <= MaxDescendants;
    }
}
