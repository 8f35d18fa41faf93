using System.Security.Cryptography;
using System.Text;
using Dash.Common.Hosting;
using Dash.Common.Options;
using Dash.Primitives.Keys;
using Microsoft.Extensions.Logging;

namespace Dash.Rpc.Http;

/// <summary>
/// Who a caller is, by the <c>Authorization</c> header. One user has the cookie or <c>-rpcuser</c>/<c>-rpcpassword</c>;
/// others have hashed passwords (<c>-rpcauth</c>). Every check looks at all entries, in constant time. Any thread.
/// Disposing removes the cookie file it made.
/// </summary>
public sealed class RpcAuth : IDisposable
{
    private const string Scheme = "Basic ";

    // So many callers who were right before are known again without hashing.
    private const int ProvenKept = 8;

    private readonly SecretBytes _single;
    private readonly IReadOnlyList<Entry> _entries;
    private readonly Proven?[] _proven = new Proven?[ProvenKept];
    private readonly string? _cookiePath;
    private readonly ILogger _log;

    private RpcAuth(string single, IReadOnlyList<Entry> entries, string? cookiePath, ILogger log)
    {
        var bytes = Encoding.UTF8.GetBytes(single);
        _single = new SecretBytes(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        _entries = entries;
        _cookiePath = cookiePath;
        _log = log;
    }

    /// <summary>Reads the options; without a password it writes the cookie file.</summary>
    /// <exception cref="StartupException">With the text for the user; the log says more.</exception>
    public static RpcAuth Create(Options options, string defaultCookieFile, ILogger log)
    {
        var entries = ReadEntries(options[HttpOptions.Auth], log);
        if (options[HttpOptions.Password] is { Length: > 0 } password)
        {
            log.UsingPassword();
            return new RpcAuth($"{options[HttpOptions.User]}:{password}", entries, cookiePath: null, log);
        }

        log.UsingCookie();
        var given = options.IsSet(HttpOptions.CookieFile)
            ? options.Path(HttpOptions.CookieFile, options.NetworkDirectory)
            : null;
        var path = given ?? Path.Combine(options.NetworkDirectory, defaultCookieFile);
        try
        {
            var cookie = CookieFile.Create(path);
            log.CookieWritten(path);
            return new RpcAuth(cookie, entries, path, log);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.CookieNotWritten(path, e.Message);
            throw CannotStart(e);
        }
    }

    /// <summary>The user's name, or null if the header names nobody.</summary>
    public string? Authenticate(string header)
    {
        if (!header.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return null;
        }

        var encoded = header.AsSpan(Scheme.Length).Trim();
        var given = new byte[encoded.Length];
        if (!Convert.TryFromBase64Chars(encoded, given, out var length))
        {
            return null;
        }

        var pair = given.AsSpan(0, length);
        var colon = pair.IndexOf((byte)':');
        if (colon < 0)
        {
            return null;
        }

        foreach (var proven in _proven)
        {
            if (proven is not null && CryptographicOperations.FixedTimeEquals(pair, proven.Pair.Span))
            {
                return proven.User;
            }
        }

        // No short cut: how long it takes must not say which part was right.
        var isKnown = CryptographicOperations.FixedTimeEquals(pair, _single.Span);
        foreach (var entry in _entries)
        {
            isKnown |= entry.Fits(pair[..colon], pair[(colon + 1)..]);
        }

        return isKnown ? Remember(pair, Encoding.UTF8.GetString(pair[..colon])) : null;
    }

    private string Remember(ReadOnlySpan<byte> pair, string user)
    {
        for (var i = 0; i < _proven.Length; i++)
        {
            if (_proven[i] is null)
            {
                Proven proven = new(new SecretBytes(pair), user);
                if (Interlocked.CompareExchange(ref _proven[i], proven, null) is not null)
                {
                    proven.Pair.Dispose();
                }

                break;
            }
        }

        return user;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _single.Dispose();
        foreach (var proven in _proven)
        {
            proven?.Pair.Dispose();
        }

        if (_cookiePath is null)
        {
            return;
        }

        try
        {
            File.Delete(_cookiePath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log.CookieNotRemoved(e.Message);
        }
    }

    /// <summary>What the user reads when the server can't start; the log has the reason.</summary>
    internal static StartupException CannotStart(Exception? cause = null) =>
        new("Unable to start HTTP server. See debug log for details.", cause ?? new IOException("HTTP server"));

    private static List<Entry> ReadEntries(IReadOnlyList<string> texts, ILogger log)
    {
        // An empty value that comes before all others takes them back, as in Core.
        if (texts is [] or ["", ..])
        {
            return [];
        }

        log.UsingRpcAuth();

        List<Entry> entries = [];
        foreach (var text in texts)
        {
            var fields = text.Split(':');
            var secret = fields[^1].Split('$');
            if (fields.Length != 2 || secret.Length != 2)
            {
                log.InvalidRpcAuth();
                throw CannotStart();
            }

            entries.Add(new Entry(
                Encoding.UTF8.GetBytes(fields[0]), Encoding.UTF8.GetBytes(secret[0]), Encoding.ASCII.GetBytes(secret[1])));
        }

        return entries;
    }

    /// <summary>Name and password of a caller who was right.</summary>
    private sealed record Proven(SecretBytes Pair, string User)
    {
        public override string ToString() => User;
    }

    /// <summary>A user of <c>-rpcauth</c>; <paramref name="Hash"/> is hex in lower case, as bytes of text.</summary>
    private sealed record Entry(byte[] User, byte[] Salt, byte[] Hash)
    {
        public bool Fits(ReadOnlySpan<byte> user, ReadOnlySpan<byte> password)
        {
            Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
            HMACSHA256.HashData(Salt, password, mac);
            Span<byte> hex = stackalloc byte[HMACSHA256.HashSizeInBytes * 2];
            _ = Convert.TryToHexStringLower(mac, hex, out _);

            // Both, always: no && between them.
            return CryptographicOperations.FixedTimeEquals(user, User) &
                CryptographicOperations.FixedTimeEquals(hex, Hash);
        }
    }
}
