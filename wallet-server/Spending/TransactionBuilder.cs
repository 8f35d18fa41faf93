using System.Collections.Immutable;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Spending;

/// <summary>Where a payment's transaction is made: on which state, at what time, with which randomness and change.</summary>
internal sealed record BuildContext
{
    /// <summary>The state; coins of other payments under way are set aside in it.</summary>
    public required WalletSnapshot Snapshot { get; init; }

    /// <summary>What the node says about fees and limits.</summary>
    public required FeeMarket Market { get; init; }

    /// <summary>What settxfee set for this wallet; zero is off.</summary>
    public FeeRate PayTxFee { get; init; } = FeeRate.Zero;

    /// <summary>Seconds since 1970.</summary>
    public required long Now { get; init; }

    /// <summary>Where chance comes from.</summary>
    public required Random Random { get; init; }

    /// <summary>A fresh script for change, when no other is asked for; null if the wallet has none.</summary>
    public Script? FreshChange { get; init; }

    /// <summary>Why there is no fresh change script.</summary>
    public string NoChangeReason { get; init; } = "";

    /// <summary>Asked for denominated coins only.</summary>
    public Func<OutPoint, bool> IsFullyMixed { get; init; } = static _ => false;

    /// <summary>Lists to work in.</summary>
    public ChoiceRoom Room { get; init; } = new();

    /// <summary>Finds any output of the wallet, spent or not, for coins the user picked.</summary>
    public required Func<OutPoint, TxOut?> FindOutput { get; init; }
}

/// <summary>
/// Makes the transaction of a payment: coins, fee, change, order, lock time, as this version of Dash does. Pure but for
/// the randomness it is given.
/// </summary>
internal static class TransactionBuilder
{
    /// <summary>Largest transaction the network relays, bytes.</summary>
    public const int MaxSize = 100_000;

    /// <summary>The refusal of a payment that the mempool would refuse for what it builds on.</summary>
    public const string TooLongChain = "Transaction has too long of a mempool chain";

    /// <summary>The sequence of every input: the lock time counts and nothing else.</summary>
    private const uint Sequence = TxIn.FinalSequence - 1;

    private const long SmallestChange = 50_000;
    private const long LargestChangeTarget = 1_000_000;

    // A tip older than this says nothing about now.
    private const long CurrentTipAge = 8 * 60 * 60;

    /// <summary>
    /// The transaction. Where grouping by address costs no more than the wallet allows, the grouped one is taken.
    /// </summary>
    /// <exception cref="WalletException">It cannot be made; the text is Core's.</exception>
    public static BuiltPayment Build(BuildContext context, IReadOnlyList<Payment> payments, CoinControl control)
    {
        if (payments.Count == 0)
        {
            throw Refused("Transaction must have at least one recipient");
        }

        if (payments.Any(payment => payment.Value < Amount.Zero))
        {
            throw Refused("Transaction amounts must not be negative");
        }

        var settings = context.Snapshot.Settings;
        var groups = control.AvoidPartialSpends
            ?? (settings.AvoidPartialSpends || (control.AvoidReuse && context.Snapshot.Flags.HasFlag(WalletFlags.AvoidReuse)));
        var limits = CoinLimits.None with { Minimum = new Amount(1) };
        context.Room.Clear();
        var available = AvailableCoins.Of(context.Snapshot, control, limits, context.IsFullyMixed, context.Room.Available);
        List<AvailableCoin> unsolvable = available.TrueForAll(static coin => coin.IsSolvable) ? [] : available.FindAll(static coin => !coin.IsSolvable);
        available.RemoveAll(static coin => !coin.IsSolvable);
        var plain = BuildOnce(context, available, unsolvable, payments, control, groups);
        if (groups || plain.Fee <= Amount.Zero || settings.MaxApsFee < 0 || (plain.Spent is [var only] && SpendsWhole(only.ScriptPubKey, available)))
        {
            return plain;
        }

        // Several coins are found by chance: also where grouping changes nothing, this is a second try, and the cheaper one counts.
        try
        {
            var grouped = BuildOnce(context, available, unsolvable, payments, control, avoidPartialSpends: true);
            var isGrouped = grouped.Fee <= plain.Fee + new Amount(settings.MaxApsFee);
            return (isGrouped ? grouped : plain) with { Comparison = (plain.Fee, grouped.Fee, isGrouped) };
        }
        catch (WalletException)
        {
            return plain;
        }
    }

