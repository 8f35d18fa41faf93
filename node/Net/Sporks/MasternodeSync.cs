using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Sporks;

/// <summary>
/// How far the data beside the chain is in step with the peers: first the chain itself, then governance, then all. Asks
/// each peer now and then for sporks, and those we connected to for their mempool. Objects of governance are not asked
/// for, so that part ends when as much time has passed as dashd waits for the first one. What it shows is for any thread;
/// times follow the mock time.
/// </summary>
internal sealed class MasternodeSync(
    Chainstate chainstate,
    PeerSet peers,
    FulfilledRequests fulfilled,
    bool asksForMempool,
    bool hasGovernance,
    Clock clock,
    ILoggerFactory logs) : MessageFamily
{
    private const int Blockchain = 1;
    private const int Governance = 4;
    private const int Complete = 999;
    private const long TickSeconds = 6;
    private const long TimeoutSeconds = 30;
    private const long SleepSeconds = 60 * 60;

    private readonly ILogger _log = logs.CreateLogger(LogCategory.MnSync);
    private readonly ILogger _general = logs.CreateLogger(LogCategory.None);
    private readonly Lock _gate = new(); // protects the fields below
    private int _asset = Blockchain;
    private int _attempts;
    private long _started = clock.UnixSeconds;
    private long _bumped = clock.UnixSeconds;
    private long _lastTick = clock.UnixSeconds;
    private bool _hasReachedBestHeader;
    private BlockNode? _bestHeader;

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
        var sinceTick = clock.UnixSeconds - _lastTick;
        if (sinceTick < TickSeconds)
        {
            return ValueTask.CompletedTask;
        }

        _lastTick = clock.UnixSeconds;
        if (sinceTick > SleepSeconds && chainstate.Network.Name != "regtest")
        {
            Log.Slept(_general); // the machine did; who knows what happened meanwhile
            Reset();
            return ValueTask.CompletedTask;
        }

        if (IsSynced)
        {
            return ValueTask.CompletedTask;
        }

        CheckHeaders();
        var connected = peers.All.Where(static peer => peer.IsHandshakeDone && !peer.IsDisconnected && peer.CanRelay).ToArray();
        foreach (var peer in connected)
        {
            if (fulfilled.TryAdd(peer.Address, MessageTypes.GetSporks))
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

    // New blocks put off the end of the first part, and take back what was decided too early.
    private void UpdateTip()
    {
        var isBest = chainstate.View.Tip == chainstate.Index.BestHeader;
        bool isTooEarly;
        lock (_gate)
        {
            if (_asset == Blockchain)
            {
                _bumped = clock.UnixSeconds;
            }

            var isDownloading = chainstate.IsInitialBlockDownload;
            isTooEarly = isDownloading ? _asset != Blockchain : _hasReachedBestHeader && !isBest;
            _hasReachedBestHeader = isBest && !isDownloading;
        }

        if (isTooEarly)
        {
            Reset();
        }
    }

    // So do new headers.
    private void CheckHeaders()
    {
        var best = chainstate.Index.BestHeader;
        lock (_gate)
        {
            if (_asset == Blockchain && best != _bestHeader)
            {
                _bumped = _bestHeader is null ? _bumped : clock.UnixSeconds;
                _bestHeader = best;
            }

            _hasReachedBestHeader = chainstate.View.Tip == best && !chainstate.IsInitialBlockDownload;
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
                if (asksForMempool && fulfilled.TryAdd(peer.Address, MessageTypes.Mempool))
                {
                    peer.Send(MessageTypes.Mempool);
                    Log.AskingForMempool(_log, Blockchain, peer.Id);
                }
            }
        }
        else if (!hasGovernance || silence > TimeoutSeconds)
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
