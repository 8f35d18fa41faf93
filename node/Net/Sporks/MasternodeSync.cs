using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Node.Chain;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Sporks;

/// <summary>
/// How far the data beside the chain is in step with the peers: first the chain itself, then governance, then all. Asks
/// each peer once for sporks, and those we connected to for their mempool. What it shows is for any thread; times follow
/// the mock time.
/// </summary>
internal sealed class MasternodeSync(Chainstate chainstate, PeerSet peers, bool asksForMempool, Clock clock, ILoggerFactory logs) : MessageFamily
{
    private const int Blockchain = 1;
    private const int Governance = 4;
    private const int Complete = 999;
    private const long TickSeconds = 6;
    private const long TimeoutSeconds = 30;

    private readonly ILogger _log = logs.CreateLogger(LogCategory.MnSync);
    private readonly ILogger _general = logs.CreateLogger(LogCategory.None);
    private readonly HashSet<(Addresses.NetEndpoint Peer, string Request)> _asked = [];
    private readonly Lock _gate = new(); // protects the fields below
    private int _asset = Blockchain;
    private int _attempts;
    private long _started = clock.UnixSeconds;
    private long _bumped = clock.UnixSeconds;
    private long _lastTick = clock.UnixSeconds;
    private bool _hasReachedBestHeader;

    /// <summary>The number of what is synchronised now.</summary>
    public int Asset
    {
        get
        {
            lock (_gate)
            {
                return _asset;
            }
        }
    }

    /// <summary>Its name.</summary>
    public string AssetName => NameOf(Asset);

    /// <summary>Since when, Unix seconds.</summary>
    public long Started
    {
        get
        {
            lock (_gate)
            {
                return _started;
            }
        }
    }

    /// <summary>How many peers were asked.</summary>
    public int Attempts
    {
        get
        {
            lock (_gate)
            {
                return _attempts;
            }
        }
    }

    /// <summary>Whether the chain is there.</summary>
    public bool IsBlockchainSynced => Asset > Blockchain;

    /// <summary>Whether all is there.</summary>
    public bool IsSynced => Asset == Complete;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Types { get; } = [];

    /// <inheritdoc/>
    public override ValueTask HandleAsync(Peer peer, ReceivedMessage message, CancellationToken ct) => ValueTask.CompletedTask;

    /// <summary>Goes on to the next thing. Any thread.</summary>
    public void Next()
    {
        lock (_gate)
        {
            if (_asset == Complete)
            {
                return;
            }

            var seconds = clock.UnixSeconds - _started;
            var before = NameOf(_asset);
            Log.AssetCompleted(_general, before, seconds);
            _asset = _asset == Blockchain ? Governance : Complete;
            if (_asset == Complete)
            {
                Log.Finished(_general);
            }
            else
            {
                var name = NameOf(_asset);
                Log.AssetStarting(_general, name);
            }

            _attempts = 0;
            _started = clock.UnixSeconds;
            _bumped = _started;
        }
    }

    /// <summary>Starts again. Any thread.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _asset = Blockchain;
            _attempts = 0;
            _started = clock.UnixSeconds;
            _bumped = _started;
            _hasReachedBestHeader = false;
        }
    }

    /// <inheritdoc/>
    public override ValueTask ChainChangedAsync(ChainEvent news, CancellationToken ct)
    {
        if (news is ChainEvent.BlockConnected or ChainEvent.BlockDisconnected && !IsSynced)
        {
            UpdateTip();
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask TickAsync(CancellationToken ct)
    {
        if (IsSynced || clock.UnixSeconds - _lastTick < TickSeconds)
        {
            return ValueTask.CompletedTask;
        }

        _lastTick = clock.UnixSeconds;
        UpdateTip(isTick: true);
        var connected = peers.All.Where(static peer => peer.IsHandshakeDone && !peer.IsDisconnected && peer.CanRelay).ToArray();
        foreach (var peer in connected)
        {
            if (_asked.Add((peer.Address, MessageTypes.GetSporks)))
            {
                peer.Send(MessageTypes.GetSporks);
                Log.AskingForSporks(_log, Asset, peer.Id);
            }
        }

        if (connected.Length > 0)
        {
            Advance(connected);
        }

        return ValueTask.CompletedTask;
    }

    private static string NameOf(int asset) => asset switch
    {
        Blockchain => "MASTERNODE_SYNC_BLOCKCHAIN",
        Governance => "MASTERNODE_SYNC_GOVERNANCE",
        _ => "MASTERNODE_SYNC_FINISHED",
    };

    private void UpdateTip(bool isTick = false)
    {
        var isBest = chainstate.View.Tip == chainstate.Index.BestHeader;
        lock (_gate)
        {
            if (_asset == Blockchain && !isTick)
            {
                _bumped = clock.UnixSeconds;
            }

            _hasReachedBestHeader = isBest && !chainstate.IsInitialBlockDownload;
        }
    }

    private void Advance(Peer[] connected)
    {
        long silence;
        bool hasReached;
        lock (_gate)
        {
            silence = clock.UnixSeconds - _bumped;
            hasReached = _hasReachedBestHeader;
        }

        if (Asset == Blockchain)
        {
            if (!hasReached || silence <= (connected.Length > 3 ? TickSeconds : TimeoutSeconds))
            {
                return;
            }

            Next();
            foreach (var peer in connected.Where(static peer => !peer.IsInbound && !peer.IsBlockOnly))
            {
                if (asksForMempool && _asked.Add((peer.Address, MessageTypes.Mempool)))
                {
                    peer.Send(MessageTypes.Mempool);
                    Log.AskingForMempool(_log, Blockchain, peer.Id);
                }
            }
        }
        else if (silence > TimeoutSeconds)
        {
            Next();
        }
        else
        {
            lock (_gate)
            {
                _attempts++;
            }
        }
    }
}
