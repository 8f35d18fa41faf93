using Dash.Common.Hosting;
using Dash.Common.Logging;
using Dash.Common.Options;
using Dash.Common.Time;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Mempool;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Bans;
using Dash.Node.Net.Bip324;
using Dash.Node.Net.Connecting;
using Dash.Node.Net.Eviction;
using Dash.Node.Net.Gossip;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Outgoing;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Proxies;
using Dash.Node.Net.Blocks;
using Dash.Node.Net.Relay;
using Dash.Node.Net.Sporks;
using Dash.Node.Net.Wire;
using Dash.Primitives.Keys;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net;

/// <summary>The node among its peers: builds the parts that speak to them, and runs them.</summary>
internal sealed class PeerNetwork
{
    private static readonly TimeSpan SaveInterval = TimeSpan.FromMinutes(15);

    private readonly NetConfiguration _configuration;
    private readonly PeerSearch _search;
    private readonly List<PeerListener> _listeners = [];
    private readonly List<Func<CancellationToken, Task>> _services = [];
    private readonly Clock _clock;
    private readonly ILoggerFactory _logs;
    private readonly ILogger _connections;
    private readonly ILogger _general;
    private readonly RelayHub _hub;
    private readonly BlockFetch _fetch;
    private readonly PrivateKey? _sporkKey;
    private readonly string _sporkFile;

    /// <summary>Builds the parts; nothing is listened to yet.</summary>
    /// <exception cref="StartupException">The options make no sense.</exception>
    public PeerNetwork(
        Options options,
        string directory,
        Chainstate chainstate,
        Validation validation,
        MempoolGate mempool,
        IBlockFilters? filters,
        Scheduler scheduler,
        Clock clock,
        ILoggerFactory logs)
    {
        (_clock, _logs) = (clock, logs);
        _connections = logs.CreateLogger(LogCategory.NetConn);
        _general = logs.CreateLogger(LogCategory.None);
        _configuration = new NetConfiguration(options, chainstate.Network);
        Settings = _configuration.Settings;
        Totals = new NetTotals(new UploadTarget(_configuration.UploadLimit, clock));
        Surroundings = new Surroundings(options, chainstate.Network, directory, clock, logs);
        var (rules, reach) = (Surroundings.Rules, Surroundings.Reach);
        Misbehavior misbehavior = new(Peers, rules, logs);
        PeerClock = new PeerClock(Math.Max(0, options[NetOptions.MaxTimeAdjustment]));
        Reconciliation reconciliation = new(Settings, logs);
        Handshake handshake = new(Settings, chainstate, Peers, reconciliation, misbehavior, PeerClock, clock, logs);
        AnswerCache = new AddressCache(Surroundings.Addresses, rules, clock, Surroundings.Random);
        LocalAnnouncement local = new(
            reach.Listens, Surroundings.Local, reach.Reachable, reach.ListenPort, clock, Surroundings.Random, logs.CreateLogger(LogCategory.Net));
        AddressRelay addresses = new(
            Surroundings.Addresses, AnswerCache, local, reach.Reachable, rules, misbehavior, handshake, chainstate, clock, Surroundings.Random, logs);
        var sporkSettings = SporkSettings.Read(options, chainstate.Network);
        _sporkKey = sporkSettings.Key;
        _sporkFile = Path.Combine(directory, "sporks.dat");
        Sporks = new SporkTable(chainstate.Network, sporkSettings.Signers, sporkSettings.MinimumSigners, clock);
        SporkFile.Load(_sporkFile, chainstate.Network, Sporks);
        FulfilledRequests fulfilled = new(chainstate.Network, clock);
        Sync = new MasternodeSync(
            chainstate, Peers, fulfilled, options[NetOptions.SyncMempool], !options[ChainOptions.DisableGovernance], clock, logs);
        ProtocolFamilies families = new(
            options, Settings, Peers, Totals, handshake, [reconciliation, addresses], chainstate, validation, mempool, misbehavior, Sporks, Sync,
            fulfilled, _configuration.Counts, filters, scheduler, () => Messages!.Wake(), clock, logs);
        (_hub, _fetch) = (families.Hub, families.Fetch);
        var capture = options[NetOptions.CaptureMessages] ? new MessageCapture(directory, clock) : null;
        Messages = new MessageLoop(Peers, families.All, misbehavior, Settings, chainstate.Events, logs)
        {
            Capture = capture,
            IsPatient = chainstate.AwaitsManyBlocks,
        };
        var (magic, netLog) = (chainstate.Network.Magic, logs.CreateLogger(LogCategory.Net));
        TransportFactory transports = new(magic) { CreateV2 = (peer, isInbound) => new V2Transport(!isInbound, magic, peer, netLog) };
        Admission = new PeerAdmission(Peers, rules, transports, Settings, _configuration.Counts, Totals, Messages.Wake, clock, logs)
        {
            Limits = new ConnectionLimits(
                1000 * Math.Max(1, options[NetOptions.MaxReceiveBuffer]), 1000 * Math.Max(1, options[NetOptions.MaxSendBuffer])),
            Capture = capture,
            Evict = new PeerEviction(Peers, Surroundings.Addresses.Groups, Surroundings.Random, logs).Evict,
        };
        SetActive(options[NetOptions.NetworkActive]);
        var port = (ushort)chainstate.Network.DefaultPort;
        NetDialer dialer = new(
            Peers, Surroundings.Addresses, Surroundings.Local, reach.Reachable, reach.Proxies, port, _configuration.DialTimeout, options[NetOptions.Dns], clock, logs)
        {
            Session = MakeSession(directory, clock),
            ListenPort = reach.ListenPort,
        };
        Opener = new PeerOpener(Peers, Admission, dialer, rules, Settings, logs);
        Added = new AddedPeers(Peers, Opener, (ushort)chainstate.Network.DefaultPort, clock, logs);
        var usesV2 = Settings.Services.HasFlag(Wire.ServiceFlags.P2pV2);
        foreach (var name in _configuration.AddedPeers)
        {
            Added.Add(new AddedPeer(name, usesV2));
        }

        if (dialer.Session is { } session)
        {
            _services.Add(new I2pListener(session, Admission, Surroundings.Local, clock, logs).RunAsync);
        }

        _search = new PeerSearch(
            options, _configuration, Surroundings, chainstate.Network, directory, Peers, Admission, Opener, Added,
            () => chainstate.IsInitialBlockDownload, clock, logs);
        (families.TipWatch.Outgoing, families.TipWatch.IsActive) = (_search.Automatic, () => Admission.IsActive);
        _services.AddRange(_search.Services);
        scheduler.Every("peers.dat", SaveInterval, _ =>
        {
            Surroundings.Save();
            return Task.CompletedTask;
        });
        _services.Add(Messages.RunAsync);
        _services.Add(new InactivityCheck(Peers, Settings, clock, logs).RunAsync);
        _services.Add(Added.RunAsync);
        if (_configuration.OnlyPeers is { Count: > 0 } only)
        {
            _services.Add(new FixedPeers(only, Opener, usesV2, clock, logs).RunAsync);
        }
    }

