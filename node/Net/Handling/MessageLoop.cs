using System.Collections.Concurrent;
using Dash.Common.Concurrency;
using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Node.Chain;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Primitives.Encoding;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Handling;

/// <summary>
/// Handles the messages of all peers, a message of each in turn, and lets the families say what is due. The one owner of
/// all that is known of peers beyond their connections.
/// </summary>
internal sealed class MessageLoop
{
    private const string ThreadName = "msghand";
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    // What may come between version and verack.
    private static readonly HashSet<string> OfHandshake =
    [
        MessageTypes.Version, MessageTypes.Verack, MessageTypes.SendHeaders, MessageTypes.SendHeaders2, MessageTypes.SendCompact,
        MessageTypes.SendAddrV2, MessageTypes.SendReconciliation,
    ];

    private readonly ThreadSignal _news = new();
    private readonly HashSet<Peer> _known = [];
    private readonly Dictionary<string, MessageFamily> _byType = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<MessageFamily> _families;
    private readonly PeerSet _peers;
    private readonly Misbehavior _misbehavior;
    private readonly NetSettings _settings;
    private readonly EventStream<ChainEvent>.Reader _chain;
    private readonly ILogger _log;
    private readonly ILogger _general;
    private readonly ConcurrentQueue<Action> _posted = new();
    private long _turns;
    private long _rests;

    /// <summary>A loop over families of messages.</summary>
    public MessageLoop(
        PeerSet peers, IReadOnlyList<MessageFamily> families, Misbehavior misbehavior, NetSettings settings, ChainEvents chain, ILoggerFactory logs)
    {
        _chain = chain.Subscribe(Wake);
        _peers = peers;
        _families = families;
        _misbehavior = misbehavior;
        _settings = settings;
        _log = logs.CreateLogger(LogCategory.Net);
        _general = logs.CreateLogger(LogCategory.None);
        foreach (var family in families)
        {
            foreach (var type in family.Types)
            {
                _byType.Add(type, family);
            }
        }
    }

    /// <summary>Writes down all messages, if it is there.</summary>
    public MessageCapture? Capture { get; init; }

    /// <summary>Asked again and again: whether messages may take longer while calls come in.</summary>
    public Func<bool> IsPatient { get; init; } = static () => false;

    /// <summary>Rounds over all peers so far. Any thread.</summary>
    public long Turns => Interlocked.Read(ref _turns);

    /// <summary>How often a round left nothing that could be done at once. Any thread.</summary>
    public long Rests => Interlocked.Read(ref _rests);

    /// <summary>Tells the loop that there is something to do. Any thread.</summary>
    public void Wake() => _news.Set();

