using Dash.Common.Logging;
using Dash.Node.Net.Blocks;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Primitives.Blocks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Relay;

/// <summary>Hears what peers have, and asks for what is wanted.</summary>
internal sealed class InventoryIntake(
    BlockSync sync,
    ObjectRequests requests,
    Func<InventoryItem, bool> isThere,
    Func<bool> takesLocks,
    Misbehavior misbehavior,
    NetSettings settings,
    ILoggerFactory logs)
    : MessageFamily
{
    private readonly ILogger _log = logs.CreateLogger(LogCategory.Net);
    private BlockHash _lastAskedBeforeStart;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Types { get; } = [MessageTypes.Inv, MessageTypes.NotFound];

    /// <inheritdoc/>
    public override ValueTask HandleAsync(Peer peer, ReceivedMessage message, CancellationToken ct)
    {
        var items = InventoryItem.ReadAll(message.Payload.Span, out var count);
        if (message.Type == MessageTypes.NotFound)
        {
            if (items is not null && count <= ObjectRequests.MaxInFlight + BlocksInFlight.MaxOfPeer)
            {
                foreach (var item in items)
                {
                    ObjectRequests.NotFound(peer, item);
                }
            }
        }
        else if (items is null)
        {
            misbehavior.Report(peer, 20, $"inv message size = {count}");
        }
        else
        {
            TakeInventory(peer, items);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask TickAsync(Peer peer, CancellationToken ct)
    {
        foreach (var chunk in requests.TakeDue(peer, isThere).Chunk(NetLimits.MaxGetData))
        {
            peer.Send(MessageTypes.GetData, InventoryItem.WriteAll(chunk));
        }

        return ValueTask.CompletedTask;
    }

    private void TakeInventory(Peer peer, IReadOnlyList<InventoryItem> items)
    {
        BlockHash? newBlock = null;
        foreach (var item in items)
        {
            if (!item.IsKnown)
            {
                Log.UnknownInv(_log, (int)item.Kind, item.Hash, peer.Id);
            }
            else if (item.Kind == InventoryKind.Block)
            {
                BlockHash hash = new(item.Hash);
                var isKnown = sync.Index.Find(hash) is not null;
                Log.GotInv(_log, item, isKnown ? "have" : "new", peer.Id);
                sync.NoteAvailability(peer, hash);
                if (!isKnown && !sync.IsImporting && !sync.InFlight.Contains(hash))
                {
                    newBlock = hash;
                }
            }
            else if (!TakeObject(peer, item))
            {
                peer.Disconnect();
                return;
            }
        }

        if (newBlock is { } best)
        {
            AskForHeaders(peer, best);
        }
    }

    // False if the peer was told that it may not announce such things.
    private bool TakeObject(Peer peer, InventoryItem item)
    {
        var refuses = settings.RefusesTransactions(peer);
        if (refuses && MessageTypes.OfTransactions.Contains(item.TypeName))
        {
            Log.InvViolation(_log, item.TypeName, item.Hash, peer.Id);
            return false;
        }

        var isKnown = isThere(item);
        Log.GotInv(_log, item, isKnown ? "have" : "new", peer.Id);
        peer.Relay.NoteKnown(item.Hash);
        if (refuses && item.Kind == InventoryKind.InstantSendLock)
        {
            // No lock is ever there; only old peers, and those of a network without locks, don't know better than to tell of one.
            if (peer.CommonVersion <= NetLimits.AddrV2Version || !takesLocks())
            {
                return true;
            }

            Log.InvViolation(_log, item.TypeName, item.Hash, peer.Id);
            return false;
        }

        if (!isKnown && (item.Kind == InventoryKind.Spork || !sync.Chainstate.IsInitialBlockDownload))
        {
            requests.Add(peer, item);
        }

        return true;
    }

    // The header comes first; before the first sync each block starts only one peer, and each peer asks once.
    private void AskForHeaders(Peer peer, BlockHash block)
    {
        var state = peer.Sync;
        if (!state.IsStarted && (state.IsAskedBeforeStart || block == _lastAskedBeforeStart))
        {
            return;
        }

        var best = sync.BestHeader;
        if (sync.RequestHeaders(peer, best))
        {
            Log.HeadersForInv(_log, peer.GetHeadersType, best.Height, block, peer.Id);
        }

        if (!state.IsStarted)
        {
            state.IsAskedBeforeStart = true;
            _lastAskedBeforeStart = block;
        }
    }
}
