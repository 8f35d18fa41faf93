using System.Collections.Concurrent;
using System.Security.Cryptography;
using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Connecting;

/// <summary>Makes peers of connections, from both sides, and lets them run until they end. Any thread.</summary>
internal sealed class PeerAdmission
{
    private readonly ConcurrentDictionary<Peer, Task> _running = new();
    private readonly PeerSet _peers;
    private readonly IPeerRules _rules;
    private readonly TransportFactory _transports;
    private readonly NetSettings _settings;
    private readonly ConnectionCounts _counts;
    private readonly NetTotals _totals;
    private readonly Action _wake;
    private readonly Clock _clock;
    private readonly ILogger _log;
    private readonly ILogger _connections;
    private volatile bool _isActive = true;
    private volatile bool _isStopped;

    /// <summary>Nobody is there yet.</summary>
    public PeerAdmission(
        PeerSet peers,
        IPeerRules rules,
        TransportFactory transports,
        NetSettings settings,
        ConnectionCounts counts,
        NetTotals totals,
        Action wake,
        Clock clock,
        ILoggerFactory logs)
    {
        _peers = peers;
        _rules = rules;
        _transports = transports;
        _settings = settings;
        _counts = counts;
        _totals = totals;
        _wake = wake;
        _clock = clock;
        _log = logs.CreateLogger(LogCategory.Net);
        _connections = logs.CreateLogger(LogCategory.NetConn);
    }

    /// <summary>Sizes of the queues of a connection.</summary>
    public ConnectionLimits Limits { get; init; } = ConnectionLimits.Default;

    /// <summary>Writes down all messages, if it is there.</summary>
    public MessageCapture? Capture { get; init; }

    /// <summary>Makes room for one more that connected, if it can.</summary>
    public Func<bool>? Evict { get; set; }

    /// <summary>A peer that takes version 1 only was called with version 2: it is to be called again.</summary>
    public Action<Peer>? RetryWithV1 { get; set; }

    /// <summary>Whether there are peers at all; when this ends, so do they.</summary>
    public bool IsActive
    {
        get => _isActive && !_isStopped;
        set
        {
            _isActive = value;
            if (!value)
            {
                foreach (var peer in _peers.All)
                {
                    Log.NetworkInactive(_connections, peer.Id);
                    peer.Disconnect();
                }
            }
        }
    }

    /// <summary>Takes a peer that connected, or closes the connection.</summary>
    public async ValueTask AcceptAsync(
        Stream stream, NetEndpoint remote, NetEndpoint local, PeerPermissions ofListener, bool isOnion)
    {
        var permissions = _rules.PermissionsOf(remote, isInbound: true, ofListener);
        if (!MayEnter(remote, permissions, out var isDiscouraged))
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            return;
        }

        var services = _settings.Services | (permissions.HasFlag(PeerPermissions.BloomFilter) ? ServiceFlags.Bloom : 0);
        var id = _peers.NextId();
        var transport = _transports.Create(id, isInbound: true, useV2: services.HasFlag(ServiceFlags.P2pV2));
        Peer peer = new()
        {
            Id = id,
            Type = ConnectionType.Inbound,
            Connection = Connect(id, stream, transport),
            Address = remote,
            Name = remote.ToString(),
            Bind = local,
            Permissions = permissions,
            IsInboundOnion = isOnion,
            PrefersEviction = isDiscouraged,
            OurServices = services,
            Nonce = NewNonce(),
            ConnectedAt = _clock.UnixSeconds,
        };
        Add(peer);
        var from = _settings.LogsAddresses ? $"from {remote} " : "";
        Log.Accepted(_connections, from, id);
    }

    /// <summary>Takes a connection we made.</summary>
    public Peer Add(DialedConnection dialed, ConnectionType type, string? name, bool useV2)
    {
        var id = _peers.NextId();
        Peer peer = new()
        {
            Id = id,
            Type = type,
            Connection = Connect(id, dialed.Stream, _transports.Create(id, isInbound: false, useV2)),
            Address = dialed.Remote,
            Name = name ?? dialed.Remote.ToString(),
            Bind = dialed.Local,
            Permissions = _rules.PermissionsOf(dialed.Remote, isInbound: false, PeerPermissions.None),
            OurServices = _settings.Services,
            Nonce = NewNonce(),
            ConnectedAt = _clock.UnixSeconds,
        };
        Add(peer);
        return peer;
    }

    /// <summary>Ends all connections and waits for it.</summary>
    public async Task StopAsync()
    {
        _isStopped = true;
        while (!_running.IsEmpty)
        {
            foreach (var peer in _running.Keys)
            {
                peer.Disconnect();
            }

            await Task.WhenAll(_running.Values).ConfigureAwait(false);
        }
    }

    private bool MayEnter(NetEndpoint remote, PeerPermissions permissions, out bool isDiscouraged)
    {
        isDiscouraged = false;
        var from = _settings.LogsAddresses ? $"from {remote} " : "";
        if (!IsActive)
        {
            Log.NotAccepting(_connections, from);
            return false;
        }

        var isProtected = permissions.HasFlag(PeerPermissions.NoBan);
        if (!isProtected && _rules.IsBanned(remote.Address))
        {
            Log.Banned(_connections, from);
            return false;
        }

        var inbound = _peers.All.Count(static peer => peer.IsInbound && !peer.IsDisconnected);
        isDiscouraged = _rules.IsDiscouraged(remote.Address);
        if (!isProtected && isDiscouraged && inbound + 1 >= _counts.MaxInbound)
        {
            Log.Discouraged(_connections, remote);
            return false;
        }

        for (; inbound >= _counts.MaxInbound; inbound--)
        {
            if (Evict is null || !Evict())
            {
                Log.Full(_connections);
                return false;
            }
        }

        return true;
    }

    private PeerConnection Connect(long id, Stream stream, IPeerTransport transport) =>
        new(id, stream, transport, Limits, _totals, _clock, _log, _wake);

    private void Add(Peer peer)
    {
        if (_settings.LogsAddresses)
        {
            Log.AddedTo(_log, peer.Name, peer.Id);
        }
        else
        {
            Log.Added(_log, peer.Id);
        }

        if (Capture is { } capture)
        {
            peer.Connection.Capture = (type, payload) => capture.Write(peer.Address, type, payload.Span, isIncoming: false);
        }

        _peers.Add(peer);
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[peer] = RunAsync(peer, started.Task);
        started.SetResult();
        _wake();
    }

    private async Task RunAsync(Peer peer, Task started)
    {
        await started.ConfigureAwait(false);
        peer.Connection.Ending = () => _peers.Remove(peer);
        await peer.Connection.RunAsync().ConfigureAwait(false);
        _running.TryRemove(peer, out _);
        _wake();
        if (!peer.IsInbound && !peer.IsHandshakeDone && IsActive && peer.Connection.Transport.ShouldRetryWithV1)
        {
            Log.RetryingWithV1(_log, peer.Id);
            RetryWithV1?.Invoke(peer);
        }
    }

    private static ulong NewNonce()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BitConverter.ToUInt64(bytes);
    }
}
