using Dash.Primitives.Blocks;
using Dash.Primitives.Transactions;

namespace Dash.WalletServer.Ledger;

/// <summary>What a change tells in the event log. Pure.</summary>
internal static class EventLines
{
    /// <summary>The lines of a change, in order: a step back, transactions, the tip.</summary>
    /// <param name="before">The state before.</param>
    /// <param name="changes">The change.</param>
    /// <param name="find">A transaction as it was before, or null.</param>
    /// <param name="now">Seconds since 1970.</param>
    public static IEnumerable<LoggedEvent> Of(
        WalletSnapshot before, ChangeSet changes, Func<Txid, WalletTx?> find, long now)
    {
        var sequence = before.NextEvent;
        if (changes.Trail is { } back && back.Tip.Height < before.Tip.Height)
        {
            yield return new(sequence++, EventKind.Reorganized, null, back.Tip.Hash, back.Tip.Height, now);
        }

        foreach (var tx in changes.Transactions)
        {
            var known = changes.Added.Contains(tx.Txid) ? null : find(tx.Txid);
            foreach (var kind in KindsOf(known, tx))
            {
                var (block, height) = PlaceOf(tx.State);
                yield return new(sequence++, kind, tx.Txid, block, height, now);
            }
        }

        foreach (var tx in changes.Quarantined)
        {
            var (block, height) = PlaceOf(tx.State);
            yield return new(sequence++, EventKind.Quarantined, tx.Txid, block, height, now);
        }

        foreach (var tx in changes.ChainLocked)
        {
            var (block, height) = PlaceOf(tx.State);
            yield return new(sequence++, EventKind.ChainLocked, tx.Txid, block, height, now);
        }

        foreach (var tx in changes.Removed)
        {
            yield return new(sequence++, EventKind.Removed, tx.Txid, null, -1, now);
        }

        if (changes.Trail is { } trail && trail.Tip.Height > before.Tip.Height && !changes.IsOnlyProgress)
        {
            yield return new(sequence, EventKind.Block, null, trail.Tip.Hash, trail.Tip.Height, now);
        }
    }

    private static IEnumerable<EventKind> KindsOf(WalletTx? before, WalletTx after)
    {
        if (before is null)
        {
            yield return EventKind.Added;
        }

        var hasMoved = before is null ? after.State is not TxState.Inactive { Abandoned: false } and not TxState.InMempool : !before.State.Equals(after.State);
        if (hasMoved && KindOf(after.State) is { } kind && (before is not null || kind != EventKind.Unconfirmed))
        {
            yield return kind;
        }
        else if (before is not null && before.Finality == after.Finality)
        {
            yield return EventKind.Updated;
        }

        var locks = after.Finality & ~(before?.Finality ?? Finality.None);
        if (locks.HasFlag(Finality.InstantSend))
        {
            yield return EventKind.InstantLocked;
        }
    }

    private static EventKind? KindOf(TxState state) => state switch
    {
        TxState.Confirmed => EventKind.Confirmed,
        TxState.Conflicted => EventKind.Conflicted,
        TxState.Inactive { Abandoned: true } => EventKind.Abandoned,
        _ => EventKind.Unconfirmed,
    };

    private static (BlockHash? Block, int Height) PlaceOf(TxState state) => state switch
    {
        TxState.Confirmed confirmed => (confirmed.Block, confirmed.Height),
        TxState.Conflicted conflicted => (conflicted.Block, conflicted.Height),
        _ => (null, -1),
    };
}
