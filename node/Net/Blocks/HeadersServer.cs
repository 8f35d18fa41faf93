using Dash.Common.Logging;
using Dash.Node.Consensus;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Blocks;

/// <summary>Answers peers that ask for headers or for the names of blocks.</summary>
internal sealed class HeadersServer(BlockSync sync, ILoggerFactory logs) : MessageFamily
{
    private const int MaxBlocks = 500;

    // A node that prunes keeps 288 blocks; those of the last hour of them may be gone before they are asked for.
    private const int MarginSeconds = 3600;

    private readonly ILogger _log = logs.CreateLogger(LogCategory.Net);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Types { get; } = [MessageTypes.GetHeaders, MessageTypes.GetHeaders2, MessageTypes.GetBlocks];

    /// <inheritdoc/>
    public override ValueTask HandleAsync(Peer peer, ReceivedMessage message, CancellationToken ct)
    {
        var reader = message.Reader();
        var locator = BlockLocator.Read(ref reader);
        BlockHash stop = new(reader.ReadUint256());
        if (locator.Hashes.Count > NetLimits.MaxLocator)
        {
            Log.LocatorTooLong(_log, message.Type, locator.Hashes.Count, NetLimits.MaxLocator, peer.Id);
            peer.Disconnect();
        }
        else if (message.Type == MessageTypes.GetBlocks)
        {
            NameBlocks(peer, locator, stop);
        }
        else
        {
            SendHeaders(peer, message.Type, locator, stop);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>The contents of a message of headers.</summary>
    public static byte[] Write(IReadOnlyList<BlockHeader> headers, bool isCompressed)
    {
        ByteWriter writer = new(10 + (headers.Count * (BlockHeader.Size + 1)));
        if (isCompressed)
        {
            CompressedHeaders.Write(writer, headers);
            return writer.ToArray();
        }

        writer.WriteCompactSize(headers.Count);
        foreach (var header in headers)
        {
            header.Write(writer);
            writer.WriteCompactSize(0);
        }

        return writer.ToArray();
    }

    private void SendHeaders(Peer peer, string type, BlockLocator locator, BlockHash stop)
    {
        if (sync.IsImporting)
        {
            Log.IgnoredWhileImporting(_log, type, peer.Id);
            return;
        }

        var view = sync.View;
        if (view.Tip.ChainWork < sync.Chainstate.MinimumWork && !peer.May(PeerPermissions.Download))
        {
            Log.IgnoredForWork(_log, type, peer.Id);
            peer.Send(
                peer.UsesCompressedHeaders ? MessageTypes.Headers2 : MessageTypes.Headers, Write([], peer.UsesCompressedHeaders));
            return;
        }

        BlockNode? node;
        if (locator.Hashes.Count == 0)
        {
            node = sync.Index.Find(stop);
            if (node is null)
            {
                return;
            }

            if (!sync.MayServe(node))
            {
                Log.OldHeaderRequest(_log, peer.Id);
                return;
            }
        }
        else
        {
            node = view.Next(view.FindFork(locator, sync.Index.Find) ?? view.At(0)!); // there is a genesis block
        }

        var stopText = stop.IsNull ? "end" : stop.ToString();
        Log.HeadersAsked(_log, type, node?.Height ?? -1, stopText, peer.Id);
        var isCompressed = type == MessageTypes.GetHeaders2;
        var most = NetLimits.Headers(isCompressed, peer.CommonVersion);
        List<BlockHeader> headers = [];
        while (node is not null)
        {
            headers.Add(node.Header);
            if (headers.Count >= most || node.Hash == stop)
            {
                break;
            }

            node = view.Next(node);
        }

        // What was told to have been sent counts even when there was nothing to send.
        peer.Sync.BestHeaderSent = node ?? view.Tip;
        peer.Send(isCompressed ? MessageTypes.Headers2 : MessageTypes.Headers, Write(headers, isCompressed));
    }

    private void NameBlocks(Peer peer, BlockLocator locator, BlockHash stop)
    {
        var view = sync.View;
        var node = view.Next(view.FindFork(locator, sync.Index.Find) ?? view.At(0)!); // there is a genesis block
        var stopText = stop.IsNull ? "end" : stop.ToString();
        Log.BlocksAsked(_log, node?.Height ?? -1, stopText, MaxBlocks, peer.Id);
        var left = MaxBlocks;
        for (; node is not null; node = view.Next(node))
        {
            if (node.Hash == stop)
            {
                Log.BlocksStop(_log, node.Height, node.Hash);
                break;
            }

            var margin = MarginSeconds / sync.Chainstate.Network.TargetSpacing;
            var isLikelyPruned = sync.Chainstate.Pruning.Target is not null && node.Height <= view.Height - (NetLimits.LimitedBlocks - margin);
            if (!node.HasData || isLikelyPruned)
            {
                Log.BlocksPruned(_log, node.Height, node.Hash);
                break;
            }

            if (peer.CanRelay)
            {
                peer.Sync.ToAnnounceByHash.Add(node.Hash);
            }

            if (--left <= 0)
            {
                Log.BlocksLimit(_log, node.Height, node.Hash);
                peer.Sync.Continuation = node.Hash;
                break;
            }
        }
    }
}
