using Dash.Common.Concurrency;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.WalletServer.Ledger;

/// <summary>
/// What blocks and the mempool say becomes facts of the wallet. Pure; the same news twice changes nothing, and news of
/// blocks outrank news of the mempool whichever comes first.
/// </summary>
internal static class Connect
{
    /// <summary>A newer arrival may be at most this many seconds ahead of the clock to count for the smart time.</summary>
    private const int ToleratedFuture = 300;

    /// <summary>A block's transactions that concern the wallet, in their order; moves the tip when the block extends it.</summary>
    /// <param name="edit">The edit they go into.</param>
    /// <param name="block">The block.</param>
    /// <param name="matches">What <see cref="BlockMatch"/> found in it.</param>
    /// <param name="now">Seconds since 1970.</param>
    /// <param name="isRescan">An old block looked at again: the tip stays, and times come from the block.</param>
    public static void Block(LedgerEdit edit, BlockFacts block, IReadOnlyList<MatchedTx> matches, long now, bool isRescan)
    {
        if (!isRescan && block.Height > edit.TipHeight)
        {
            edit.MoveTo(edit.Trail.Append(block.Point), block.Time);
        }

        var header = new HeaderFacts(block.Hash, block.Height, block.Time, block.MedianTime, OnActiveChain: true);
        foreach (var match in matches)
        {
            ThreadTurns.Rest();
            var state = new TxState.Confirmed(block.Hash, block.Height, match.Index, block.Time);
            if (Apply(edit, match.Tx, state, now, header, isRescan))
            {
                edit.Keep(header);
            }
        }
    }

    /// <summary>The mempool took a transaction in.</summary>
    public static void Mempool(LedgerEdit edit, Transaction tx, long now) =>
        Apply(edit, tx, TxState.InMempool.Value, now, null, isRescan: false);

    /// <summary>The mempool dropped a transaction.</summary>
    /// <param name="edit">The edit it goes into.</param>
    /// <param name="txid">Which.</param>
    /// <param name="isContradicted">By a block: Core takes that for news of a payment like any other.</param>
    public static void LeftMempool(LedgerEdit edit, Txid txid, bool isContradicted = false)
    {
        if (edit.Find(txid) is { State: TxState.InMempool } tx)
        {
            edit.Put(tx with { State = TxState.Inactive.Waiting });
            if (isContradicted)
            {
                MarkSpent(edit, tx.Tx);
                MarkPaid(edit, tx.Tx);
            }
        }
    }

    /// <summary>
    /// A payment of this wallet, signed and about to be sent. One that was given up comes back where the very same is made again, of
    /// the same coins and to the same receivers.
    /// </summary>
    /// <returns>False if the wallet has it, and nothing changes.</returns>
    public static bool Own(LedgerEdit edit, WalletTx payment, long now)
    {
        var known = edit.Find(payment.Txid);
        if (known is { State.IsAbandoned: false })
        {
            return false;
        }

        MarkSpent(edit, payment.Tx);
        edit.Put(known is null
            ? payment with
            {
                Position = edit.TakePosition(),
                TimeReceived = now,
                TimeSmart = now,
                FromMe = true,
                TimeReceivedIsTxTime = 1,
            }
            : known with { State = payment.State, Notes = payment.Notes });
        MarkPaid(edit, payment.Tx);
        return true;
    }

    /// <summary>A promise of the masternodes about a transaction of the wallet.</summary>
    public static void Lock(LedgerEdit edit, Txid txid, Finality finality)
    {
        if (edit.Find(txid) is { } tx && (tx.Finality & finality) != finality)
        {
            edit.Put(tx with { Finality = tx.Finality | finality });
        }
    }

    private static bool Apply(
        LedgerEdit edit, Transaction tx, TxState state, long now, HeaderFacts? header, bool isRescan)
    {
        var before = edit.Find(tx);
        if (state is TxState.Confirmed confirmed
            && MarkConflicts(edit, tx, new BlockPoint(confirmed.Block, confirmed.Height), header))
        {
            before = edit.Find(tx.Txid);
        }

        if (before is null && !IsInvolved(edit, tx))
        {
            return false;
        }

        if (before is not null && before.State.Equals(state))
        {
            if (!isRescan)
            {
                return true;
            }

            // Scripts may have become ours since it was stored, or reuse is avoided since. Where none of this one did, nothing is new.
            MarkSpent(edit, tx);
            MarkPaid(edit, tx);
            if (edit.HoldsFigures(before))
            {
                return false;
            }

            edit.Touch(tx.Txid);
            return true;
        }

        // A block has the last word; the mempool's news may be older than the block's.
        if (before is { State: TxState.Confirmed or TxState.Conflicted } && state is TxState.InMempool)
        {
            return true;
        }

        MarkSpent(edit, tx);
        if (before is null)
        {
            edit.Put(new WalletTx(tx, state)
            {
                Position = edit.TakePosition(),
                TimeReceived = now,
                TimeSmart = SmartTime(edit, now, header, isRescan),
            });
        }
        else
        {
            edit.Put(before with { State = state });
        }

        MarkPaid(edit, tx);
        return true;
    }

    /// <summary>What a transaction spends from is used, where reuse is avoided.</summary>
    public static void MarkSpent(LedgerEdit edit, Transaction tx)
    {
        if (tx.IsCoinBase)
        {
            return;
        }

        foreach (var input in tx.Inputs)
        {
            edit.MarkSpentFrom(input.PreviousOutput);
        }
    }

    /// <summary>What a transaction pays is given out, and the look-ahead filled up: so it is at every news of a payment.</summary>
    public static void MarkPaid(LedgerEdit edit, Transaction tx)
    {
        foreach (var output in tx.Outputs)
        {
            edit.MarkPaid(output.ScriptPubKey);
        }
    }

    private static bool IsInvolved(LedgerEdit edit, Transaction tx)
    {
        foreach (var output in tx.Outputs)
        {
            if (edit.Before.IsMine(output.ScriptPubKey))
            {
                return true;
            }
        }

        return !tx.IsCoinBase && edit.DebitOf(tx).Debit > Amount.Zero;
    }

    private static bool MarkConflicts(LedgerEdit edit, Transaction tx, BlockPoint block, HeaderFacts? header)
    {
        if (tx.IsCoinBase)
        {
            return false;
        }

        var hasMarked = false;

        foreach (var input in tx.Inputs)
        {
            foreach (var rival in edit.Spenders(input.PreviousOutput))
            {
                if (rival != tx.Txid && Conflicts.Mark(edit, rival, block))
                {
                    hasMarked = true;
                    if (header is not null)
                    {
                        edit.Keep(header);
                    }
                }
            }
        }

        return hasMarked;
    }

    // Core: CWallet::ComputeTimeSmart. Order of shown times follows the order of arrival.
    private static long SmartTime(LedgerEdit edit, long now, HeaderFacts? header, bool isRescan)
    {
        if (header is null)
        {
            return now;
        }

        if (isRescan)
        {
            return Math.Max(header.Time, header.MedianTime);
        }

        var latestNow = now;
        var latestEntry = edit.LatestTime(now + ToleratedFuture) ?? 0;
        latestNow = Math.Max(latestNow, latestEntry);
        return Math.Max(latestEntry, Math.Min(header.Time, latestNow));
    }
}
