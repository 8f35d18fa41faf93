using Dash.Common.Hosting;
using Dash.Common.Logging;
using Dash.Common.Options;
using Dash.Common.Time;
using Dash.Node.Chain;
using Dash.Node.Mempool;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Connecting;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Peers;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net;

/// <summary>The node among its peers: builds the parts that speak to them, and runs them.</summary>
internal sealed class PeerNetwork
{
    private readonly NetConfiguration _configuration;
    private readonly List<PeerListener> _listeners = [];
    private readonly List<Func<CancellationToken, Task>> _services = [];
    private readonly ILoggerFactory _logs;
    private readonly ILogger _connections;
    private readonly ILogger _general;

    /// <summary>Builds the parts; nothing is listened to yet.</summary>
    /// <exception cref="StartupException">The options make no sense.</exception>
    public PeerNetwork(Options options, Chainstate chainstate, Validation validation, MempoolGate mempool, Clock clock, ILoggerFactory logs)
    {
        _logs = logs;
        _connections = logs.CreateLogger(LogCategory.NetConn);
        _general = logs.CreateLogger(LogCategory.None);
        _configuration = new NetConfiguration(options, chainstate.Network);
        Settings = _configuration.Settings;
        Totals = new NetTotals(new UploadTarget(_configuration.UploadLimit, clock));
        IPeerRules rules = new OpenPeerRules();
        Misbehavior misbehavior = new(Peers, rules, logs);
        Handshake handshake = new(Settings, chainstate, Peers, misbehavior, PeerClock, clock, logs);
        Messages = new MessageLoop(Peers, [handshake, new Pings(Settings, clock, logs)], misbehavior, Settings, clock, logs);
        TransportFactory transports = new(chainstate.Network.Magic);
        Admission = new PeerAdmission(Peers, rules, transports, Settings, _configuration.Counts, Totals, Messages.Wake, clock, logs)
        {
            Limits = new ConnectionLimits(
                1000 * Math.Max(1, options[NetOptions.MaxReceiveBuffer]), 1000 * Math.Max(1, options[NetOptions.MaxSendBuffer])),
            IsActive = options[NetOptions.NetworkActive],
        };
        DirectDialer dialer = new(Peers, (ushort)chainstate.Network.DefaultPort, _configuration.DialTimeout, options[NetOptions.Dns], logs);
        Opener = new PeerOpener(Peers, Admission, dialer, rules, Settings, logs);
        Added = new AddedPeers(Peers, Opener, (ushort)chainstate.Network.DefaultPort, clock, logs);
        var usesV2 = Settings.Services.HasFlag(Wire.ServiceFlags.P2pV2);
        foreach (var name in _configuration.AddedPeers)
        {
            Added.Add(new AddedPeer(name, usesV2));
        }

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
    public PeerClock PeerClock { get; } = new();

    /// <summary>Handles messages.</summary>
    public MessageLoop Messages { get; }

    /// <summary>Opens the addresses at which peers connect.</summary>
    /// <exception cref="StartupException">None could be opened.</exception>
    public void Listen()
    {
        var failures = "";
        foreach (var address in _configuration.Listeners)
        {
            if (PeerListener.TryBind(address, _logs, out var failure) is { } listener)
            {
                _listeners.Add(listener);
                _services.Add(ct => listener.RunAsync(Admission, ct));
            }
            else if (address.IsRequired)
            {
                failures += failure + "\nError: ";
            }
        }

        if (_configuration.Listeners.Count > 0 && _listeners.Count == 0)
        {
            throw new StartupException(failures + "Failed to listen on any port. Use -listen=0 if you want this.");
        }
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

            await Admission.StopAsync().ConfigureAwait(false);
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

    /// <summary>Stops or goes on speaking to peers.</summary>
    public void SetActive(bool isActive)
    {
        Connecting.Log.NetworkActive(_general, isActive ? "true" : "false");
        Admission.IsActive = isActive;
    }
}
