using System.Collections.Concurrent;
using Dash.Primitives.Transactions;

namespace Dash.WalletServer.Wallets;

/// <summary>
/// Payments that are being offered to the node: whoever spends the change of one offers its own after it, since the node takes no
/// child before its parent; and whether those that it did not take are offered again soon. Any thread.
/// </summary>
internal sealed class Offers
{
    private readonly ConcurrentDictionary<Txid, TaskCompletionSource> _underWay = [];
    private bool _areRepeated;

    /// <summary>
    /// With the next block what waits outside the mempool is offered again: blocks were taken back, so that what they held may have fallen
    /// out of it for a while (spending what is not mature on the shorter chain), or the node lacked the coins of something, for that
    /// reason or as another wallet had not offered what it spends.
    /// </summary>
    public void Repeat() => Volatile.Write(ref _areRepeated, true);

    /// <summary>Whether that was said since this was asked last. Asked before offering: what is refused from then on counts.</summary>
    public bool TakeRepeat() => Interlocked.Exchange(ref _areRepeated, false);

    /// <summary>A payment is about to be stored and offered; until disposed those that spend of it wait.</summary>
    public IDisposable Begin(Txid txid)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return new Offer(this, txid, _underWay.TryAdd(txid, done) ? done : null);
    }

    /// <summary>Ends when nothing that the transaction spends is being offered.</summary>
    public async Task ParentsAsync(Transaction tx, CancellationToken ct)
    {
        foreach (var input in tx.Inputs)
        {
            if (_underWay.TryGetValue(input.PreviousOutput.Txid, out var parent))
            {
                await parent.Task.WaitAsync(ct).ConfigureAwait(false);
            }
        }
    }

    // Null where another one offers the same.
    private sealed class Offer(Offers owner, Txid txid, TaskCompletionSource? done) : IDisposable
    {
        public void Dispose()
        {
            if (done is not null && owner._underWay.TryRemove(KeyValuePair.Create(txid, done)))
            {
                done.SetResult();
            }
        }
    }
}