    /// <summary>Does something between two rounds, where all that is known of peers may be touched. Any thread.</summary>
    public Task<T> PostAsync<T>(Func<T> work, CancellationToken ct)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _posted.Enqueue(() => done.TrySetResult(work()));
        Wake();
        return done.Task.WaitAsync(ct);
    }

    /// <summary>Handles messages until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        Log.ThreadStarted(_general, ThreadName);
        using var ending = ct.UnsafeRegister(static news => ((ThreadSignal)news!).Set(), _news); // registered with it
        await WorkThread.RunAsync(ThreadName, () => Step(ct), IsPatient).ConfigureAwait(false);
    }

    /// <summary>One round over all peers.</summary>
    /// <returns>Whether messages are left that could be handled at once.</returns>
    public async Task<bool> TurnAsync(CancellationToken ct)
    {
        ForgetGone();
        while (_posted.TryDequeue(out var work))
        {
            work();
        }

        await TellNewsAsync(ct).ConfigureAwait(false);
        foreach (var family in _families)
        {
            await family.TickAsync(ct).ConfigureAwait(false);
        }

        var hasMore = false;
        foreach (var peer in _peers.All)
        {
            if (peer.IsDisconnected)
            {
                continue;
            }

            if (_known.Add(peer))
            {
                foreach (var family in _families)
                {
                    family.Arrived(peer);
                }
            }

            hasMore |= await HandleOneAsync(peer, ct).ConfigureAwait(false);
            await TickAsync(peer, ct).ConfigureAwait(false);
        }

        Interlocked.Increment(ref _turns);
        return hasMore;
    }

    // Each turn begins on our own thread, which may wait; what comes after a wait inside a turn is little.
    private bool Step(CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
        {
            return false;
        }

        if (!TurnAsync(ct).GetAwaiter().GetResult())
        {
            Interlocked.Increment(ref _rests);
            _news.Wait(Tick);
        }

        return true;
    }

    private async ValueTask TellNewsAsync(CancellationToken ct)
    {
        while (_chain.TryRead(out var item))
        {
            foreach (var family in _families)
            {
                if (item.Event is { } news)
                {
                    await family.ChainChangedAsync(news, ct).ConfigureAwait(false);
                }
                else
                {
                    family.ChainChangedALot();
                }
            }
        }
    }

    private void ForgetGone()
    {
        while (_peers.TryTakeGone(out var peer))
        {
            if (_known.Remove(peer!)) // taken, so it is there
            {
                foreach (var family in _families)
                {
                    family.Left(peer!);
                }
            }
        }
    }

    private async ValueTask<bool> HandleOneAsync(Peer peer, CancellationToken ct)
    {
        foreach (var family in _families)
        {
            if (await family.ContinueAsync(peer, ct).ConfigureAwait(false))
            {
                // A peer that does not read is waited for: its connection wakes us. Core: fMoreWork, fPauseSend.
                return !peer.Connection.IsSendPaused;
            }
        }

        if (peer.IsDisconnected || peer.Connection.IsSendPaused || !peer.Connection.TryReceive(out var message))
        {
            return false;
        }

        ThreadTurns.Rest();
        Capture?.Write(peer.Address, message.Type, message.Payload.Span, isIncoming: true);
        try
        {
            await HandleAsync(peer, message, ct).ConfigureAwait(false);
        }
        catch (EncodingException e)
        {
            var type = NetText.Sanitize(message.Type);
            Log.MessageFailed(_log, type, message.Payload.Length, e.Message);
        }

        return peer.Connection.HasMessages && !peer.Connection.IsSendPaused;
    }

    private async ValueTask HandleAsync(Peer peer, ReceivedMessage message, CancellationToken ct)
    {
        var type = _log.IsEnabled(LogLevel.Debug) ? NetText.Sanitize(message.Type) : message.Type;
        Log.Received(_log, type, message.Payload.Length, peer.Id);
        if (peer.Version == 0 && message.Type != MessageTypes.Version)
        {
            Log.NoVersionYet(_log, type, peer.Id);
            return;
        }

        if (!peer.IsHandshakeDone && !OfHandshake.Contains(message.Type))
        {
            Log.NoVerackYet(_log, type, peer.Id);
            return;
        }

        if (peer.IsHandshakeDone && _settings.RefusesTransactions(peer) && MessageTypes.OfTransactions.Contains(message.Type))
        {
            Log.ProtocolViolation(_log, type, peer.Id);
            peer.Disconnect();
            return;
        }

        if (_byType.TryGetValue(message.Type, out var family))
        {
            await family.HandleAsync(peer, message, ct).ConfigureAwait(false);
        }
        else if (!MessageTypes.All.Contains(message.Type))
        {
            Log.Unknown(_log, type, peer.Id);
        }
    }

    private async ValueTask TickAsync(Peer peer, CancellationToken ct)
    {
        if (peer.IsDisconnected || _misbehavior.Punish(peer) || !peer.IsHandshakeDone)
        {
            return;
        }

        ThreadTurns.Rest();
        foreach (var family in _families)
        {
            await family.TickAsync(peer, ct).ConfigureAwait(false);
            if (peer.IsDisconnected)
            {
                return;
            }
        }
    }
}