    // Nothing is left on the script of the only coin: grouping by address could not do better.
    private static bool SpendsWhole(Script script, List<AvailableCoin> available)
    {
        Pauses pauses = new();
        var count = 0;
        foreach (var coin in available)
        {
            pauses.Count();
            count += coin.Coin.Script.Equals(script) ? 1 : 0;
        }

        return count <= 1;
    }

    private static BuiltPayment BuildOnce(
        BuildContext context,
        List<AvailableCoin> available,
        List<AvailableCoin> unsolvable,
        IReadOnlyList<Payment> payments,
        CoinControl control,
        bool avoidPartialSpends)
    {
        var (snapshot, market, random) = (context.Snapshot, context.Market, context.Random);
        var sum = payments.Aggregate(Amount.Zero, (total, payment) => total + payment.Value);
        var subtracts = payments.Any(payment => payment.SubtractFee);
        var changeScript = control.ChangeScript ?? context.FreshChange ?? Script.Empty;
        var changePrototype = new TxOut(Amount.Zero, changeScript);
        var changeSpendSize = InputSize.Of(snapshot, changeScript) is >= 0 and var known ? known : InputSize.UnknownChange;

        var fee = Fees.Choose(snapshot.Settings, context.PayTxFee, control, market);
        var discard = Fees.Discard(snapshot.Settings, market);
        var changeFee = fee.Rate.GetFee(changePrototype.Size);
        var costOfChange = discard.GetFee(changeSpendSize) + changeFee;
        var changeTarget = ChangeTarget(sum / payments.Count, random);

        // Version and type, lock time, count of inputs; then the outputs and their count.
        var sizeWithoutInputs = subtracts ? 0 : 9 + CountLength(payments.Count);
        foreach (var payment in payments)
        {
            var output = new TxOut(payment.Value, payment.Script);
            sizeWithoutInputs += subtracts ? 0 : output.Size;
            if (Fees.IsDust(output, market.DustRelay))
            {
                throw Refused("Transaction amount too small");
            }
        }

        var target = sum + fee.Rate.GetFee(sizeWithoutInputs);
        if (target.IsZero && control.Selected.Length == 0)
        {
            throw Refused("Transaction requires one destination of non-0 value, a non-0 feerate, or a pre-selected input");
        }

        var goal = new SelectionGoal(target, fee.Rate, changeFee, changeTarget, subtracts, avoidPartialSpends);
        if (SelectCoins(context, available, control, goal) is not { } coins)
        {
            // Core chooses such coins as any other, and finds out afterwards.
            throw unsolvable.Count > 0 && SelectCoins(context, [.. available, .. unsolvable], control, goal) is not null
                ? Refused("Missing solving data for estimating transaction size")
                : NotEnough(control.CoinType);
        }

        return Assemble(context, payments, control, coins, goal, new ChangeCosts(changeScript, discard, costOfChange), fee);
    }

    private static List<AvailableCoin>? SelectCoins(
        BuildContext context, List<AvailableCoin> available, CoinControl control, SelectionGoal goal)
    {
        var preset = new List<AvailableCoin>();
        foreach (var outPoint in control.Selected)
        {
            if (control.CoinType == CoinType.OnlyFullyMixed && !context.IsFullyMixed(outPoint))
            {
                continue;
            }

            var isExternal = false;
            var output = context.FindOutput(outPoint);
            if (output is null)
            {
                isExternal = control.External.TryGetValue(outPoint, out output);
            }

            if (output is null)
            {
                return null;
            }

            var size = control.InputSizes.TryGetValue(outPoint, out var given) ? given
                : isExternal ? -1
                : InputSize.Of(context.Snapshot, output.ScriptPubKey, control.IncludeWatching);
            if (size < 0 && (size = InputSize.OfStranger(output.ScriptPubKey, control.SolvingData)) < 0)
            {
                return null;
            }

            var coin = new Coin(outPoint, output.Value, output.ScriptPubKey, -1, false, false, 0);
            preset.Add(new AvailableCoin(coin, Depth: 0, size, IsSafe: true));
        }

        return CoinSelection.Choose(context.Snapshot, available, preset, control, goal, context.Market, context.Random, context.Room.Chosen);
    }