    /// <summary>What the node is among peers.</summary>
    public NetSettings Settings { get; }

    /// <summary>Addresses of others and our own, and who may what.</summary>
    public Surroundings Surroundings { get; }

    /// <summary>What peers get who ask for addresses.</summary>
    public AddressCache AnswerCache { get; }

    /// <summary>Connects by itself; null with -connect.</summary>
    public OutgoingConnections? Automatic => _search.Automatic;

    /// <summary>How many connections there may be.</summary>
    public ConnectionCounts Counts => _configuration.Counts;

    /// <summary>The peers.</summary>
    public PeerSet Peers { get; } = new();

    /// <summary>Bytes of all connections.</summary>
    public NetTotals Totals { get; }

    /// <summary>Takes peers in, and lets them go.</summary>
    public PeerAdmission Admission { get; }

    /// <summary>Connects to others.</summary>
    public PeerOpener Opener { get; }

    /// <summary>Whom the user wants to stay connected to.</summary>
    public AddedPeers Added { get; }

    /// <summary>The clocks of peers.</summary>
    public PeerClock PeerClock { get; }

    /// <summary>The switches of the network.</summary>
    public SporkTable Sporks { get; }

    /// <summary>How far the data beside the chain is in step with the peers.</summary>
    public MasternodeSync Sync { get; }

    /// <inheritdoc cref="NetConfiguration.Reduction"/>
    public string? Reduction => _configuration.Reduction;

