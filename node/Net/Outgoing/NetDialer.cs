using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Connecting;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Proxies;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Outgoing;

/// <summary>Connects in every network: by TCP, through proxies and through I2P, each attempt noted with the address.</summary>
internal sealed class NetDialer : IPeerDialer, IAsyncDisposable
{
    private const int MostUnusedSessions = 10;

    private readonly PeerSet _peers;
    private readonly AddressManager _addresses;
    private readonly LocalAddresses _local;
    private readonly ReachableNetworks _reachable;
    private readonly ProxyTable _proxies;
    private readonly Socks5 _socks;
    private readonly ushort _defaultPort;
    private readonly TimeSpan _timeout;
    private readonly bool _asksNames;
    private readonly Clock _clock;
    private readonly ILogger _log;
    private readonly ILogger _general;
    private readonly ILogger _proxyLog;
    private readonly ILogger _i2pLog;
    private readonly ConcurrentQueue<SamSession> _unused = new();

    /// <summary>A dialer.</summary>
    public NetDialer(
        PeerSet peers,
        AddressManager addresses,
        LocalAddresses local,
        ReachableNetworks reachable,
        ProxyTable proxies,
        ushort defaultPort,
        TimeSpan timeout,
        bool asksNames,
        Clock clock,
        ILoggerFactory logs)
    {
        _peers = peers;
        _addresses = addresses;
        _local = local;
        _reachable = reachable;
        _proxies = proxies;
        _defaultPort = defaultPort;
        _timeout = timeout;
        _asksNames = asksNames;
        _clock = clock;
        _log = logs.CreateLogger(LogCategory.Net);
        _general = logs.CreateLogger(LogCategory.None);
        _proxyLog = logs.CreateLogger(LogCategory.Proxy);
        _i2pLog = logs.CreateLogger(LogCategory.I2p);
        _socks = new Socks5(clock, timeout, _general, _log, _proxyLog);
    }

    /// <summary>The session at whose address peers reach us by I2P; null if each call has a session of its own.</summary>
    public SamSession? Session { get; init; }

    /// <summary>The port at which we listen, by which we know ourselves.</summary>
    public ushort ListenPort { get; init; }

