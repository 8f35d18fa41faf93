using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Dash.Common.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Settled = Microsoft.Extensions.Options.Options;

namespace Dash.Rpc.Http;

/// <summary>
/// A listener of its own for those who watch the daemon: is it alive, is it ready, and numbers about it. Whoever reaches it
/// may ask; it says nothing about money, addresses or names. That it answers at all is what "live" means: it depends on no
/// queue, no wallet and no node.
/// </summary>
public sealed class HealthEndpoint : IAsyncDisposable
{
    private const int MaxConnections = 64;

    private readonly KestrelServer _server;

    private HealthEndpoint(KestrelServer server, IPEndPoint endPoint)
    {
        _server = server;
        EndPoint = endPoint;
    }

    /// <summary>Where it listens; with port 0 the port that was given.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Opens the port.</summary>
    /// <param name="bind">Address and port.</param>
    /// <param name="report">How the daemon is; must answer at once.</param>
    /// <param name="metrics">Writes the numbers.</param>
    /// <param name="ct">Gives up starting.</param>
    /// <exception cref="StartupException">It cannot listen there.</exception>
    public static async Task<HealthEndpoint> StartAsync(
        string bind, Func<HealthReport> report, Action<MetricsText> metrics, CancellationToken ct)
    {
        var (host, port) = BindAddresses.Split(bind);
        if (!IPAddress.TryParse(host, out var address) || port is not { } number)
        {
            throw new StartupException($"Invalid -healthbind={bind}: it must be an address and a port, as 127.0.0.1:9900");
        }

        KestrelServerOptions options = new() { AddServerHeader = false };
        options.Limits.MaxConcurrentConnections = MaxConnections;
        options.Limits.MaxRequestBodySize = 0;
        ListenOptions? listening = null;
        options.Listen(address, number, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listening = listen;
        });
        SocketTransportFactory sockets = new(Settled.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        KestrelServer server = new(Settled.Create(options), sockets, NullLoggerFactory.Instance);
        try
        {
            await server.StartAsync(new Application(report, metrics), ct);
            return new HealthEndpoint(
                server, listening?.IPEndPoint ?? throw new InvalidOperationException("Kestrel did not take the address"));
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            server.Dispose();
            throw new StartupException($"Cannot listen at -healthbind={bind}: {e.Message}", e);
        }
    }

    /// <summary>Closes the port.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
    }

    private sealed class Application(Func<HealthReport> report, Action<MetricsText> metrics) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public async Task ProcessRequestAsync(HttpContext context)
        {
            var (status, type, body) = (context.Request.Method, context.Request.Path.Value) switch
            {
                ("GET" or "HEAD", "/health/live") => (StatusCodes.Status200OK, "application/json", "{\"status\":\"live\"}\n"),
                ("GET" or "HEAD", "/health/ready") => Report(static health => health.IsStarted && health.IsReady),
                ("GET" or "HEAD", "/health/startup") => Report(static health => health.IsStarted),
                ("GET" or "HEAD", "/metrics") => (StatusCodes.Status200OK, "text/plain; version=0.0.4; charset=utf-8", Metrics()),
                ("GET" or "HEAD", _) => (StatusCodes.Status404NotFound, "text/plain", "not found\n"),
                _ => (StatusCodes.Status405MethodNotAllowed, "text/plain", "only GET\n"),
            };
            var bytes = Encoding.UTF8.GetBytes(body);
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            context.Response.ContentLength = bytes.Length;
            context.Response.Headers.CacheControl = "no-store";
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                await context.Response.BodyWriter.WriteAsync(bytes, context.RequestAborted);
            }
        }

        public void DisposeContext(HttpContext context, Exception? exception)
        {
            // The context owns nothing.
        }

        private (int Status, string Type, string Body) Report(Func<HealthReport, bool> isGood)
        {
            var health = report();
            using MemoryStream buffer = new();
            using (Utf8JsonWriter writer = new(buffer))
            {
                writer.WriteStartObject();
                writer.WriteString("status", isGood(health) ? "ok" : "unavailable");
                writer.WriteString("state", health.State);
                if (health.Reason is { } reason)
                {
                    writer.WriteString("reason", reason);
                }

                if (health.Remarks.Count > 0)
                {
                    writer.WriteStartArray("remarks");
                    foreach (var remark in health.Remarks)
                    {
                        writer.WriteStringValue(remark);
                    }

                    writer.WriteEndArray();
                }

                writer.WriteEndObject();
            }

            var status = isGood(health) ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return (status, "application/json", string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetString(buffer.ToArray())}\n"));
        }

        private string Metrics()
        {
            MetricsText text = new();
            metrics(text);
            text.Process();
            return text.ToString();
        }
    }
}
