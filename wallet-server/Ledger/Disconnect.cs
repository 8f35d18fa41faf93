namespace Dash.WalletServer.Ledger;

/// <summary>The node's chain left ours: back to the last block both have. Needs no block data. Pure.</summary>
internal static class Disconnect
{
    /// <summary>
    /// Blocks above <paramref name="fork"/> are no longer true: what they confirmed waits again (also what the user had
    /// given up before), what they contradicted may still come.
    /// </summary>
    public static void To(LedgerEdit edit, BlockPoint fork, long? forkTime)
    {
        if (fork == edit.Trail.Tip)
        {
            return;
        }

        edit.MoveTo(edit.Trail.BackTo(fork), forkTime);
        edit.LockChain(Math.Min(edit.Before.ChainLockHeight, fork.Height));
        foreach (var tx in edit.Above(fork.Height).ToList())
        {
            edit.Put(tx with { State = TxState.Inactive.Waiting });
            if (tx.State is TxState.Confirmed)
            {
                Connect.MarkSpent(edit, tx.Tx);
                Connect.MarkPaid(edit, tx.Tx);
            }
        }
    }

    /// <summary>
    /// What a node says about blocks that the file only named: heights and times become known; a block outside the
    /// active chain is treated as disconnected.
    /// </summary>
    public static void Resolve(LedgerEdit edit, IReadOnlyDictionary<Primitives.Blocks.BlockHash, HeaderFacts?> answers)
    {
        foreach (var (hash, header) in answers)
        {
            var isActive = header is { OnActiveChain: true };
            var isUsed = false;
            foreach (var tx in edit.InBlock(hash).ToList())
            {
                isUsed = true;
                TxState state = (tx.State, header) switch
                {
                    (TxState.Confirmed confirmed, { } known) when isActive =>
                        confirmed with { Height = known.Height, BlockTime = known.Time },
                    (TxState.Conflicted conflicted, { } known) when isActive => conflicted with { Height = known.Height },
                    _ => TxState.Inactive.Waiting,
                };
                edit.Put(tx with { State = state });
            }

            if (isActive && isUsed && header is not null)
            {
                edit.Keep(header);
            }
        }

        var points = edit.Trail.Points
            .Select(point => point.Height < 0 && answers.TryGetValue(point.Hash, out var header) && header is not null
                ? header.OnActiveChain ? point with { Height = header.Height } : default
                : point)
            .Where(point => point != default && point.Height >= 0);
        if (edit.Trail.Points.Any(point => point.Height < 0))
        {
            var trail = ChainTrail.Of(points.OrderBy(point => point.Height));
            answers.TryGetValue(trail.Tip.Hash, out var tip);
            edit.MoveTo(trail, tip?.Time);
        }
    }
}
