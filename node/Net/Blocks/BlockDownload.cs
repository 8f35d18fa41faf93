using System.Globalization;
using Dash.Common.Logging;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Primitives.Blocks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Blocks;

/// <summary>
/// Downloads the blocks of the best chains, from several peers at once, in a window that moves with the chain, and parts
/// from those that hold it up.
/// </summary>
internal sealed class BlockDownload(BlockSync sync, BlockIntake intake, HeadersSync headers, NetSettings settings, ILoggerFactory logs)
    : MessageFamily
{
    private const int Window = 1024;
    private const int Step = 128;
    private const long StallingTimeoutLeast = 2_000;
    private const long StallingTimeoutMost = 64_000;

    private readonly ILogger _log = logs.CreateLogger(LogCategory.Net);
    private readonly ILogger _general = logs.CreateLogger(LogCategory.None);
    private readonly List<BlockNode> _between = new(Step); // what FindNext looks at, the highest first; used again each time
    private long _stallingTimeout = StallingTimeoutLeast;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Types { get; } = [MessageTypes.Block];

    /// <inheritdoc/>
    public override void Left(Peer peer) => sync.ForgetAll(peer);

    /// <inheritdoc/>
    public override async ValueTask HandleAsync(Peer peer, ReceivedMessage message, CancellationToken ct)
    {
        if (sync.IsImporting)
        {
            Log.UnexpectedBlock(_log, message.Type, peer.Id);
            return;
        }

        var (block, size) = Read(message);
        Log.ReceivedBlock(_log, block.Hash, peer.Id);
        var isRequested = sync.InFlight.Contains(block.Hash);
        sync.Forget(block.Hash);
        await intake.SubmitAsync(peer, block, message.Payload[..size], isRequested, isCompact: false, ct).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override ValueTask ChainChangedAsync(ChainEvent news, CancellationToken ct)
    {
        if (news is ChainEvent.BlockConnected)
        {
            LowerTimeout();
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override void ChainChangedALot()
    {
        while (_stallingTimeout != StallingTimeoutLeast)
        {
            LowerTimeout();
        }
    }

    /// <inheritdoc/>
    public override ValueTask TickAsync(Peer peer, CancellationToken ct)
    {
        if (IsTooSlow(peer))
        {
            peer.Disconnect();
        }
        else
        {
            RequestMore(peer);
        }

        return ValueTask.CompletedTask;
    }

    private static (Block Block, int Size) Read(ReceivedMessage message)
    {
        var reader = message.Reader();
        var block = Block.Read(ref reader);
        return (block, reader.Position);
    }

    // After a time of raised patience it returns slowly to what it was.
    private void LowerTimeout()
    {
        if (_stallingTimeout != StallingTimeoutLeast)
        {
            _stallingTimeout = Math.Max(_stallingTimeout * 85 / 100 / 1000 * 1000, StallingTimeoutLeast);
            Log.StallingTimeoutLowered(_log, _stallingTimeout / 1000);
        }
    }

    private bool IsTooSlow(Peer peer)
    {
        var (state, now) = (peer.Sync, sync.NowMs);
        if (state.StallingSince != 0 && state.StallingSince < now - _stallingTimeout)
        {
            var name = Describe(peer, "Peer=");
            Log.Stalling(_general, name);

            // Perhaps it is our own line that is slow: the next ones get more time.
            var raised = Math.Min(2 * _stallingTimeout, StallingTimeoutMost);
            if (raised != _stallingTimeout)
            {
                _stallingTimeout = raised;
                Log.StallingTimeoutRaised(_log, raised / 1000);
            }

            return true;
        }

        if (state.InFlight.First is { } first)
        {
            // One interval between blocks, and half of one for each other peer that downloads.
            var others = sync.InFlight.PeerCount - 1;
            var patience = (long)(sync.Chainstate.Network.TargetSpacing * 1000L * (1 + (0.5 * others)));
            if (now > state.DownloadingSince + patience)
            {
                var name = Describe(peer, "peer=");
                Log.BlockTimeout(_general, first.Value.Block.Hash, name);
                return true;
            }
        }

        return false;
    }

    private string Describe(Peer peer, string prefix) =>
        prefix + peer.Id.ToString(CultureInfo.InvariantCulture) + settings.AddressNote(peer);

    private void RequestMore(Peer peer)
    {
        var free = BlocksInFlight.MaxOfPeer - peer.Sync.InFlight.Count;
        var isSource = (headers.IsSource(peer) && peer.HasAllBlocks) || !sync.Chainstate.IsInitialBlockDownload;
        if (!peer.HasBlocks || !peer.CanRelay || !isSource || free <= 0 || sync.IsImporting)
        {
            return;
        }

        var next = FindNext(peer, free, out var staller);
        foreach (var node in next)
        {
            sync.Request(peer, node);
            sync.LogRequest(node, peer);
        }

        if (next.Count > 0)
        {
            peer.Send(MessageTypes.GetData, InventoryItem.WriteAll([.. next.Select(static node => new InventoryItem(InventoryKind.Block, node.Hash.Value))]));
        }
        else if (peer.Sync.InFlight.Count == 0 && staller is { Sync.StallingSince: 0 })
        {
            staller.Sync.StallingSince = sync.NowMs;
            Log.StallStarted(_log, staller.Id);
        }
    }

    // Blocks on the way to the peer's best that nobody is asked for; who holds the window up if there are none.
    private List<BlockNode> FindNext(Peer peer, int count, out Peer? staller)
    {
        staller = null;
        List<BlockNode> found = [];
        sync.ResolveAvailability(peer);
        var state = peer.Sync;
        var view = sync.View;
        if (state.BestKnown is not { } best || best.ChainWork < view.Tip.ChainWork || best.ChainWork < sync.Chainstate.MinimumWork)
        {
            return found;
        }

        var common = state.LastCommon ?? view.At(Math.Min(best.Height, view.Height));
        state.LastCommon = BlockNode.CommonAncestor(common, best);
        BlockSync.PublishHeights(peer);
        if (state.LastCommon is null || state.LastCommon == best)
        {
            return found;
        }

        var limited = !peer.HasAllBlocks;
        var windowEnd = state.LastCommon.Height + Window;
        var last = Math.Min(best.Height, windowEnd + 1);
        Peer? waitsFor = null;
        for (var height = state.LastCommon.Height; height < last;)
        {
            var top = best.Ancestor(Math.Min(last, height + Math.Max(count - found.Count, Step)))!; // below the best
            CollectBetween(top, height);
            for (var i = _between.Count - 1; i >= 0; i--)
            {
                var node = _between[i];
                if (!node.IsValid(BlockStatus.ValidTree))
                {
                    return found;
                }

                if (node.HasData || view.Contains(node))
                {
                    state.LastCommon = node.HasAllTransactions ? node : state.LastCommon;
                }
                else if (sync.InFlight.Find(node.Hash) is { } request)
                {
                    waitsFor ??= request.Peer;
                }
                else
                {
                    if (node.Height > windowEnd)
                    {
                        staller = found.Count == 0 && waitsFor != peer ? waitsFor : null;
                        return found;
                    }

                    // A peer with the newest blocks only is not asked for older ones.
                    if (limited && best.Height - node.Height >= NetLimits.LimitedBlocks - 2)
                    {
                        return found;
                    }

                    found.Add(node);
                    if (found.Count == count)
                    {
                        return found;
                    }
                }
            }

            height = top.Height;
        }

        BlockSync.PublishHeights(peer);
        return found;
    }

    private void CollectBetween(BlockNode top, int above)
    {
        _between.Clear();
        for (var node = top; node is not null && node.Height > above; node = node.Previous)
        {
            _between.Add(node);
        }
    }
}
