using System.Globalization;
using Dash.Common.Time;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Proxies;

/// <summary>
/// Asks a proxy for a connection, by SOCKS5 (RFC 1928) with or without a user name (RFC 1929). The target always goes as
/// a name, so that the proxy resolves it and sees what it is.
/// </summary>
internal sealed class Socks5(Clock clock, TimeSpan connectTimeout, ILogger log, ILogger netLog, ILogger proxyLog)
{
    private const byte Version = 5;
    private const byte NoAuthentication = 0;
    private const byte UserAndPassword = 2;
    private const byte AuthenticationVersion = 1;
    private const byte ConnectCommand = 1;
    private const byte ByName = 3;
    private const int MaxName = 255;

    // Tor takes its time.
    private static readonly TimeSpan ReplyTimeout = TimeSpan.FromSeconds(20);

    private int _nextCredential = -1;

    /// <summary>Connects through a proxy.</summary>
    /// <param name="proxy">The proxy.</param>
    /// <param name="host">The target: an address or a name.</param>
    /// <param name="port">Its port.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The connection, or null and whether it was the proxy that could not be reached.</returns>
    public async Task<(Stream? Stream, bool IsProxyFault)> ConnectAsync(ProxyAddress proxy, string host, ushort port, CancellationToken ct)
    {
        Stream stream;
        try
        {
            stream = await proxy.ConnectAsync(connectTimeout, clock, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (IsFailure(e, ct))
        {
            Log.ProxyUnreachable(proxyLog, proxy, e.Message);
            return (null, true);
        }

        var credential = proxy.RandomizesCredentials
            ? Interlocked.Increment(ref _nextCredential).ToString(CultureInfo.InvariantCulture)
            : null;
        using CancellationTokenSource limit = new(ReplyTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            await NegotiateAsync(stream, host, port, credential, either.Token).ConfigureAwait(false);
            return (stream, false);
        }
        catch (Exception e) when (IsFailure(e, ct) || e is InvalidDataException)
        {
            Log.Socks5Failed(log, host, port, e.Message);
        }

        await stream.DisposeAsync().ConfigureAwait(false);
        return (null, false);
    }

    private static bool IsFailure(Exception e, CancellationToken ct) =>
        e is IOException or System.Net.Sockets.SocketException || (e is OperationCanceledException && !ct.IsCancellationRequested);

    private static string Describe(byte reply) => reply switch
    {
        1 => "general failure",
        2 => "connection not allowed",
        3 => "network unreachable",
        4 => "host unreachable",
        5 => "connection refused",
        6 => "TTL expired",
        7 => "protocol error",
        8 => "address type not supported",
        _ => "unknown",
    };

    private async Task NegotiateAsync(Stream stream, string host, ushort port, string? credential, CancellationToken ct)
    {
        Log.Socks5Connecting(netLog, host);
        var name = System.Text.Encoding.UTF8.GetBytes(host);
        if (name.Length > MaxName)
        {
            throw new InvalidDataException("Hostname too long");
        }

        byte[] hello = credential is null ? [Version, 1, NoAuthentication] : [Version, 2, NoAuthentication, UserAndPassword];
        await stream.WriteAsync(hello, ct).ConfigureAwait(false);
        var reply = new byte[MaxName];
        await stream.ReadExactlyAsync(reply.AsMemory(0, 2), ct).ConfigureAwait(false);
        Require(reply[0] == Version, "Proxy failed to initialize");
        if (reply[1] == UserAndPassword && credential is not null)
        {
            await AuthenticateAsync(stream, credential, ct).ConfigureAwait(false);
        }
        else
        {
            Require(reply[1] == NoAuthentication, $"Proxy requested wrong authentication method {reply[1]:x2}");
        }

        byte[] request = [Version, ConnectCommand, 0, ByName, (byte)name.Length, .. name, (byte)(port >> 8), (byte)port];
        await stream.WriteAsync(request, ct).ConfigureAwait(false);
        await stream.ReadExactlyAsync(reply.AsMemory(0, 4), ct).ConfigureAwait(false);
        Require(reply[0] == Version, "Proxy failed to accept request");
        Require(reply[1] == 0, Describe(reply[1]));
        Require(reply[2] == 0, "Error: malformed proxy response");

        // The address the proxy bound, of which nothing is made.
        var kind = reply[3];
        if (kind == ByName)
        {
            await stream.ReadExactlyAsync(reply.AsMemory(0, 1), ct).ConfigureAwait(false);
        }

        var length = kind switch { 1 => 4, ByName => reply[0], 4 => 16, _ => -1 };
        Require(length >= 0, "Error: malformed proxy response");
        await stream.ReadExactlyAsync(reply.AsMemory(0, length), ct).ConfigureAwait(false);
        await stream.ReadExactlyAsync(reply.AsMemory(0, 2), ct).ConfigureAwait(false);
        Log.Socks5Connected(netLog, host);
    }

    private async Task AuthenticateAsync(Stream stream, string credential, CancellationToken ct)
    {
        var text = System.Text.Encoding.ASCII.GetBytes(credential);
        byte[] request = [AuthenticationVersion, (byte)text.Length, .. text, (byte)text.Length, .. text];
        await stream.WriteAsync(request, ct).ConfigureAwait(false);
        Log.Socks5Authenticating(proxyLog, credential, credential); // no secret: a number that keeps paths apart
        var reply = new byte[2];
        await stream.ReadExactlyAsync(reply, ct).ConfigureAwait(false);
        Require(reply[0] == AuthenticationVersion && reply[1] == 0, "Proxy authentication unsuccessful");
    }

    private static void Require(bool isGood, string otherwise)
    {
        if (!isGood)
        {
            throw new InvalidDataException(otherwise);
        }
    }
}
