using System.Net;
using System.Net.Sockets;
using Dash.Common.Hosting;
using Dash.Common.Options;
using Dash.Rpc.Dispatch;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Settled = Microsoft.Extensions.Options.Options;

namespace Dash.Rpc.Http;

/// <summary>
/// The HTTP server. Kestrel without host and container: it installs no signal handlers and prints nothing. One server an
/// address, because a machine may lack one of them (IPv6) and must still be served on the others.
/// </summary>
public sealed class RpcEndpoint : IAsyncDisposable
{
    // Core: 32 MiB of body, 8 KiB of headers.
    private const int MaxBody = 0x02000000;
    private const int MaxHeaders = 8192;

    // Kestrel's own limit of the request line is higher, so that RpcHttp answers an overlong one with Core's status.
    private const int MaxRequestLine = 65536;

    // A port that the system gave for one address may be taken at another.
    private const int AnyPortTries = 4;

    // Connections that have a thread: many clients, and some 50 kB for each while it is connected. Of one user not so many that they
    // would keep others from a core.
    private const int ThreadsAtMost = 64;
    private const int ThreadsOfOne = 8;

    // Calls under way end by themselves; after the first span they are told to stop, after the second cut off: a client that never
    // sends the rest of its request, or never takes its answer, would be waited for. A process has five seconds to end, and letting go of
    // a node that stands still takes two.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly List<KestrelServer> _servers = [];
    private readonly List<IPEndPoint> _endPoints = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lanes _lanes;
    private readonly RpcAuth _auth;
    private readonly TimeProvider _time;
    private readonly HttpLog _log;
    private readonly int _maxConnections;
    private readonly ConnectionCrowd? _crowd; // null where the system has no such thing

    private RpcEndpoint(Lanes lanes, RpcAuth auth, TimeProvider time, HttpLog log, int maxConnections)
    {
        _maxConnections = Math.Max(maxConnections, 1);
        _crowd = OperatingSystem.IsLinux() ? new ConnectionCrowd(ThreadsAtMost, ThreadsOfOne, _maxConnections, _stopping.Token) : null;
        _lanes = lanes;
        _auth = auth;
        _time = time;
        _log = log;
    }

    /// <summary>Where it listens; with port 0 the port that was given.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => _endPoints;

    /// <summary>Calls that wait for a place.</summary>
    public long Waiting => _lanes.Waiting;

    /// <summary>Writes numbers about queues.</summary>
    public void WriteMetrics(MetricsText text)
    {
        text.Gauge("dash_rpc_waiting", "Calls that wait for a place.", _lanes.Waiting);
        text.Counter("dash_rpc_refused_total", "Calls refused with 503 because a queue was full or a user had too many.", _lanes.Refused);
    }

    /// <summary>Opens the ports and serves from then on; before the daemon is ready the dispatcher refuses.</summary>
    /// <param name="options">Those of <see cref="HttpOptions"/>.</param>
    /// <param name="dispatcher">Answers.</param>
    /// <param name="time">For delays and timeouts.</param>
    /// <param name="defaults">Port and cookie file when no option names them.</param>
    /// <param name="logs">Where its lines go.</param>
    /// <param name="ct">Gives up starting.</param>
    /// <param name="streams">Events that clients may follow; null for none.</param>
    /// <param name="pages">Pages without password; null for none.</param>
    /// <exception cref="StartupException">With the text for the user; the log says more.</exception>
    /// <exception cref="OptionException">An option has no meaning.</exception>
    public static async Task<RpcEndpoint> StartAsync(
        Options options,
        RpcDispatcher dispatcher,
        RpcEndpointDefaults defaults,
        TimeProvider time,
        ILoggerFactory logs,
        CancellationToken ct,
        IEventStreams? streams = null,
        IOpenPages? pages = null)
    {
        HttpLog log = new(logs);
        AllowedNetworks networks = new(options[HttpOptions.AllowIp]);
        if (log.Http.IsEnabled(LogLevel.Debug))
        {
            log.Http.Allowing(networks.ToString());
        }

        var addresses = BindAddresses.From(options, defaults.Port, log.General);
        var threads = Math.Max(options[HttpOptions.Threads], 1);
        var externalUsers = options[HttpOptions.ExternalUsers]?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
        Lanes lanes = new(
            threads, options[HttpOptions.WorkQueue], externalUsers, options[HttpOptions.ExternalWorkQueue], options[HttpOptions.UserLimit],
            new LaneLimits(
                options[HttpOptions.WaitLimit], options[HttpOptions.RescanLimit], options[HttpOptions.LoadLimit], options[HttpOptions.StreamLimit]));
        RpcEndpoint endpoint = new(lanes, RpcAuth.Create(options, defaults.CookieFile, log.General), time, log, options[HttpOptions.MaxConnections]);
        try
        {
            RpcHttp http = new(
                dispatcher, endpoint._auth, networks, new HostCheck(options[HttpOptions.AllowHost]), lanes, time, log)
            {
                Stopping = endpoint._stopping.Token,
                Streams = streams is null ? null : new EventStreamHttp(streams, dispatcher, lanes, time),
                Pages = pages,
            };
            var silence = TimeSpan.FromSeconds(Math.Max(options[HttpOptions.ServerTimeout], 1));
            for (var tries = AnyPortTries; !await endpoint.BindAllAsync(addresses, http, silence, ct) && tries > 1; tries--)
            {
                await endpoint.CloseAsync();
            }

            if (endpoint._endPoints.Count == 0)
            {
                log.General.NothingBound();
                throw RpcAuth.CannotStart();
            }

            log.General.Starting(threads);
            return endpoint;
        }
        catch
        {
            await endpoint.DisposeAsync();
            throw;
        }
    }