    private static BuiltPayment Assemble(
        BuildContext context,
        IReadOnlyList<Payment> payments,
        CoinControl control,
        List<AvailableCoin> coins,
        SelectionGoal goal,
        ChangeCosts change,
        FeeChoice fee)
    {
        var random = context.Random;
        var sum = payments.Aggregate(Amount.Zero, (total, payment) => total + payment.Value);
        var selected = coins.Aggregate(Amount.Zero, (total, coin) => total + coin.Coin.Value);
        var changeAndFee = selected - sum;

        // The change output carries change and fee until the fee is known; BIP69 orders the outputs in that state.
        var outputs = payments.Select(payment => new Slot(payment, new TxOut(payment.Value, payment.Script))).ToList();
        var changeSlot = new Slot(null, new TxOut(changeAndFee, change.Script));
        var ordersAll = control.ChangePosition == -1;
        if (!ordersAll && control.ChangePosition > outputs.Count)
        {
            throw Refused("Transaction change output index out of range");
        }

        outputs.Insert(ordersAll ? random.Next(outputs.Count + 1) : control.ChangePosition, changeSlot);
        var inputs = coins.ToArray();
        if (ordersAll)
        {
            outputs = [.. outputs.OrderBy(slot => slot.Output, Bip69.Outputs)];
            Array.Sort(inputs, static (left, right) => Bip69.Compare(left.Coin.OutPoint, right.Coin.OutPoint));
        }
        else
        {
            random.Shuffle(inputs);
        }

        var lockTime = LockTime(context);
        var size = Size(inputs, outputs);
        if (control.ExtraPayloadSize > 0)
        {
            size += CountLength(control.ExtraPayloadSize) + control.ExtraPayloadSize;
        }

        var needed = fee.Rate.GetFee(size);
        if (!goal.SubtractFee)
        {
            changeSlot.Output = changeSlot.Output with { Value = changeAndFee - needed };
        }

        var changeValue = changeSlot.Output.Value;
        if (Fees.IsDust(changeSlot.Output, change.DiscardRate) || changeValue <= change.Cost
            || control.CoinType == CoinType.OnlyFullyMixed)
        {
            outputs.Remove(changeSlot);
            changeValue = Amount.Zero;
            size = Size(inputs, outputs);
            needed = fee.Rate.GetFee(size);
        }

        var paid = selected - sum - changeValue;
        if (!goal.SubtractFee && needed > paid)
        {
            throw Refused("Fee needed > fee paid");
        }

        if (goal.SubtractFee)
        {
            Subtract(outputs, needed + changeValue - changeAndFee, context.Market.DustRelay);
            paid = needed;
        }

        var position = outputs.IndexOf(changeSlot);
        if (position >= 0 && change.Script.IsEmpty)
        {
            throw Refused("Transaction needs a change address, but we can't generate it. " + context.NoChangeReason);
        }

        if (size > MaxSize)
        {
            throw Refused("Transaction too large");
        }

        if (paid > context.Snapshot.Settings.MaxTxFee)
        {
            throw Refused("Fee exceeds maximum configured by user (e.g. -maxtxfee, maxfeerate)");
        }

        RequireShortChain(context, inputs);
        var tx = new Transaction(
            [.. inputs.Select(coin => new TxIn(coin.Coin.OutPoint, Script.Empty, Sequence))],
            [.. outputs.Select(slot => slot.Output)],
            lockTime);
        var spent = inputs.Select(coin => new TxOut(coin.Coin.Value, coin.Coin.Script)).ToImmutableArray();
        return new BuiltPayment(tx, spent, paid, position, fee.Reason, size);
    }

