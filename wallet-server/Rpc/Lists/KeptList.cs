using Dash.Rpc.Dispatch;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Lists;

/// <summary>
/// A list of a whole wallet whose rows are kept: after a change only what the change concerns is written anew. Any thread; who comes
/// while another one brings it up to date waits, and then has it too.
/// </summary>
/// <typeparam name="TKey">What a row is of.</typeparam>
/// <param name="recent">What changed.</param>
/// <param name="chunkSize">Bytes of rows that lie together, about.</param>
internal abstract class KeptList<TKey>(RecentChanges recent, int chunkSize) : IKeptPart
    where TKey : IComparable<TKey>
{
    /// <summary>Rows that are looked up one by one at most: of more it is faster to make all of them anew in their order.</summary>
    protected const int MostOneByOne = 5_000;

    private readonly Lock _gate = new(); // protects all below, and what derived lists keep
    private KeptRows<TKey>? _rows;
    private ListPoint? _at;
    private long _bytes;

    /// <inheritdoc/>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>It is not made anew from nothing when it is asked for next, unless too much changes.</summary>
    public bool IsThere => Volatile.Read(ref _at) is not null;

    /// <summary>How often it was made as a whole.</summary>
    public int Made { get; private set; }

    /// <summary>Writes the list as a view shows it, as an array.</summary>
    /// <param name="view">The view; opened after <see cref="RecentChanges.Want"/>.</param>
    /// <param name="reply">Where to.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>False if the list is further than the view, or cannot be kept in this state of the wallet; nothing was written then.</returns>
    public bool TryWrite(WalletView view, ReplyBuffer reply, CancellationToken ct) =>
        TryWrite(view, reply, static _ => true, static () => { }, ct);

    /// <summary>The same for rows that stand together.</summary>
    /// <param name="view">The view; opened after <see cref="RecentChanges.Want"/>.</param>
    /// <param name="reply">Where to.</param>
    /// <param name="isIn">Whether a row is wanted.</param>
    /// <param name="begin">Is called before rows are written anew.</param>
    /// <param name="ct">Ends it.</param>
    protected bool TryWrite(WalletView view, ReplyBuffer reply, Predicate<TKey> isIn, Action begin, CancellationToken ct)
    {
        var now = ListPoint.Of(view.Snapshot);
        lock (_gate)
        {
            if (_at?.Sequence > now.Sequence || !CanKeep(view.Snapshot))
            {
                return false;
            }

            try
            {
                Update(view, now, begin, ct);
            }
            catch
            {
                Clear();
                throw;
            }

            if (_rows is not { } rows || !CanKeep(view.Snapshot))
            {
                return false;
            }

            reply.Append("["u8);
            rows.WriteTo(reply, isIn);
            reply.Append("]"u8);
            Interlocked.Exchange(ref _bytes, rows.Bytes + ExtraBytes);
            return true;
        }
    }

    /// <summary>It was dropped.</summary>
    public Action? Dropped { get; init; }

    /// <inheritdoc/>
    public void Drop()
    {
        lock (_gate)
        {
            Clear();
        }

        Dropped?.Invoke();
    }

    /// <summary>Bytes that are kept beside the rows, about.</summary>
    protected virtual long ExtraBytes => 0;

    /// <summary>Whether a state is one whose rows follow from their keys. Rarely it is not.</summary>
    protected virtual bool CanKeep(WalletSnapshot snapshot) => snapshot.UnknownBlocks.IsEmpty;

    /// <summary>The keys of all rows; <see cref="Write"/> is then asked for them in their order.</summary>
    protected abstract IEnumerable<TKey> All(WalletView view, CancellationToken ct);

    /// <summary>The keys of rows that a change may concern; null to write all of them anew.</summary>
    /// <param name="view">The state now.</param>
    /// <param name="changes">What changed.</param>
    /// <param name="before">The state that the list shows.</param>
    /// <param name="now">The state now.</param>
    protected abstract IEnumerable<TKey>? Changed(WalletView view, WalletChanges changes, ListPoint before, ListPoint now);

    /// <summary>Writes a row; nothing if there is none.</summary>
    protected abstract void Write(WalletView view, TKey key, RowWriter row);

    /// <summary>Forgets what is kept beside the rows.</summary>
    protected abstract void Forget();

    /// <summary>All rows were written.</summary>
    protected virtual void Finish()
    {
    }

    private void Update(WalletView view, ListPoint now, Action begin, CancellationToken ct)
    {
        var changes = _at is { } at && at.Settings == now.Settings ? recent.Between(at.Sequence, now.Sequence) : null;
        var keys = changes is { IsEverything: false } && _at is { } before ? Changed(view, changes, before, now) : null;
        if (keys is null || _rows is null)
        {
            Clear();
            _rows = new KeptRows<TKey>(Confirmations.Of, chunkSize);
            keys = All(view, ct);
            Made++;
        }

        begin();
        TKey[] sorted = [.. keys];
        Array.Sort(sorted);
        _rows.Update(now.Tip, sorted.AsSpan(0, Distinct(sorted)), (key, row) =>
        {
            ct.ThrowIfCancellationRequested();
            Write(view, key, row);
        });
        Finish();
        _at = now;
    }

    private static int Distinct(TKey[] sorted)
    {
        var count = 0;
        foreach (var key in sorted)
        {
            if (count == 0 || sorted[count - 1].CompareTo(key) != 0)
            {
                sorted[count++] = key;
            }
        }

        return count;
    }

    private void Clear()
    {
        _rows?.Clear();
        (_rows, _at) = (null, null);
        Interlocked.Exchange(ref _bytes, 0);
        Forget();
    }
}
