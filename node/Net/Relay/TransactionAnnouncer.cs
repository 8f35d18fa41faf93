using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Node.Mempool;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Primitives.Evo;
using Dash.Primitives.Transactions;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Relay;

/// <summary>
/// Tells peers of transactions, in batches at random times, so that nobody learns where one came from: every two seconds
/// on average to those we connected to, every five to all others at the same time.
/// </summary>
internal sealed class TransactionAnnouncer(RelayHub hub, MempoolGate mempool, RelayCache cache, Random random, Clock clock, ILoggerFactory logs)
    : MessageFamily
{
    private const int InboundIntervalMs = 5_000;
    private const int OutboundIntervalMs = 2_000;

    // Seven a second and million bytes of block, for five seconds and twice as much to catch up.
    private const int BatchSize = 4 * 7 * 5 * 2;
    private const int MaxBatchSize = 1_000;

    private readonly ILogger _log = logs.CreateLogger(LogCategory.Net);
    private long _nextToInbound;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Types { get; } = [];

    /// <inheritdoc/>
    public override ValueTask HandleAsync(Peer peer, ReceivedMessage message, CancellationToken ct) => ValueTask.CompletedTask;

    /// <summary>A version message came: decides whether transactions may be announced to this peer.</summary>
    public static void Introduced(Peer peer, VersionMessage version)
    {
        var mayRelay = !peer.IsBlockOnly
            && peer.Type != ConnectionType.Feeler
            && (version.RelaysTransactions || peer.OurServices.HasFlag(ServiceFlags.Bloom));
        peer.Relay.MayRelayTransactions = mayRelay;
        peer.RelaysTransactions = mayRelay && version.RelaysTransactions;
    }

    /// <inheritdoc/>
    public override ValueTask TickAsync(CancellationToken ct)
    {
        hub.Drain();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask TickAsync(Peer peer, CancellationToken ct)
    {
        List<InventoryItem> items = [];
        if (peer.Relay.MayRelayTransactions && IsDue(peer))
        {
            // What was enqueued before the time came goes now, even if this round's look at the queue was earlier.
            hub.Drain();
            if (!peer.RelaysTransactions)
            {
                peer.Relay.ToSend.Clear();
            }

            CollectMempool(peer, items);
            CollectBatch(peer, items);
        }

        CollectOthers(peer, items);
        foreach (var chunk in items.Chunk(NetLimits.MaxInventory))
        {
            peer.Send(MessageTypes.Inv, InventoryItem.WriteAll(chunk));
        }

        return ValueTask.CompletedTask;
    }

    private bool IsDue(Peer peer)
    {
        var (state, now) = (peer.Relay, clock.GetUtcNow().ToUnixTimeMilliseconds());
        var isDue = peer.May(PeerPermissions.NoBan);
        if (state.NextSend >= now)
        {
            return isDue;
        }

        if (peer.IsInbound)
        {
            if (_nextToInbound < now)
            {
                _nextToInbound = now + Exponential(InboundIntervalMs);
            }

            state.NextSend = _nextToInbound;
        }
        else
        {
            state.NextSend = now + Exponential(OutboundIntervalMs);
        }

        return true;
    }

    private void CollectMempool(Peer peer, List<InventoryItem> items)
    {
        var state = peer.Relay;
        if (!state.WantsMempool)
        {
            return;
        }

        state.WantsMempool = false;
        foreach (var entry in mempool.View.ParentsFirst)
        {
            state.ToSend.Remove(entry.Txid);
            if (state.Filter is null || state.Filter.MatchesAndLearns(entry.Transaction))
            {
                state.NoteKnown(entry.Txid.Value);
                Queue(peer, entry.Txid, items);
            }
        }

        state.LastMempool = clock.UnixSeconds;
    }

    private void CollectBatch(Peer peer, List<InventoryItem> items)
    {
        var state = peer.Relay;
        if (state.ToSend.Count == 0)
        {
            return;
        }

        var left = Math.Min(MaxBatchSize, BatchSize + (state.ToSend.Count / 1000 * 5));
        foreach (var entry in InOrder(state.ToSend))
        {
            if (left == 0)
            {
                break;
            }

            state.ToSend.Remove(entry.Txid);
            if (state.Known.Contains(entry.Txid.Value) || (state.Filter is not null && !state.Filter.MatchesAndLearns(entry.Transaction)))
            {
                continue;
            }

            left--;
            state.Announced.Add(entry.Txid.Value);
            cache.Add(entry.Transaction);
            state.NoteKnown(entry.Txid.Value);
            Queue(peer, entry.Txid, items);
        }

        if (left > 0)
        {
            state.ToSend.Clear(); // what is left is no longer in the mempool
        }
    }

    private void CollectOthers(Peer peer, List<InventoryItem> items)
    {
        var state = peer.Relay;
        foreach (var item in state.OthersToSend)
        {
            var isUnwanted = !peer.RelaysTransactions
                && (item.Kind == InventoryKind.InstantSendLock || MessageTypes.OfTransactions.Contains(item.TypeName));
            if (isUnwanted || state.Known.Contains(item.Hash))
            {
                continue;
            }

            state.NoteKnown(item.Hash);
            Log.QueuedInv(_log, item, items.Count, peer.Id);
            items.Add(item);
        }

        state.OthersToSend.Clear();
    }

    private void Queue(Peer peer, Txid txid, List<InventoryItem> items)
    {
        InventoryItem item = new(InventoryKind.Transaction, txid.Value);
        Log.QueuedInv(_log, item, items.Count, peer.Id);
        items.Add(item);
    }

    // Parents before children, better paying first.
    private IEnumerable<MempoolEntry> InOrder(IEnumerable<Txid> txids)
    {
        var entries = txids.Select(mempool.Find).OfType<MempoolEntry>().ToDictionary(static entry => entry.Txid);
        HashSet<Txid> done = [];
        Stack<MempoolEntry> path = new();
        foreach (var entry in entries.Values
            .OrderByDescending(static entry => (double)entry.ModifiedFee.Duffs / entry.VirtualSize)
            .ThenBy(static entry => entry.Txid))
        {
            path.Push(entry);
            while (path.TryPeek(out var top))
            {
                var parent = top.Transaction.Inputs
                    .Select(static input => input.PreviousOutput.Txid)
                    .FirstOrDefault(id => entries.ContainsKey(id) && !done.Contains(id));
                if (!parent.IsNull)
                {
                    path.Push(entries[parent]);
                    continue;
                }

                path.Pop();
                if (done.Add(top.Txid))
                {
                    yield return top;
                }
            }
        }
    }

    private long Exponential(int averageMs) => (long)(-Math.Log(1 - random.NextDouble()) * averageMs) + 1;
}