    // In equal shares; the first bearer takes the odd duffs.
    private static void Subtract(List<Slot> outputs, Amount total, FeeRate dustRate)
    {
        var bearers = outputs.Where(slot => slot.Payment is { SubtractFee: true }).ToList();
        var share = total / bearers.Count;
        var rest = total - (share * bearers.Count);
        foreach (var slot in bearers)
        {
            slot.Output = slot.Output with { Value = slot.Output.Value - share - rest };
            rest = Amount.Zero;
            if (slot.Output.Value < Amount.Zero || Fees.IsDust(slot.Output, dustRate)) // an output of data alone is never dust
            {
                throw Refused(slot.Output.Value < Amount.Zero
                    ? "The transaction amount is too small to pay the fee"
                    : "The transaction amount is too small to send after the fee has been deducted");
            }
        }
    }

    private static Amount ChangeTarget(Amount average, Random random)
    {
        if (average.Duffs <= SmallestChange / 2)
        {
            return new Amount(SmallestChange);
        }

        var bound = Math.Min(average.Duffs * 2, LargestChangeTarget);
        return new Amount(SmallestChange + random.NextInt64(bound - SmallestChange));
    }

    // Only the next block may take it (no fee is worth redoing the last one for); now and then a little earlier, so that
    // transactions that were held back do not stand out. A wallet that is behind says nothing.
    private static uint LockTime(BuildContext context)
    {
        var (snapshot, random) = (context.Snapshot, context.Random);
        if (context.Market.IsInitialDownload || snapshot.Tip.Height < 0 || snapshot.TipTime < context.Now - CurrentTipAge)
        {
            return 0;
        }

        var height = snapshot.Tip.Height;
        return (uint)(random.Next(10) == 0 ? Math.Max(0, height - random.Next(100)) : height);
    }

    private static void RequireShortChain(BuildContext context, AvailableCoin[] inputs)
    {
        if (!context.Snapshot.Settings.RejectLongChains)
        {
            return;
        }

        var lineage = new Lineage(context.Snapshot, context.Market.Chains);
        Txid[] parents = [.. inputs.Select(static coin => coin.Coin.OutPoint.Txid).Distinct()];
        if (lineage.AncestorsOf(parents) >= context.Market.MaxAncestors
            || parents.Any(parent => lineage.Of(parent) is var chain
                && (chain.Ancestors >= context.Market.MaxAncestors || chain.Descendants >= context.Market.MaxDescendants)))
        {
            throw Refused(TooLongChain);
        }
    }

    private static int Size(AvailableCoin[] inputs, List<Slot> outputs)
    {
        var size = 4 + CountLength(inputs.Length) + CountLength(outputs.Count) + 4;
        foreach (var input in inputs)
        {
            size += input.InputSize;
        }

        foreach (var slot in outputs)
        {
            size += slot.Output.Size;
        }

        return size;
    }

    private static int CountLength(int count) => count < 253 ? 1 : count < 65_536 ? 3 : 5;

    private static WalletException NotEnough(CoinType kind) => Refused(kind switch
    {
        CoinType.OnlyNonDenominated => "Unable to locate enough non-denominated funds for this transaction.",
        CoinType.OnlyFullyMixed =>
            "Unable to locate enough mixed funds for this transaction. CoinJoin uses exact denominated amounts to send "
            + "funds, you might simply need to mix some more coins.",
        _ => "Insufficient funds.",
    });

    private static WalletException Refused(string message) => new(WalletError.InsufficientFunds, message);

    private sealed record ChangeCosts(Script Script, FeeRate DiscardRate, Amount Cost);

    // An output in the making; the one without a payment is the change.
    private sealed class Slot(Payment? payment, TxOut output)
    {
        public Payment? Payment { get; } = payment;

        public TxOut Output { get; set; } = output;
    }
}
