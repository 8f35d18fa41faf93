using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.WalletServer.Ledger;

/// <summary>
/// What transactions outside the chain add to a balance: kept from one state to the next, so that nobody who asks for a balance has to
/// look at each of them and its outputs. Immutable.
/// </summary>
internal sealed class UnconfirmedSums
{
    // Whose sums these are.
    private readonly SnapshotMap<OutPoint, Coin> _coins;
    private readonly SnapshotMap<Txid, PendingTx> _pending;
    private readonly SnapshotMap<Txid, Part> _parts;

    private UnconfirmedSums(WalletSnapshot snapshot, SnapshotMap<Txid, Part> parts, Amount trusted, Amount untrusted)
    {
        (_coins, _pending, _parts) = (snapshot.Coins, snapshot.Pending, parts);
        (Trusted, Untrusted) = (trusted, untrusted);
    }

    /// <summary>Money to count on.</summary>
    public Amount Trusted { get; }

    /// <summary>In the mempool, from strangers.</summary>
    public Amount Untrusted { get; }

    /// <summary>The sums of a state, counted.</summary>
    public static UnconfirmedSums Of(WalletSnapshot snapshot)
    {
        var (trusted, untrusted) = (Amount.Zero, Amount.Zero);
        Trust trust = new(snapshot);
        Dictionary<Txid, Part> parts = new(snapshot.Pending.Count);
        foreach (var pending in snapshot.Pending.Values)
        {
            Part part = new(SumOf(pending, snapshot), trust.Of(pending), pending.Tx.State is TxState.InMempool);
            parts.Add(pending.Tx.Txid, part);
            (trusted, untrusted) = (trusted + part.Trusted, untrusted + part.Untrusted);
        }

        return new(snapshot, SnapshotMap<Txid, Part>.Of(parts), trusted, untrusted);
    }

    /// <summary>Whether these are the sums of a state.</summary>
    public bool AreOf(WalletSnapshot snapshot) => ReferenceEquals(_coins, snapshot.Coins) && ReferenceEquals(_pending, snapshot.Pending);

    /// <summary>The sums after a change.</summary>
    /// <param name="changes">The change.</param>
    /// <param name="after">The state after it.</param>
    /// <returns>Null where it is simpler to count anew: what others count on may have changed.</returns>
    public UnconfirmedSums? After(ChangeSet changes, WalletSnapshot after)
    {
        HashSet<Txid> touched = [];
        foreach (var (outPoint, _) in changes.Coins)
        {
            if (after.Pending.ContainsKey(outPoint.Txid))
            {
                touched.Add(outPoint.Txid);
            }
        }

        Dictionary<Txid, Part?> fresh = [];
        foreach (var (txid, pending) in changes.Pending)
        {
            touched.Remove(txid);
            var isTrusted = true; // as whatever is in a block
            if (pending is not null && !TryTrust(pending, after, fresh, out isTrusted))
            {
                return null;
            }

            var wasTrusted = _parts.Find(txid)?.IsTrusted ?? true;
            if (wasTrusted != isTrusted && (pending ?? _pending.Find(txid)) is { } changed && IsSpentFrom(changed, after))
            {
                return null;
            }

            fresh[txid] = pending is null ? null : new Part(SumOf(pending, after), isTrusted, pending.Tx.State is TxState.InMempool);
        }

        foreach (var txid in touched)
        {
            fresh[txid] = _parts.Find(txid) is { } part && after.Pending.Find(txid) is { } pending ? part with { Sum = SumOf(pending, after) } : null;
        }

        var (trusted, untrusted) = (Trusted, Untrusted);
        foreach (var (txid, part) in fresh)
        {
            var before = _parts.Find(txid);
            trusted += (part?.Trusted ?? Amount.Zero) - (before?.Trusted ?? Amount.Zero);
            untrusted += (part?.Untrusted ?? Amount.Zero) - (before?.Untrusted ?? Amount.Zero);
        }

        return new(after, _parts.With(fresh), trusted, untrusted);
    }

    // Immature money is counted elsewhere.
    private static Amount SumOf(PendingTx pending, WalletSnapshot snapshot)
    {
        var sum = Amount.Zero;
        if (!pending.Tx.Tx.IsCoinBase)
        {
            for (var i = 0; i < pending.Tx.Tx.Outputs.Length; i++)
            {
                sum += snapshot.Coins.Find(new OutPoint(pending.Tx.Txid, (uint)i))?.Value ?? Amount.Zero;
            }
        }

        return sum;
    }

    // Whether something that did not change itself may have spent from it, and is trusted or not by it.
    private bool IsSpentFrom(PendingTx pending, WalletSnapshot after)
    {
        for (var i = 0; i < pending.Tx.Tx.Outputs.Length; i++)
        {
            OutPoint place = new(pending.Tx.Txid, (uint)i);
            if (!_coins.ContainsKey(place) && !after.Coins.ContainsKey(place) && after.IsMine(pending.Tx.Tx.Outputs[i].ScriptPubKey))
            {
                return true;
            }
        }

        return false;
    }

    // False where it depends on another one that changed, too, and was not looked at yet.
    private bool TryTrust(PendingTx pending, WalletSnapshot after, Dictionary<Txid, Part?> fresh, out bool isTrusted)
    {
        isTrusted = Trust.IsSureByItself(pending);
        if (isTrusted || !Trust.IsSureByParents(pending, after))
        {
            return true;
        }

        foreach (var input in pending.Tx.Tx.Inputs)
        {
            var parent = input.PreviousOutput.Txid;
            if (!after.Pending.ContainsKey(parent))
            {
                continue;
            }

            if (!fresh.TryGetValue(parent, out var part))
            {
                if (!ReferenceEquals(after.Pending.Find(parent), _pending.Find(parent)))
                {
                    return false;
                }

                part = _parts.Find(parent);
            }

            if (part is not { IsTrusted: true })
            {
                return true;
            }
        }

        return isTrusted = true;
    }

    private sealed record Part(Amount Sum, bool IsTrusted, bool IsInMempool)
    {
        public Amount Trusted => IsTrusted ? Sum : Amount.Zero;

        public Amount Untrusted => IsTrusted || !IsInMempool ? Amount.Zero : Sum;
    }
}
