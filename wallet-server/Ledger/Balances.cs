using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Keys;

namespace Dash.WalletServer.Ledger;

/// <summary>The buckets of a balance.</summary>
/// <param name="Trusted">Money to count on.</param>
/// <param name="UntrustedPending">In the mempool, from strangers.</param>
/// <param name="Immature">Mined and not spendable yet.</param>
internal readonly record struct Balance(Amount Trusted, Amount UntrustedPending, Amount Immature);

/// <summary>Sums over a snapshot. What is asked for usually is kept summed.</summary>
internal static class Balances
{
    /// <summary>The balance of the whole wallet.</summary>
    /// <param name="snapshot">The state asked.</param>
    /// <param name="minDepth">Trusted money must be at least so deep.</param>
    /// <param name="avoidReuse">Leave out money on addresses spent from before (only when the wallet avoids reuse).</param>
    /// <param name="addLocked">Count InstantSend-locked money whatever its depth, as long as no ChainLock holds it.</param>
    public static Balance Of(WalletSnapshot snapshot, int minDepth = 0, bool avoidReuse = false, bool addLocked = false)
    {
        var tip = snapshot.Tip.Height;
        var skipUsed = avoidReuse && snapshot.Flags.HasFlag(WalletFlags.AvoidReuse);

        // Immature money is counted whether or not its address was used, and never in another bucket.
        var immature = Amount.Zero;
        foreach (var coin in snapshot.YoungCoinbases.Values)
        {
            if (coin.IsImmatureAt(tip))
            {
                immature += coin.Value;
            }
        }

        var trusted = Amount.Zero;
        if (minDepth <= 1 && !skipUsed)
        {
            trusted = snapshot.ConfirmedSum - immature;
        }
        else
        {
            foreach (var coin in snapshot.Coins.Values)
            {
                var isDeep = coin.DepthAt(tip) >= minDepth || (addLocked && coin.IsInstantLocked && coin.Height > snapshot.ChainLockHeight);
                if (coin.IsConfirmed && !coin.IsImmatureAt(tip) && isDeep
                    && !(skipUsed && snapshot.IsUsed(coin.Script)))
                {
                    trusted += coin.Value;
                }
            }
        }

        if (!skipUsed && (minDepth <= 0 || !addLocked))
        {
            var sums = snapshot.Unconfirmed;
            return new Balance(minDepth <= 0 ? trusted + sums.Trusted : trusted, sums.Untrusted, immature);
        }

        var trust = new Trust(snapshot);
        var untrusted = Amount.Zero;
        foreach (var pending in snapshot.Pending.Values)
        {
            if (pending.Tx.Tx.IsCoinBase)
            {
                continue;
            }

            var isTrusted = trust.Of(pending);
            var counts = isTrusted
                ? minDepth <= 0 || (addLocked && pending.Tx.IsInstantLocked)
                : pending.Tx.State is TxState.InMempool;
            if (!counts)
            {
                continue;
            }

            var sum = Amount.Zero;
            for (var i = 0; i < pending.Tx.Tx.Outputs.Length; i++)
            {
                if (snapshot.Coins.TryGetValue(new OutPoint(pending.Tx.Txid, (uint)i), out var coin)
                    && !(skipUsed && snapshot.IsUsed(coin.Script)))
                {
                    sum += coin.Value;
                }
            }

            trusted += isTrusted ? sum : Amount.Zero;
            untrusted += isTrusted ? Amount.Zero : sum;
        }

        return new Balance(trusted, untrusted, immature);
    }

    /// <summary>
    /// Money on addresses that were spent from: all trusted and pending funds minus the ones on fresh addresses. Zero
    /// when the wallet does not avoid reuse.
    /// </summary>
    public static Amount Used(WalletSnapshot snapshot)
    {
        var all = Of(snapshot);
        var fresh = Of(snapshot, avoidReuse: true);
        return all.Trusted + all.UntrustedPending - fresh.Trusted - fresh.UntrustedPending;
    }
}
