using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Dash.Common.Concurrency;
using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Node.Net.Addresses;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Proxies;

/// <summary>
/// Asks Tor, by its control port, for an onion service that leads to us, and keeps it as long as the connection lasts.
/// Tries again the more patiently the longer nobody answers.
/// </summary>
/// <param name="control">The control port.</param>
/// <param name="password">Its password; empty for none.</param>
/// <param name="keyPath">Where the service's key is kept, so that it stays the same.</param>
/// <param name="servicePort">The port others see.</param>
/// <param name="target">Where those who come arrive.</param>
/// <param name="proxies">Gets Tor's proxy if there is none for onion addresses.</param>
/// <param name="reachable">Gets the onion network then.</param>
/// <param name="local">Is told the service's address.</param>
/// <param name="clock">The time.</param>
/// <param name="logs">Where it is told.</param>
internal sealed class TorController(
    ProxyAddress control,
    string password,
    string keyPath,
    ushort servicePort,
    NetEndpoint target,
    ProxyTable proxies,
    ReachableNetworks? reachable,
    LocalAddresses local,
    Clock clock,
    ILoggerFactory logs)
{
    private const int MaxLine = 100_000;
    private const int MaxReplyLines = 1000;
    private const int CookieSize = 32;
    private const ushort DefaultSocksPort = 9050;
    private const double Patience = 1.5;
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(20);

    private readonly ILogger _log = logs.CreateLogger(LogCategory.Tor);
    private readonly ILogger _general = logs.CreateLogger(LogCategory.None);

    /// <summary>Keeps the service until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        for (var wait = FirstWait; !ct.IsCancellationRequested; wait = wait * Patience < LongestWait ? wait * Patience : LongestWait)
        {
            try
            {
                await using var stream = await control.ConnectAsync(ConnectTimeout, clock, ct).ConfigureAwait(false);
                wait = FirstWait;
                await ServeAsync(stream, ct).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or SocketException or InvalidDataException or UnauthorizedAccessException
                || (e is OperationCanceledException && !ct.IsCancellationRequested))
            {
                Log.TorFailed(_log, control, e.Message);
            }

            await Task.Delay(wait, clock, ct).ConfigureAwait(false);
        }
    }

    private static async Task<TorReply> AskAsync(LineReader reader, Stream stream, string command, CancellationToken ct)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"), ct).ConfigureAwait(false);
        List<string> lines = [];
        while (true)
        {
            // "250-more", "250+data follows", "250 last"
            var line = await reader.ReadAsync(ct).ConfigureAwait(false) ?? throw new EndOfStreamException("Tor hung up");
            if (line.Length < 4 || lines.Count >= MaxReplyLines || !int.TryParse(line.AsSpan(0, 3), out var code))
            {
                throw new InvalidDataException("Tor answered something else");
            }

            lines.Add(line[4..]);
            if (line[3] == ' ')
            {
                return new TorReply(code, lines);
            }
        }
    }

    private async Task ServeAsync(Stream stream, CancellationToken ct)
    {
        LineReader reader = new(stream, MaxLine);
        await AuthenticateAsync(reader, stream, ct).ConfigureAwait(false);
        Log.TorConnected(_log, control);
        if (reachable is not null && proxies.Find(NetworkKind.Onion) is null)
        {
            await FindProxyAsync(reader, stream, reachable, ct).ConfigureAwait(false);
        }

        var key = File.Exists(keyPath) ? (await File.ReadAllTextAsync(keyPath, ct).ConfigureAwait(false)).Trim() : "NEW:ED25519-V3";
        if (key.Any(char.IsWhiteSpace))
        {
            throw new InvalidDataException($"{keyPath} holds no key");
        }

        var reply = await AskAsync(reader, stream, $"ADD_ONION {key} Port={servicePort},{target}", ct).ConfigureAwait(false);
        if (!reply.IsGood || reply.Find("ServiceID") is not { } id || !NetAddress.TryParse(id + ".onion", out var address))
        {
            throw new InvalidDataException(reply.Code == 510 ? "Tor knows no onion services of version 3" : $"Tor made no service ({reply.Code})");
        }

        if (reply.Find("PrivateKey") is { } made)
        {
            await KeepAsync(made, ct).ConfigureAwait(false);
        }

        NetEndpoint service = new(address, servicePort);
        Log.TorService(_general, service);
        local.Add(service, LocalScore.Manual);
        try
        {
            // The service lives as long as the connection; nothing more is said on it.
            while (await reader.ReadAsync(ct).ConfigureAwait(false) is not null)
            {
            }
        }
        finally
        {
            local.Remove(address);
        }
    }

    private async Task AuthenticateAsync(LineReader reader, Stream stream, CancellationToken ct)
    {
        var info = await AskAsync(reader, stream, "PROTOCOLINFO 1", ct).ConfigureAwait(false);
        var methods = info.Find("METHODS")?.Split(',') ?? [];
        TorReply reply;
        if (password.Length > 0 && methods.Contains("HASHEDPASSWORD", StringComparer.Ordinal))
        {
            reply = await AskAsync(reader, stream, "AUTHENTICATE " + TorReply.Quote(password), ct).ConfigureAwait(false);
        }
        else if (methods.Contains("NULL", StringComparer.Ordinal))
        {
            reply = await AskAsync(reader, stream, "AUTHENTICATE", ct).ConfigureAwait(false);
        }
        else if (methods.Contains("SAFECOOKIE", StringComparer.Ordinal) && info.Find("COOKIEFILE") is { } path)
        {
            reply = await ProveCookieAsync(reader, stream, path, ct).ConfigureAwait(false);
        }
        else
        {
            throw new InvalidDataException("Tor takes no way of authentication that is known here; -torpassword may help");
        }

        if (!reply.IsGood)
        {
            throw new InvalidDataException("Tor refused the authentication");
        }
    }

    // Both ends prove that they can read the cookie, and neither shows it.
    private static async Task<TorReply> ProveCookieAsync(LineReader reader, Stream stream, string path, CancellationToken ct)
    {
        var cookie = await File.ReadAllBytesAsync(path, ct).ConfigureAwait(false);
        if (cookie.Length != CookieSize)
        {
            throw new InvalidDataException("Tor's cookie is not of 32 bytes");
        }

        var ours = RandomNumberGenerator.GetBytes(CookieSize);
        var challenge = await AskAsync(reader, stream, "AUTHCHALLENGE SAFECOOKIE " + Convert.ToHexStringLower(ours), ct).ConfigureAwait(false);
        var (hash, nonce) = (challenge.Find("SERVERHASH"), challenge.Find("SERVERNONCE"));
        if (!challenge.IsGood || hash is not { Length: 2 * CookieSize } || nonce is not { Length: 2 * CookieSize }
            || !hash.All(char.IsAsciiHexDigit) || !nonce.All(char.IsAsciiHexDigit))
        {
            throw new InvalidDataException("Tor answered the challenge with something else");
        }

        byte[] proved = [.. cookie, .. ours, .. Convert.FromHexString(nonce)];
        var expected = HMACSHA256.HashData("Tor safe cookie authentication server-to-controller hash"u8, proved);
        if (!CryptographicOperations.FixedTimeEquals(expected, Convert.FromHexString(hash)))
        {
            throw new InvalidDataException("Tor does not know its cookie");
        }

        var answer = HMACSHA256.HashData("Tor safe cookie authentication controller-to-server hash"u8, proved);
        CryptographicOperations.ZeroMemory(proved);
        CryptographicOperations.ZeroMemory(cookie);
        return await AskAsync(reader, stream, "AUTHENTICATE " + Convert.ToHexStringLower(answer), ct).ConfigureAwait(false);
    }

    private async Task FindProxyAsync(LineReader reader, Stream stream, ReachableNetworks networks, CancellationToken ct)
    {
        var reply = await AskAsync(reader, stream, "GETINFO net/listeners/socks", ct).ConfigureAwait(false);
        var listeners = (reply.Find("net/listeners/socks") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var address = control.Endpoint?.Address ?? NetAddress.From(System.Net.IPAddress.Loopback);
        NetEndpoint socks = new(address, DefaultSocksPort);
        foreach (var text in listeners)
        {
            if (NetEndpoint.TryParse(text.Trim('"'), DefaultSocksPort, out var endpoint) && (endpoint.Address.IsLocal || socks.Port == DefaultSocksPort))
            {
                socks = endpoint;
            }
        }

        proxies.Set(NetworkKind.Onion, ProxyAddress.At(socks) with { RandomizesCredentials = true });
        networks.Add(NetworkKind.Onion);
        Log.TorProxy(_log, socks);
    }

    private async Task KeepAsync(string key, CancellationToken ct)
    {
        await using var file = OwnerOnlyFile.Create(keyPath, FileMode.Create);
        await file.WriteAsync(Encoding.ASCII.GetBytes(key), ct).ConfigureAwait(false);
    }
}
