using System.Collections.Concurrent;
using Dash.Common.Logging;
using Dash.Node.Consensus;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Primitives.Blocks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Blocks;

/// <summary>
/// Tells peers that want compact blocks unasked of a block on top of the tip before it is connected. A block that came from a peer
/// is told of by the thread that validates it, while the message loop waits for that; any other one by the loop.
/// </summary>
internal sealed class EarlyAnnouncer : MessageFamily
{
    private readonly BlockSync _sync;
    private readonly PeerSet _peers;
    private readonly Action _wake;
    private readonly ILogger _log;
    private readonly ConcurrentQueue<(BlockNode Node, Block Block)> _due = new();
    private volatile bool _isLoopWaiting;
    private int _highest;

    /// <summary>Hears of blocks from here on.</summary>
    public EarlyAnnouncer(BlockSync sync, PeerSet peers, Action wake, ILoggerFactory logs)
    {
        _sync = sync;
        _peers = peers;
        _wake = wake;
        _log = logs.CreateLogger(LogCategory.Net);
        sync.Chainstate.Events.TipExtending = Note;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Types { get; } = [];

    /// <inheritdoc/>
    public override ValueTask HandleAsync(Peer peer, ReceivedMessage message, CancellationToken ct) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public override ValueTask TickAsync(CancellationToken ct)
    {
        TellDue();
        return ValueTask.CompletedTask;
    }

    /// <summary>Waits for validation of a block of a peer. The loop does nothing else meanwhile, so what it knows of peers may be used.</summary>
    public async Task<T> WaitAsync<T>(Func<Task<T>> validate)
    {
        _isLoopWaiting = true;
        try
        {
            return await validate().ConfigureAwait(false);
        }
        finally
        {
            _isLoopWaiting = false;
        }
    }

    // A piece of validation that sees the loop wait ends before the one that the loop waits for does.
    private void Note(BlockNode node, Block block)
    {
        _due.Enqueue((node, block));
        if (_isLoopWaiting)
        {
            TellDue();
        }
        else
        {
            _wake();
        }
    }

    private void TellDue()
    {
        while (_due.TryDequeue(out var due))
        {
            if (due.Node.Height > _highest)
            {
                _highest = due.Node.Height;
                Tell(due.Node, due.Block);
            }
        }
    }

    private void Tell(BlockNode node, Block block)
    {
        byte[]? compact = null;
        foreach (var peer in _peers.All)
        {
            if (peer.IsDisconnected || !peer.IsHandshakeDone || !peer.WantsCompactAnnouncements)
            {
                continue;
            }

            _sync.ResolveAvailability(peer);
            if (!peer.Sync.HasHeader(node) && peer.Sync.HasHeader(node.Previous))
            {
                Log.AnnouncingEarly(_log, node.Hash, peer.Id);
                peer.Send(MessageTypes.CompactBlock, compact ??= BlockAnnouncer.CompactOf(block));
                peer.Sync.BestHeaderSent = node;
            }
        }
    }
}