    /// <inheritdoc/>
    public async ValueTask<DialedConnection?> DialAsync(DialTarget target, bool isManual, CancellationToken ct)
    {
        if (target.Name is null)
        {
            return target.Endpoint.Port == ListenPort && _local.Contains(target.Endpoint.Address)
                ? null
                : await ConnectAsync(target.Endpoint, isManual, target.CountsFailure, ct).ConfigureAwait(false);
        }

        var found = await ResolveAsync(target.Name, ct).ConfigureAwait(false);
        if (found.Count == 0)
        {
            return await ConnectByNameAsync(target.Name, ct).ConfigureAwait(false);
        }

        foreach (var endpoint in found)
        {
            if (!endpoint.Address.IsValid)
            {
                Connecting.Log.InvalidResolution(_log, endpoint, target.Name);
                return null;
            }

            if (_peers.Find(endpoint) is not null)
            {
                Connecting.Log.AlreadyConnectedTo(_general, target.Name, endpoint);
                return null;
            }
        }

        var chosen = found[RandomNumberGenerator.GetInt32(found.Count)];
        return await ConnectAsync(chosen, isManual, target.CountsFailure, ct).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (_unused.TryDequeue(out var session))
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    // I2P has no ports.
    private ushort DefaultPortOf(string name) =>
        name.EndsWith(SpecialAddressText.I2pSuffix, StringComparison.OrdinalIgnoreCase) ? SamSession.Port : _defaultPort;

    private async ValueTask<IReadOnlyList<NetEndpoint>> ResolveAsync(string name, CancellationToken ct)
    {
        var defaultPort = DefaultPortOf(name);
        if (NetEndpoint.TryParse(name, defaultPort, out var endpoint))
        {
            return [_reachable.TakesCjdns ? endpoint.AsCjdns() : endpoint];
        }

        var (host, port) = HostPort.Split(name, defaultPort);
        if (!_asksNames || _proxies.ForNames is not null || Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            return [];
        }

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, ct).WaitAsync(_timeout, _clock, ct).ConfigureAwait(false);
            return [.. addresses.Select(address => new NetEndpoint(NetAddress.From(address), port))];
        }
        catch (Exception e) when (e is SocketException or ArgumentException or TimeoutException)
        {
            return [];
        }
    }

    // A proxy that is told names finds out itself; we never learn the address.
    private async ValueTask<DialedConnection?> ConnectByNameAsync(string name, CancellationToken ct)
    {
        if (_proxies.ForNames is not { } proxy)
        {
            return null;
        }

        var (host, port) = HostPort.Split(name, DefaultPortOf(name));
        var (stream, _) = await _socks.ConnectAsync(proxy, host, port, ct).ConfigureAwait(false);
        return stream is null ? null : new DialedConnection(stream, NetEndpoint.None, LocalOf(stream));
    }

    private async ValueTask<DialedConnection?> ConnectAsync(NetEndpoint endpoint, bool isManual, bool countsFailure, CancellationToken ct)
    {
        var proxy = _proxies.Find(endpoint.Address.Network);
        DialedConnection? dialed;
        var isProxyFault = false;
        if (endpoint.Address.Family == NetworkKind.I2p && proxy is not null)
        {
            (dialed, isProxyFault) = await ConnectByI2pAsync(proxy, endpoint, ct).ConfigureAwait(false);
        }
        else if (proxy is not null)
        {
            Log.UsingProxy(_proxyLog, proxy, endpoint.Address, endpoint.Port);
            var host = endpoint.Address.ToString();
            (var stream, isProxyFault) = await _socks.ConnectAsync(proxy, host, endpoint.Port, ct).ConfigureAwait(false);
            dialed = stream is null ? null : new DialedConnection(stream, endpoint, LocalOf(stream));
        }
        else
        {
            dialed = await ConnectDirectlyAsync(endpoint, isManual, ct).ConfigureAwait(false);
        }

        if (!isProxyFault)
        {
            _addresses.Attempt(endpoint, countsFailure);
        }

        return dialed;
    }

    private async ValueTask<(DialedConnection? Dialed, bool IsProxyFault)> ConnectByI2pAsync(ProxyAddress bridge, NetEndpoint endpoint, CancellationToken ct)
    {
        if (Session is not null)
        {
            var (shared, local, isFault) = await Session.ConnectAsync(endpoint, ct).ConfigureAwait(false);
            return (shared is null ? null : new DialedConnection(shared, endpoint, local), isFault);
        }

        // A session of its own for each connection: peers can't tell that they speak to the same node.
        if (!_unused.TryDequeue(out var session))
        {
            session = new SamSession(bridge, keyPath: null, _clock, _timeout, _i2pLog);
        }

        var (stream, own, isProxyFault) = await session.ConnectAsync(endpoint, ct).ConfigureAwait(false);
        if (stream is not null)
        {
            return (new DialedConnection(new OwningStream(stream, session), endpoint, own), isProxyFault);
        }

        if (_unused.Count < MostUnusedSessions)
        {
            _unused.Enqueue(session);
        }
        else
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }

        return (null, isProxyFault);
    }

    private async ValueTask<DialedConnection?> ConnectDirectlyAsync(NetEndpoint endpoint, bool isManual, CancellationToken ct)
    {
        if (endpoint.ToIPEndPoint() is not { } remote)
        {
            Log.UnsupportedNetwork(_general, endpoint);
            return null;
        }

        Socket socket = new(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using CancellationTokenSource limit = new(_timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(remote, either.Token).ConfigureAwait(false);
            NetworkStream stream = new(socket, ownsSocket: true);
            return new DialedConnection(stream, endpoint, LocalOf(stream));
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            socket.Dispose();
            var (address, reason) = (endpoint.ToString(), e is SocketException failure ? failure.Message : "timeout");
            if (isManual)
            {
                Connecting.Log.ManualConnectFailed(_general, address, reason);
            }
            else
            {
                Connecting.Log.ConnectFailed(_log, address, reason);
            }

            return null;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static NetEndpoint? LocalOf(Stream stream) =>
        stream is NetworkStream { Socket.LocalEndPoint: IPEndPoint local } ? NetEndpoint.From(local) : null;
}
