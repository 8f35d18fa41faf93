using Dash.Common.Concurrency;
using Dash.Common.Logging;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Blocks;

/// <summary>
/// Learns of the chains that peers have, by headers: asks for them, takes them, and fetches the blocks of a short and
/// better chain at once.
/// </summary>
internal sealed class HeadersSync(BlockSync sync, Validation validation, Misbehavior misbehavior, NetSettings settings, ILoggerFactory logs)
    : MessageFamily
{
    private const int MaxAnnounced = 8;
    private const int MaxUnconnecting = 10;
    private const int MaxProtected = 4;
    private const long TimeoutBaseMs = 15 * 60 * 1000;
    private const int EntrySize = BlockHeader.Size + 1;

    private readonly ILogger _log = logs.CreateLogger(LogCategory.Net);
    private readonly ILogger _general = logs.CreateLogger(LogCategory.None);
    private int _protectedCount;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Types { get; } =
        [MessageTypes.Headers, MessageTypes.Headers2, MessageTypes.SendHeaders, MessageTypes.SendHeaders2];

    /// <summary>A version message came: decides whether blocks are rather downloaded from this peer.</summary>
    public void Introduced(Peer peer)
    {
        peer.Sync.IsPreferred =
            (!peer.IsInbound || peer.May(PeerPermissions.NoBan)) && peer.Type != ConnectionType.AddrFetch && peer.HasBlocks;
        sync.PreferredCount += peer.Sync.IsPreferred ? 1 : 0;
    }

    /// <inheritdoc/>
    public override void Left(Peer peer)
    {
        sync.StartedCount -= peer.Sync.IsStarted ? 1 : 0;
        sync.PreferredCount -= peer.Sync.IsPreferred ? 1 : 0;
        _protectedCount -= peer.Sync.IsProtected ? 1 : 0;
    }

    /// <inheritdoc/>
    public override async ValueTask HandleAsync(Peer peer, ReceivedMessage message, CancellationToken ct)
    {
        switch (message.Type)
        {
            case MessageTypes.SendHeaders:
                peer.Sync.PrefersHeaders = true;
                break;
            case MessageTypes.SendHeaders2:
                peer.Sync.PrefersCompressedHeaders = true;
                break;
            case var _ when sync.IsImporting:
                Log.UnexpectedHeaders(_log, peer.Id);
                break;
            default:
                peer.Sync.LastGetHeaders = 0;
                if (Read(peer, message) is { } headers)
                {
                    await TakeAsync(peer, headers, isCompact: false, ct).ConfigureAwait(false);
                }

                break;
        }
    }

    /// <summary>Takes headers a peer sent.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="headers">The headers.</param>
    /// <param name="isCompact">Whether the one header came in a compact block.</param>
    /// <param name="ct">Gives up.</param>
    public async ValueTask TakeAsync(Peer peer, IReadOnlyList<BlockHeader> headers, bool isCompact, CancellationToken ct)
    {
        if (headers.Count == 0)
        {
            return;
        }

        if (sync.Index.Find(headers[0].Previous) is null)
        {
            TakeUnconnecting(peer, headers);
            return;
        }

        for (var i = 1; i < headers.Count; i++)
        {
            ThreadTurns.Rest();
            if (headers[i].Previous != headers[i - 1].Hash)
            {
                misbehavior.Report(peer, 20, "non-continuous headers sequence");
                return;
            }
        }

        var isNew = sync.Index.Find(headers[^1].Hash) is null;
        var (state, last) = await validation.PostAsync(
            (chainstate, _) => (chainstate.SubmitHeaders(headers, out var node), node), ct).ConfigureAwait(false);
        if (state.IsInvalid)
        {
            Log.HeadersRefused(_log, peer.Id, state);
            misbehavior.ReportBlock(peer, state, isCompact, "invalid header received");
            return;
        }

        var isFull = headers.Count == NetLimits.Headers(peer.UsesCompressedHeaders, peer.CommonVersion);
        if (isFull && sync.RequestHeaders(peer, last!)) // headers were valid, so there is a last one
        {
            Log.MoreHeaders(_log, peer.GetHeadersType, last!.Height, peer.Id, peer.StartingHeight);
        }

        Learn(peer, last!, isNew, isFull);
        FetchDirectly(peer, last!);
    }

    /// <inheritdoc/>
    public override ValueTask TickAsync(Peer peer, CancellationToken ct)
    {
        Start(peer);
        CheckTimeout(peer);
        DemandChain(peer);
        return ValueTask.CompletedTask;
    }

    /// <summary>Whether headers and blocks are downloaded from this peer, also before the chain has caught up.</summary>
    public bool IsSource(Peer peer) =>
        peer.Sync.IsPreferred
        || (peer.HasBlocks && peer.Type != ConnectionType.AddrFetch && (sync.PreferredCount == 0 || sync.InFlight.Count == 0));

    private IReadOnlyList<BlockHeader>? Read(Peer peer, ReceivedMessage message)
    {
        var isCompressed = message.Type == MessageTypes.Headers2;
        var most = NetLimits.Headers(isCompressed, peer.CommonVersion);
        var reader = message.Reader();
        var count = reader.ReadCompactSize();
        if (count > most)
        {
            misbehavior.Report(peer, 20, $"headers message size = {count}");
            return null;
        }

        if (isCompressed)
        {
            var compressed = message.Reader();
            return CompressedHeaders.Read(ref compressed, most);
        }

        if ((long)count * EntrySize > reader.Remaining)
        {
            throw new EncodingException("end of data");
        }

        var headers = new BlockHeader[count];
        for (var i = 0; i < count; i++)
        {
            headers[i] = BlockHeader.Read(ref reader);
            reader.ReadCompactSize(); // the number of transactions, of which none follow
        }

        return headers;
    }

    private void TakeUnconnecting(Peer peer, IReadOnlyList<BlockHeader> headers)
    {
        if (headers.Count > MaxAnnounced)
        {
            misbehavior.Report(peer, 10, "invalid header received");
            return;
        }

        var state = peer.Sync;
        state.UnconnectingHeaders++;
        if (sync.RequestHeaders(peer, sync.BestHeader))
        {
            var hash = headers[0].Hash;
            Log.Unconnecting(
                _log, hash, headers[0].Previous, peer.GetHeadersType, sync.BestHeader.Height, peer.Id, state.UnconnectingHeaders);
        }

        sync.NoteAvailability(peer, headers[^1].Hash);
        if (state.UnconnectingHeaders % MaxUnconnecting == 0)
        {
            misbehavior.Report(peer, 20, $"{state.UnconnectingHeaders} non-connecting headers");
        }
    }

    private void Learn(Peer peer, BlockNode last, bool isNew, bool mayHaveMore)
    {
        var state = peer.Sync;
        if (state.UnconnectingHeaders > 0)
        {
            Log.UnconnectingReset(_log, peer.Id, state.UnconnectingHeaders);
        }

        state.UnconnectingHeaders = 0;
        sync.NoteAvailability(peer, last.Hash);
        if (isNew && last.ChainWork > sync.Tip.ChainWork)
        {
            state.LastAnnouncement = sync.Now;
        }

        var isOutbound = peer.Type is ConnectionType.OutboundFullRelay or ConnectionType.BlockRelay;
        if (!mayHaveMore
            && isOutbound
            && state.BestKnown is { } best
            && best.ChainWork < sync.Chainstate.MinimumWork
            && sync.Chainstate.IsInitialBlockDownload)
        {
            Log.TooLittleWork(_general, peer.Id);
            peer.Disconnect();
            return;
        }

        if (peer.Type == ConnectionType.OutboundFullRelay
            && !state.IsProtected
            && _protectedCount < MaxProtected
            && state.BestKnown is { } known
            && known.ChainWork >= sync.Tip.ChainWork)
        {
            Log.Protecting(_log, peer.Id);
            state.IsProtected = true;
            _protectedCount++;
        }
    }

    // The blocks between the active chain and a better one, if they are few.
    private void FetchDirectly(Peer peer, BlockNode last)
    {
        if (!sync.CanFetchDirectly || !last.IsValid(BlockStatus.ValidTree) || sync.Tip.ChainWork > last.ChainWork)
        {
            return;
        }

        var view = sync.View;
        List<BlockNode> missing = [];
        var walk = last;
        while (walk is not null && !view.Contains(walk) && missing.Count <= BlocksInFlight.MaxOfPeer)
        {
            if (!walk.HasData && !sync.InFlight.Contains(walk.Hash))
            {
                missing.Add(walk);
            }

            walk = walk.Previous;
        }

        if (walk is null || !view.Contains(walk))
        {
            Log.LargeReorg(_log, last.Hash, last.Height);
            return;
        }

        missing.Reverse();
        List<InventoryItem> wanted = [];
        foreach (var node in missing.Take(Math.Max(0, BlocksInFlight.MaxOfPeer - peer.Sync.InFlight.Count)))
        {
            wanted.Add(new InventoryItem(InventoryKind.Block, node.Hash.Value));
            sync.Request(peer, node);
            Log.RequestingDirectly(_log, node.Hash, peer.Id);
        }

        if (wanted.Count > 1)
        {
            Log.FetchingDirectly(_log, last.Hash, last.Height);
        }

        if (wanted.Count == 0)
        {
            return;
        }

        // A single new block on a checked one is likely to be known but for its coinbase.
        if (wanted.Count == 1
            && sync.InFlight.Count == 1
            && !settings.IsBlocksOnly
            && peer.Sync.ProvidesCompact
            && last.Previous is { } parent
            && parent.IsValid(BlockStatus.ValidChain))
        {
            wanted[0] = wanted[0] with { Kind = InventoryKind.CompactBlock };
        }

        peer.Send(MessageTypes.GetData, InventoryItem.WriteAll(wanted));
    }

    private void Start(Peer peer)
    {
        var state = peer.Sync;
        if (state.IsStarted || !peer.HasBlocks || sync.IsImporting || !peer.CanRelay)
        {
            return;
        }

        var best = sync.BestHeader;
        if (!(sync.StartedCount == 0 && IsSource(peer)) && best.Header.Time <= sync.Now - sync.Chainstate.MaxTipAge)
        {
            return;
        }

        // From the block before the best, so that the answer is not empty and tells what the peer has.
        var start = best.Previous ?? best;
        if (sync.RequestHeaders(peer, start))
        {
            Log.InitialHeaders(_log, peer.GetHeadersType, start.Height, peer.Id, peer.StartingHeight);
            state.IsStarted = true;
            state.HeadersTimeout = sync.NowMs + TimeoutBaseMs + ((sync.Now - best.Header.Time) / sync.Chainstate.Network.TargetSpacing);
            sync.StartedCount++;
        }
    }

    private void CheckTimeout(Peer peer)
    {
        var state = peer.Sync;
        if (!state.IsStarted || state.HeadersTimeout == long.MaxValue)
        {
            return;
        }

        if (sync.BestHeader.Header.Time > sync.Now - sync.Chainstate.MaxTipAge)
        {
            state.HeadersTimeout = long.MaxValue;
            return;
        }

        var others = sync.PreferredCount - (state.IsPreferred ? 1 : 0);
        if (sync.NowMs <= state.HeadersTimeout || sync.StartedCount != 1 || others < 1)
        {
            return;
        }

        var address = settings.AddressNote(peer);
        if (peer.May(PeerPermissions.NoBan))
        {
            Log.HeadersTimeoutForgiven(_general, peer.Id, address);
            state.IsStarted = false;
            sync.StartedCount--;
            state.HeadersTimeout = 0;
        }
        else
        {
            Log.HeadersTimeout(_general, peer.Id, address);
            peer.Disconnect();
        }
    }

    // A peer we looked for must have a chain as good as ours, or get it in time.
    private void DemandChain(Peer peer)
    {
        const long TimeoutSeconds = 20 * 60;
        const long ResponseSeconds = 2 * 60;
        var state = peer.Sync;
        if (state.IsProtected || !state.IsStarted || peer.Type is not (ConnectionType.OutboundFullRelay or ConnectionType.BlockRelay))
        {
            return;
        }

        if (state.BestKnown is { } best && best.ChainWork >= sync.Tip.ChainWork)
        {
            state.ChainTimeout = 0;
            state.ChainTarget = null;
            state.IsAskedForChain = false;
        }
        else if (state.ChainTimeout == 0
            || (state.ChainTarget is { } target && state.BestKnown is { } known && known.ChainWork >= target.ChainWork))
        {
            state.ChainTimeout = sync.Now + TimeoutSeconds;
            state.ChainTarget = sync.Tip;
            state.IsAskedForChain = false;
        }
        else if (sync.Now > state.ChainTimeout)
        {
            if (state.IsAskedForChain)
            {
                var block = state.BestKnown?.Hash.ToString() ?? "<none>";
                Log.OldChain(_general, peer.Id, block);
                peer.Disconnect();
                return;
            }

            var from = state.ChainTarget?.Previous ?? sync.Tip;
            sync.RequestHeaders(peer, from);
            Log.VerifyingChain(_log, peer.GetHeadersType, peer.Id);
            state.IsAskedForChain = true;
            state.ChainTimeout = sync.Now + ResponseSeconds;
        }
    }
}