    /// <summary>Handles messages.</summary>
    public MessageLoop Messages { get; }

    /// <summary>Opens the addresses at which peers connect.</summary>
    /// <returns>Why some of those that were asked for could not be opened.</returns>
    /// <exception cref="StartupException">None could be opened.</exception>
    public IReadOnlyList<string> Listen()
    {
        List<string> failures = [];
        foreach (var address in Surroundings.Reach.Listeners)
        {
            if (PeerListener.TryBind(address, _logs, out var failure) is { } listener)
            {
                _listeners.Add(listener);
                Surroundings.Listening(address);
                _services.Add(ct => listener.RunAsync(Admission, _clock, ct));
            }
            else if (address.IsRequired)
            {
                failures.Add(failure);
            }
        }

        if (Surroundings.Reach.Listeners.Count > 0 && _listeners.Count == 0)
        {
            throw new StartupException(string.Join("\nError: ", [.. failures, "Failed to listen on any port. Use -listen=0 if you want this."]));
        }

        Surroundings.Discover();
        return Surroundings.Reach.IsEverywhere ? [] : failures; // one of both kinds of addresses is enough
    }

    /// <summary>Speaks to peers until cancelled, then parts from them.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task[] running = [.. _services.Select(service => Task.Run(() => service(stop.Token), CancellationToken.None))];
        try
        {
            // The first that ends, ends all: either asked to, or because it failed.
            await (await Task.WhenAny(running).ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            foreach (var listener in _listeners)
            {
                listener.Dispose();
            }

            _search.KeepAnchors();
            await Admission.StopAsync().ConfigureAwait(false);
            Surroundings.Save();
            SporkFile.Save(_sporkFile, Settings.Network, Sporks);
            _sporkKey?.Dispose();
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Disconnects the peer of an address as text.</summary>
    /// <returns>False if there is none.</returns>
    public bool Disconnect(string address)
    {
        var peer = Peers.Find(address);
        if (peer is not null)
        {
            Connecting.Log.DisconnectByAddress(_connections, Settings.LogsAddresses ? "=" + address : "", peer.Id);
            peer.Disconnect();
        }

        return peer is not null;
    }

    /// <summary>Disconnects the peer of a number.</summary>
    /// <returns>False if there is none.</returns>
    public bool Disconnect(long id)
    {
        var peer = Peers.Find(id);
        if (peer is not null)
        {
            Connecting.Log.DisconnectById(_connections, peer.Id);
            peer.Disconnect();
        }

        return peer is not null;
    }

    /// <summary>Disconnects all peers of a range of addresses.</summary>
    public void Disconnect(NetSubnet range)
    {
        foreach (var peer in Peers.All.Where(peer => range.Contains(peer.Address.Address)))
        {
            var text = Settings.LogsAddresses ? "=" + range : "";
            Connecting.Log.DisconnectBySubnet(_connections, text, peer.Id);
            peer.Disconnect();
        }
    }

    /// <summary>Asks a peer for a block that is not here.</summary>
    /// <returns>Why it can't be asked; null if it was.</returns>
    public Task<string?> FetchBlockAsync(long peer, BlockNode node, CancellationToken ct) =>
        Messages.PostAsync(() => _fetch.Ask(peer, node), ct);

    /// <summary>Turns a switch of the network and tells the peers.</summary>
    /// <returns>False without the key for it.</returns>
    public bool UpdateSpork(int id, long value)
    {
        if (_sporkKey is null || Sporks.Sign(id, value, _sporkKey) is not { } message)
        {
            return false;
        }

        _hub.Enqueue(new InventoryItem(InventoryKind.Spork, message.Hash));
        Messages.Wake();
        return true;
    }

    /// <summary>Stops or goes on speaking to peers.</summary>
    public void SetActive(bool isActive)
    {
        Connecting.Log.NetworkActive(_general, isActive ? "true" : "false");
        Admission.IsActive = isActive;
    }

    private SamSession? MakeSession(string directory, Clock clock) =>
        Surroundings.Reach is { AcceptsI2p: true } reach && reach.Proxies.Find(NetworkKind.I2p) is { } bridge
            ? new SamSession(
                bridge, Path.Combine(directory, "i2p_private_key"), clock, _configuration.DialTimeout, _logs.CreateLogger(LogCategory.I2p))
            : null;
}
