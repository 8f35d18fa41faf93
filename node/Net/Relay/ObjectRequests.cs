using System.Security.Cryptography;
using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Primitives.Hashing;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Relay;

/// <summary>
/// Decides whom to ask for what was announced, and when: one peer at a time, those that connected to us last, the next
/// one if no answer comes. Message loop only; times are milliseconds and follow the mock time.
/// </summary>
internal sealed class ObjectRequests(Clock clock, ILoggerFactory logs)
{
    /// <summary>Things a peer is asked for at once.</summary>
    public const int MaxInFlight = 100;

    private const int MaxAnnouncements = 2 * NetLimits.MaxInventory;
    private const int InboundDelay = 2_000;
    private const int RandomDelay = 2_000;
    private const int ExpiryFactor = 10;

    private readonly ILogger _log = logs.CreateLogger(LogCategory.Net);
    private readonly BoundedMap<Uint256, long> _askedAt = new(NetLimits.MaxInventory);
    private readonly BoundedMap<Uint256, long> _done = new(NetLimits.MaxInventory);
    private long _order;

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A peer announced something that is wanted.</summary>
    public void Add(Peer peer, InventoryItem item)
    {
        var state = peer.Relay;
        if (state.Wanted.Count >= MaxAnnouncements || state.Schedule.Count >= MaxAnnouncements || !state.Wanted.Add(item))
        {
            return;
        }

        var now = Now;
        var time = NextTime(peer, item, now);
        state.Schedule.Add((time, _order++, item));
        Log.ObjectScheduled(_log, item, now, time, time - now);
    }

    /// <summary>Something came.</summary>
    public void Received(Peer peer, InventoryItem item)
    {
        Log.ObjectErased(_log, item);
        _askedAt.Remove(item.Hash);
        _done.Set(item.Hash, Now);
        Forget(peer, item);
    }

    /// <summary>A peer does not have what it was asked for.</summary>
    public static void NotFound(Peer peer, InventoryItem item)
    {
        if (peer.Relay.Requested.Remove(item))
        {
            peer.Relay.Wanted.Remove(item);
        }
    }

    /// <summary>What is due to be asked of a peer.</summary>
    public List<InventoryItem> TakeDue(Peer peer, Func<InventoryItem, bool> isThere)
    {
        List<InventoryItem> due = [];
        var (state, now) = (peer.Relay, Now);
        Expire(peer, now);
        while (state.Schedule.Count > 0 && state.Schedule.Min.Time <= now && state.Requested.Count < MaxInFlight)
        {
            var next = state.Schedule.Min;
            state.Schedule.Remove(next);
            var item = next.Item;
            if (_done.TryGet(item.Hash, out _))
            {
                Log.ObjectSkipped(_log, item, peer.Id);
                Forget(peer, item);
            }
            else if (isThere(item))
            {
                Forget(peer, item);
                Log.ObjectThere(_log, item, peer.Id);
            }
            else if (!_askedAt.TryGet(item.Hash, out var askedAt) || askedAt <= now - Interval(item.Kind))
            {
                Log.RequestingObject(_log, item, peer.Id);
                due.Add(item);
                _askedAt.Set(item.Hash, now);
                state.Requested[item] = now;
            }
            else
            {
                var time = NextTime(peer, item, now);
                state.Schedule.Add((time, _order++, item));
                Log.ObjectRescheduled(_log, item, time, time - now, peer.Id);
            }
        }

        return due;
    }

    private static void Forget(Peer peer, InventoryItem item)
    {
        peer.Relay.Wanted.Remove(item);
        peer.Relay.Requested.Remove(item);
    }

    private static int Interval(InventoryKind kind) => kind switch
    {
        InventoryKind.RecoveredSignature => 15_000,
        InventoryKind.ChainLock => 5_000,
        InventoryKind.InstantSendLock => 10_000,
        _ => 60_000,
    };

    private long NextTime(Peer peer, InventoryItem item, long now)
    {
        var time = _askedAt.TryGet(item.Hash, out var askedAt)
            ? askedAt + Interval(item.Kind) + (item.Kind == InventoryKind.Transaction ? RandomNumberGenerator.GetInt32(RandomDelay) : 0)
            : now;
        return item.Kind == InventoryKind.Transaction && !peer.Sync.IsPreferred ? time + InboundDelay : time;
    }

    private void Expire(Peer peer, long now)
    {
        var state = peer.Relay;
        if (state.NextExpiryCheck > now)
        {
            return;
        }

        foreach (var (item, askedAt) in state.Requested.ToArray())
        {
            if (askedAt <= now - (Interval(item.Kind) * ExpiryFactor))
            {
                Log.ObjectTimeout(_log, item, peer.Id);
                Forget(peer, item);
            }
        }

        var expiry = Interval(InventoryKind.Transaction) * ExpiryFactor;
        state.NextExpiryCheck = now + (expiry / 2) + RandomNumberGenerator.GetInt32(expiry);
    }
}
