using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Node.Chain;
using Dash.Node.Net.Blocks;
using Dash.Node.Net.Connecting;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Outgoing;

/// <summary>
/// Watches whether the tip still moves, so that nobody keeps us from the real chain: when it stands for long one more peer
/// is looked for, and of more peers than usual the one goes that was least useful with blocks. Every 45 seconds of the
/// scheduler.
/// </summary>
internal sealed class TipWatch : MessageFamily
{
    private const long StaleCheckSeconds = 150;
    private const int StaleSpacings = 3;
    private const long LeastConnectedSeconds = 30;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(45);

    private readonly BlockSync _sync;
    private readonly PeerSet _peers;
    private readonly ConnectionCounts _counts;
    private readonly ILogger _log;
    private readonly ILogger _general;
    private volatile bool _isDue;
    private long _lastTip;
    private long _nextStaleCheck;
    private bool _isCaughtUp;

    /// <summary>Watches from the scheduler's first time on.</summary>
    public TipWatch(BlockSync sync, PeerSet peers, ConnectionCounts counts, Scheduler scheduler, Action wake, ILoggerFactory logs)
    {
        (_sync, _peers, _counts) = (sync, peers, counts);
        _log = logs.CreateLogger(LogCategory.Net);
        _general = logs.CreateLogger(LogCategory.None);
        scheduler.Every("extra peers", Interval, _ =>
        {
            _isDue = true;
            wake();
            return Task.CompletedTask;
        });
    }

    /// <summary>Looks for peers; null if only those are connected to that the user named.</summary>
    public OutgoingConnections? Outgoing { get; set; }

    /// <summary>Whether there are peers at all.</summary>
    public Func<bool> IsActive { get; set; } = static () => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Types { get; } = [];

    /// <inheritdoc/>
    public override ValueTask HandleAsync(Peer peer, ReceivedMessage message, CancellationToken ct) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public override ValueTask ChainChangedAsync(ChainEvent news, CancellationToken ct)
    {
        if (news is ChainEvent.BlockConnected)
        {
            _lastTip = _sync.Now;
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override void ChainChangedALot() => _lastTip = _sync.Now;

    /// <inheritdoc/>
    public override ValueTask TickAsync(CancellationToken ct)
    {
        if (_isDue)
        {
            _isDue = false;
            LetBlockRelayGo();
            LetFullRelayGo();
            CheckTip();
        }

        return ValueTask.CompletedTask;
    }

    private void CheckTip()
    {
        var now = _sync.Now;
        if (now > _nextStaleCheck)
        {
            _nextStaleCheck = now + StaleCheckSeconds;
            if (Outgoing is { } outgoing && !_sync.IsImporting && IsActive() && IsStale(now))
            {
                Log.StaleTip(_general, now - _lastTip);
                outgoing.WantsAnother = true;
            }
            else if (Outgoing is { WantsAnother: true })
            {
                Outgoing.WantsAnother = false;
            }
        }

        if (!_isCaughtUp && _sync.CanFetchDirectly)
        {
            _isCaughtUp = true;
            if (Outgoing is { } outgoing)
            {
                outgoing.WantsExtraBlockRelay = true;
            }
        }
    }

    private bool IsStale(long now)
    {
        _lastTip = _lastTip == 0 ? now : _lastTip;
        return _lastTip < now - (_sync.Chainstate.Network.TargetSpacing * StaleSpacings) && _sync.InFlight.Count == 0;
    }

    // The youngest was made to see another tip. It goes, unless it gave a block later than the one before it.
    private void LetBlockRelayGo()
    {
        var all = _peers.All
            .Where(static peer => peer is { Type: ConnectionType.BlockRelay, IsHandshakeDone: true, IsDisconnected: false })
            .OrderByDescending(static peer => peer.Id)
            .ToArray();
        if (all.Length <= _counts.MaxBlockRelay)
        {
            return;
        }

        var peer = all.Length > 1 && all[0].LastBlock > all[1].LastBlock ? all[1] : all[0];
        if (_sync.Now - peer.ConnectedAt >= LeastConnectedSeconds && peer.Sync.InFlight.Count == 0)
        {
            Log.ExtraBlockRelayGoes(_log, peer.Id, peer.LastBlock);
            peer.Disconnect();
        }
        else
        {
            Log.ExtraBlockRelayStays(_log, peer.Id, peer.ConnectedAt, peer.Sync.InFlight.Count);
        }
    }

    // Who announced a better block longest ago; not who is the only one of its network, or among the first of Tor.
    private void LetFullRelayGo()
    {
        var all = _peers.All.Where(static peer => !peer.IsDisconnected).ToArray();
        var full = all
            .Where(static peer => peer is { Type: ConnectionType.OutboundFullRelay, IsHandshakeDone: true, IsMasternodeConnection: false })
            .ToArray();
        if (full.Length <= _counts.MaxFullRelay)
        {
            return;
        }

        var safe = all.Where(static peer => peer.IsHandshakeDone && peer.Address.Address.Network == Addresses.NetworkKind.Onion)
            .Take(_counts.MaxOnion)
            .ToHashSet();
        var worst = full
            .Where(peer => !safe.Contains(peer) && !peer.Sync.IsProtected && !IsOnlyOfItsNetwork(all, peer))
            .OrderBy(static peer => peer.Sync.LastAnnouncement)
            .ThenByDescending(static peer => peer.Id)
            .FirstOrDefault();
        if (worst is null)
        {
            return;
        }

        if (_sync.Now - worst.ConnectedAt > LeastConnectedSeconds && worst.Sync.InFlight.Count == 0)
        {
            Log.ExtraFullRelayGoes(_log, worst.Id, worst.Sync.LastAnnouncement);
            worst.Disconnect();
            if (Outgoing is { } outgoing)
            {
                outgoing.WantsAnother = false; // one more was found since the tip stood still: enough until the next time
            }
        }
        else
        {
            Log.ExtraFullRelayStays(_log, worst.Id, worst.ConnectedAt, worst.Sync.InFlight.Count);
        }
    }

    private static bool IsOnlyOfItsNetwork(Peer[] all, Peer peer) =>
        all.Count(other => other.Type is ConnectionType.OutboundFullRelay or ConnectionType.Manual
            && other.Address.Address.Network == peer.Address.Address.Network) <= 1;
}
