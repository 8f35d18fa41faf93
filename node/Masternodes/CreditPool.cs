using System.Collections.Immutable;
using Dash.Node.Consensus;
using Dash.Primitives.Evo;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Masternodes;

/// <summary>What is locked for the platform after a block, and how much of it may leave in the next one. Immutable.</summary>
internal sealed record CreditPool
{
    /// <summary>Nothing was ever locked.</summary>
    public static readonly CreditPool Empty = new();

    // What may leave in a period, in Dash, by the rules of three ages.
    private static readonly Amount LowLimit = Amount.FromDash(100);
    private static readonly Amount HighLimit = Amount.FromDash(1000);
    private static readonly Amount WithdrawalsLimit = Amount.FromDash(2000);
    private static readonly Amount V24Limit = Amount.FromDash(4000);

    /// <summary>Locked after the block.</summary>
    public Amount Locked { get; init; }

    /// <summary>May leave in the next block.</summary>
    public Amount Limit { get; init; }

    /// <summary>Left in the blocks of the period before.</summary>
    public Amount LatelyUnlocked { get; init; }

    /// <summary>Withdrawals there were.</summary>
    public IndexRanges Indexes { get; init; } = IndexRanges.Empty;

    /// <summary>What left in blocks of the last period, by their heights.</summary>
    public ImmutableSortedDictionary<int, Amount> Unlocked { get; init; } = ImmutableSortedDictionary<int, Amount>.Empty;

    /// <summary>
    /// The balance the coinbase of the next block must name, and what is wrong with its locks and withdrawals.
    /// </summary>
    /// <param name="transactions">The block's transactions behind the coinbase.</param>
    /// <param name="platformShare">What the block pays the platform.</param>
    /// <param name="balance">The balance, when nothing is wrong.</param>
    public ValidationState Check(IEnumerable<Transaction> transactions, Amount platformShare, out Amount balance)
    {
        balance = Locked + platformShare;
        var indexes = Indexes;
        var unlocked = Amount.Zero;
        foreach (var transaction in transactions)
        {
            if (!transaction.HasExtraPayload)
            {
                continue;
            }

            if (transaction.Type == TransactionType.AssetLock)
            {
                balance += AssetLock.LockedBy(transaction);
            }
            else if (transaction.Type == TransactionType.AssetUnlock)
            {
                if (!TryReadUnlock(transaction, out var index, out var amount, out var reason))
                {
                    return Refused(transaction, reason);
                }

                if (unlocked + amount > Limit)
                {
                    return Refused(transaction, "failed-creditpool-unlock-too-much");
                }

                if (indexes.Contains(index))
                {
                    return Refused(transaction, "failed-creditpool-unlock-duplicated-index");
                }

                indexes = indexes.With(index);
                unlocked += amount;
            }
        }

        balance -= unlocked;
        return ValidationState.Valid;
    }

    /// <summary>The pool after the next block.</summary>
    /// <param name="transactions">The block's transactions.</param>
    /// <param name="balance">The balance its coinbase names.</param>
    /// <param name="height">Its height.</param>
    /// <param name="isV24">Whether V24 is active in it.</param>
    /// <param name="network">Heights of the other rules.</param>
    public CreditPool After(IEnumerable<Transaction> transactions, Amount balance, int height, bool isV24, ChainParams network)
    {
        var indexes = Indexes;
        var unlocked = Amount.Zero;
        foreach (var transaction in transactions)
        {
            if (transaction.HasExtraPayload && transaction.Type == TransactionType.AssetUnlock
                && TryReadUnlock(transaction, out var index, out var amount, out _))
            {
                indexes = indexes.With(index);
                unlocked += amount;
            }
        }

        var leaving = height - network.CreditPoolPeriod;
        var lately = LatelyUnlocked + unlocked - Unlocked.GetValueOrDefault(leaving);
        var byHeight = Unlocked.Remove(leaving);
        return new CreditPool
        {
            Locked = balance,
            LatelyUnlocked = lately,
            Limit = LimitOf(balance, lately, height, isV24, network),
            Indexes = indexes,
            Unlocked = unlocked.IsZero ? byHeight : byHeight.Add(height, unlocked),
        };
    }

    private static Amount LimitOf(Amount balance, Amount lately, int height, bool isV24, ChainParams network)
    {
        if (isV24)
        {
            return Max(Amount.Zero, Min(balance, V24Limit - lately));
        }

        if (height >= network.Heights.Withdrawals)
        {
            return Min(balance, WithdrawalsLimit);
        }

        // Before: a tenth of the pool in a period, at least and at most so much.
        var limit = balance;
        if (limit + lately > LowLimit)
        {
            limit = Max(Amount.Zero, Max(LowLimit, new Amount(balance.Duffs / 10)) - lately);
        }

        return Min(limit, HighLimit - lately);
    }

    private static Amount Min(Amount left, Amount right) => left < right ? left : right;

    private static Amount Max(Amount left, Amount right) => left > right ? left : right;

    private static bool TryReadUnlock(Transaction transaction, out ulong index, out Amount amount, out string reason)
    {
        (index, amount, reason) = (0, Amount.Zero, "");
        if (!AssetUnlock.TryParse(transaction.ExtraPayload.Span, out var unlock))
        {
            reason = "failed-creditpool-unlock-payload";
            return false;
        }

        if (transaction.Outputs.Any(static output => !output.Value.IsInRange))
        {
            reason = "failed-creditpool-unlock-txout-outofrange";
            return false;
        }

        index = unlock.Index;
        amount = unlock.Fee + transaction.OutputValue;
        return true;
    }

    private static ValidationState Refused(Transaction transaction, string reason) => ValidationState.Consensus(
        reason, $"Process Lock/Unlock Transaction failed at Credit Pool (tx hash {transaction.Txid}) ");
}
