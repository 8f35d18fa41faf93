using System.Security.Cryptography;
using Dash.Common.Logging;
using Dash.Node.Consensus;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Primitives.Blocks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Blocks;

/// <summary>Tells peers of new blocks, in the way each wants: as compact block, as headers, or by hash.</summary>
internal sealed class BlockAnnouncer(BlockSync sync, PeerSet peers, ILoggerFactory logs) : MessageFamily
{
    private const int MaxAnnounced = 8;

    private readonly ILogger _log = logs.CreateLogger(LogCategory.Net);
    private BlockNode _tip = sync.Tip;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Types { get; } = [];

    /// <inheritdoc/>
    public override ValueTask HandleAsync(Peer peer, ReceivedMessage message, CancellationToken ct) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public override ValueTask TickAsync(CancellationToken ct)
    {
        var tip = sync.Tip;
        if (tip == _tip)
        {
            return ValueTask.CompletedTask;
        }

        var fork = BlockNode.CommonAncestor(_tip, tip);
        _tip = tip;
        if (sync.Chainstate.IsInitialBlockDownload)
        {
            return ValueTask.CompletedTask;
        }

        List<BlockNode> news = [];
        for (var node = tip; node is not null && node != fork && news.Count < MaxAnnounced; node = node.Previous)
        {
            news.Add(node);
        }

        news.Reverse();
        foreach (var peer in peers.All.Where(static peer => peer.CanRelay))
        {
            peer.Sync.ToAnnounce.AddRange(news);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask TickAsync(Peer peer, CancellationToken ct)
    {
        var state = peer.Sync;
        if (peer.CanRelay && state.ToAnnounce.Count > 0)
        {
            sync.ResolveAvailability(peer);
            if (!Announce(peer))
            {
                AnnounceByHash(peer);
            }

            state.ToAnnounce.Clear();
        }

        foreach (var hashes in state.ToAnnounceByHash.Chunk(NetLimits.MaxInventory))
        {
            peer.Send(MessageTypes.Inv, InventoryItem.WriteAll([.. hashes.Select(static hash => new InventoryItem(InventoryKind.Block, hash.Value))]));
        }

        state.ToAnnounceByHash.Clear();
        return ValueTask.CompletedTask;
    }

    /// <summary>The message that tells a block as compact block.</summary>
    internal static byte[] CompactOf(Block block)
    {
        Span<byte> nonce = stackalloc byte[8];
        RandomNumberGenerator.Fill(nonce);
        return CompactBlock.Of(block, BitConverter.ToUInt64(nonce)).ToBytes();
    }

    // By headers or compact block; false if the peer can't be told so.
    private bool Announce(Peer peer)
    {
        var state = peer.Sync;
        var wantsHeaders = state.PrefersHeaders || state.PrefersCompressedHeaders;
        if ((!wantsHeaders && (!peer.WantsCompactAnnouncements || state.ToAnnounce.Count > 1))
            || state.ToAnnounce.Count > MaxAnnounced
            || !TryCollect(state, out var nodes))
        {
            return false;
        }

        if (nodes.Count == 0)
        {
            return true;
        }

        var last = nodes[^1];
        if (nodes.Count == 1 && peer.WantsCompactAnnouncements && last.HasData)
        {
            Log.AnnouncingCompact(_log, last.Hash, peer.Id);
            peer.Send(MessageTypes.CompactBlock, CompactOf(sync.Chainstate.Archive.ReadBlock(last)));
        }
        else if (wantsHeaders)
        {
            LogHeaders(peer, nodes);
            var isCompressed = state.PrefersCompressedHeaders;
            peer.Send(
                isCompressed ? MessageTypes.Headers2 : MessageTypes.Headers,
                HeadersServer.Write([.. nodes.Select(static node => node.Header)], isCompressed));
        }
        else
        {
            return false;
        }

        state.BestHeaderSent = last;
        return true;
    }

    // The new blocks the peer does not have, if they follow each other from one that it has.
    private bool TryCollect(BlockSyncState state, out List<BlockNode> nodes)
    {
        nodes = [];
        var view = sync.View;
        BlockNode? before = null;
        foreach (var node in state.ToAnnounce)
        {
            if (!view.Contains(node) || (before is not null && node.Previous != before))
            {
                return false;
            }

            before = node;
            if (nodes.Count == 0 && state.HasHeader(node))
            {
                continue;
            }

            if (nodes.Count == 0 && node.Previous is not null && !state.HasHeader(node.Previous))
            {
                return false;
            }

            nodes.Add(node);
        }

        return true;
    }

    private void AnnounceByHash(Peer peer)
    {
        var state = peer.Sync;
        var node = state.ToAnnounce[^1];
        if (!state.HasHeader(node))
        {
            state.ToAnnounceByHash.Add(node.Hash);
            Log.AnnouncingByInv(_log, peer.Id, node.Hash);
        }
    }

    private void LogHeaders(Peer peer, List<BlockNode> nodes)
    {
        if (nodes.Count > 1)
        {
            Log.AnnouncingHeaders(_log, nodes.Count, nodes[0].Hash, nodes[^1].Hash, peer.Id);
        }
        else
        {
            Log.AnnouncingHeader(_log, nodes[0].Hash, peer.Id);
        }
    }
}
