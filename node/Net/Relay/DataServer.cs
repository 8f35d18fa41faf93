using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Node.Consensus;
using Dash.Node.Mempool;
using Dash.Node.Net.Blocks;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Evo;
using Dash.Primitives.Transactions;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Relay;

/// <summary>
/// Gives peers what they ask for: as many transactions as there are in front of the queue, then one block, so that nobody
/// takes all the time.
/// </summary>
internal sealed class DataServer(
    BlockSync sync,
    MempoolGate mempool,
    RelayCache cache,
    NetTotals totals,
    IReadOnlyList<IObjectSource> sources,
    Misbehavior misbehavior,
    Clock clock,
    ILoggerFactory logs) : MessageFamily
{
    private const int MaxCompactDepth = 5;
    private const long HistoricalAge = 7 * 24 * 60 * 60;
    private const long UnconditionalAge = 2 * 60;

    private readonly ILogger _log = logs.CreateLogger(LogCategory.Net);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Types { get; } = [MessageTypes.GetData];

    /// <inheritdoc/>
    public override ValueTask HandleAsync(Peer peer, ReceivedMessage message, CancellationToken ct)
    {
        var items = InventoryItem.ReadAll(message.Payload.Span, out var count);
        if (items is null)
        {
            misbehavior.Report(peer, 20, $"getdata message size = {count}");
            return ValueTask.CompletedTask;
        }

        Log.GetDataReceived(_log, count, peer.Id);
        if (count > 0)
        {
            Log.GetDataFor(_log, items[0], peer.Id);
        }

        foreach (var item in items)
        {
            peer.Sync.Requests.Enqueue(item);
        }

        Serve(peer);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask<bool> ContinueAsync(Peer peer, CancellationToken ct)
    {
        if (peer.Sync.Requests.Count > 0)
        {
            Serve(peer);
        }

        // The messages of a peer that does not read its answers wait with them, or its requests would pile up.
        return ValueTask.FromResult(peer.Sync.Requests.Count > 0 && !peer.IsDisconnected);
    }

    private void Serve(Peer peer)
    {
        var requests = peer.Sync.Requests;
        List<InventoryItem> missing = [];
        while (requests.TryPeek(out var item) && item.IsKnown && !item.IsBlock && !peer.Connection.IsSendPaused)
        {
            requests.Dequeue();
            if (!peer.Relay.MayRelayTransactions && MessageTypes.OfTransactions.Contains(item.TypeName))
            {
                continue; // it hears of none
            }

            if (!ServeObject(peer, item))
            {
                missing.Add(item);
            }
        }

        if (requests.TryPeek(out var next) && !peer.Connection.IsSendPaused)
        {
            requests.Dequeue();
            if (next.IsBlock)
            {
                ServeBlock(peer, next);
            }
        }

        if (missing.Count > 0)
        {
            peer.Send(MessageTypes.NotFound, InventoryItem.WriteAll(missing));
        }
    }

    private bool ServeObject(Peer peer, InventoryItem item)
    {
        if (!item.IsTransaction)
        {
            return sources.Any(source => source.TrySend(peer, item));
        }

        if (Find(peer, new Txid(item.Hash)) is not { } transaction)
        {
            return false;
        }

        peer.Send(MessageTypes.Tx, transaction.ToBytes());
        mempool.ForgetUnbroadcast(transaction.Txid);

        // It may need the parents, which were not announced again.
        foreach (var parent in transaction.Inputs.Select(static input => input.PreviousOutput.Txid).Distinct())
        {
            if (mempool.Find(parent) is { } entry && entry.Time > clock.UnixSeconds - UnconditionalAge && !peer.Relay.Known.Contains(parent.Value))
            {
                peer.Relay.Announced.Add(parent.Value);
            }
        }

        return true;
    }

    // Only what the peer was told of, or could know anyway: else one could ask who has what first.
    private Transaction? Find(Peer peer, Txid txid)
    {
        var entry = mempool.Find(txid);
        var state = peer.Relay;
        if (entry is not null
            && ((state.LastMempool != 0 && entry.Time <= state.LastMempool) || entry.Time <= clock.UnixSeconds - UnconditionalAge))
        {
            return entry.Transaction;
        }

        return state.Announced.Contains(txid.Value) ? entry?.Transaction ?? cache.Find(txid) : null;
    }

    private void ServeBlock(Peer peer, InventoryItem item)
    {
        BlockHash hash = new(item.Hash);
        if (sync.Index.Find(hash) is not { } node)
        {
            return;
        }

        if (!sync.MayServe(node))
        {
            Log.OldBlockRequest(_log, peer.Id);
            return;
        }

        var isHistorical = sync.BestHeader.Header.Time - (long)node.Header.Time > HistoricalAge || item.Kind == InventoryKind.FilteredBlock;
        if (isHistorical && totals.Target.IsReached(forHistoricalBlock: true) && !peer.May(PeerPermissions.Download))
        {
            Log.UploadTargetReached(_log, peer.Id);
            peer.Disconnect();
            return;
        }

        // Below what a node that prunes promises, with two blocks for those that came meanwhile.
        var isLimited = peer.OurServices.HasFlag(ServiceFlags.NetworkLimited) && !peer.OurServices.HasFlag(ServiceFlags.Network);
        if (!peer.May(PeerPermissions.NoBan) && isLimited && sync.Tip.Height - node.Height > NetLimits.LimitedBlocks + 2)
        {
            Log.BelowLimited(_log, peer.Id);
            peer.Disconnect();
            return;
        }

        if (node.HasData)
        {
            SendBlock(peer, item.Kind, node);
        }

        if (hash == peer.Sync.Continuation)
        {
            peer.Send(MessageTypes.Inv, InventoryItem.WriteAll([new InventoryItem(InventoryKind.Block, sync.Tip.Hash.Value)]));
            peer.Sync.Continuation = default;
        }
    }

    private void SendBlock(Peer peer, InventoryKind kind, BlockNode node)
    {
        byte[] data;
        try
        {
            data = sync.Chainstate.Archive.ReadData(node);
        }
        catch (StorageException) when (!node.HasData)
        {
            return; // pruned meanwhile
        }

        var isRecent = sync.CanFetchDirectly && node.Height >= sync.Tip.Height - MaxCompactDepth;
        if (kind == InventoryKind.FilteredBlock)
        {
            SendFiltered(peer, Block.Parse(data));
        }
        else if (kind == InventoryKind.CompactBlock && isRecent)
        {
            var nonce = (ulong)Environment.TickCount64 ^ peer.Nonce;
            peer.Send(MessageTypes.CompactBlock, CompactBlock.Of(Block.Parse(data), nonce).ToBytes());
        }
        else
        {
            peer.Send(MessageTypes.Block, data);
        }
    }

    private static void SendFiltered(Peer peer, Block block)
    {
        if (peer.Relay.Filter is not { } filter)
        {
            return;
        }

        var proof = filter.Filter(block, out var matches);
        peer.Send(MessageTypes.MerkleBlock, proof.ToBytes());
        foreach (var transaction in matches)
        {
            peer.Send(MessageTypes.Tx, transaction.ToBytes());
        }
    }
}