    /// <summary>Serves until told to stop, then answers what is under way, in bounded time.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, _time, ct)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _log.Http.Stopping();
        using CancellationTokenSource patience = new(Patience, _time);
        var stopped = Task.WhenAll(_servers.Select(server => server.StopAsync(patience.Token)));
        if (await Task.WhenAny(stopped, Task.Delay(Grace, _time, CancellationToken.None)) != stopped)
        {
            await _stopping.CancelAsync();
        }

        await stopped;
        _log.Http.Stopped();
    }

    /// <summary>Closes the ports at once and removes the cookie.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await CloseAsync();
        _crowd?.Dispose();
        _auth.Dispose();
        _stopping.Dispose();
    }

    private async Task CloseAsync()
    {
        foreach (var server in _servers)
        {
            await server.StopAsync(new CancellationToken(canceled: true));
            server.Dispose();
        }

        _servers.Clear();
        _endPoints.Clear();
    }

    // With port 0 all addresses get the port that the first was given; false if that is taken at another one.
    private async Task<bool> BindAllAsync(
        IReadOnlyList<(string Shown, IPEndPoint Address)> addresses, RpcHttp http, TimeSpan silence, CancellationToken ct)
    {
        var isWhole = true;
        foreach (var (shown, address) in addresses)
        {
            var isGiven = address.Port == 0 && _endPoints.Count > 0;
            isWhole &= await BindAsync(shown, address, http, silence, ct) || !isGiven;
        }

        return isWhole;
    }

    private async Task<bool> BindAsync(
        string shown, IPEndPoint address, RpcHttp http, TimeSpan silence, CancellationToken ct)
    {
        var port = address.Port == 0 && _endPoints.Count > 0 ? _endPoints[0].Port : address.Port;
        _log.General.Binding(shown, port);
        KestrelServerOptions options = new() { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = MaxBody;
        options.Limits.MaxRequestHeadersTotalSize = MaxHeaders;
        options.Limits.MaxRequestHeaderCount = MaxHeaders; // their size is the limit
        options.Limits.MaxRequestLineSize = MaxRequestLine;
        options.Limits.MaxConcurrentConnections = _crowd is null ? _maxConnections : null; // it counts them itself
        options.Limits.KeepAliveTimeout = silence;
        options.Limits.RequestHeadersTimeout = silence;
        ListenOptions? listening = null;
        options.Listen(address.Address, port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listening = listen;
        });

        IConnectionListenerFactory sockets = _crowd is not null
            ? new ConnectionThreads(_crowd, _time)
            : new SocketTransportFactory(Settled.Create(ConnectionThreads.Shared()), NullLoggerFactory.Instance);
        KestrelServer server = new(Settled.Create(options), sockets, NullLoggerFactory.Instance);
        try
        {
            await server.StartAsync(new Application(http), ct);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            server.Dispose();
            _log.General.BindingFailed(shown, port);
            return false;
        }

        _servers.Add(server);
        var bound = listening?.IPEndPoint ?? throw new InvalidOperationException("Kestrel did not take the address");
        _endPoints.Add(bound);
        _log.Http.Bound(bound);
        if (IPAddress.Any.Equals(address.Address) || IPAddress.IPv6Any.Equals(address.Address))
        {
            _log.General.NotSafeToExpose();
        }

        return true;
    }

    /// <summary>What Kestrel calls for each request.</summary>
    private sealed class Application(RpcHttp http) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => http.HandleAsync(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
            // The context owns nothing.
        }
    }
}
