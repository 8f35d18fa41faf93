using System.Net;

namespace Dash.Rpc.Http;

/// <summary>
/// Keeps web pages out that point a name of theirs at this machine (DNS rebinding) or call from another origin. Over the
/// loopback interface the host must be an address, <c>localhost</c> or a name of <c>-rpcallowhost</c>; connections from
/// elsewhere were allowed one by one (<c>-rpcallowip</c>) and may use any name. A page that calls must be of this machine, of the host
/// it calls, or of a name of <c>-rpcallowhost</c>: an address alone says nothing about whose page it is.
/// </summary>
public sealed class HostCheck(IEnumerable<string> allowed)
{
    private readonly HashSet<string> _allowed = new(allowed, StringComparer.OrdinalIgnoreCase) { "localhost" };

    /// <summary>True if the request may be served.</summary>
    /// <param name="local">Address the client connected to.</param>
    /// <param name="host">Header <c>Host</c>; empty if there is none.</param>
    /// <param name="origin">Header <c>Origin</c>; empty if there is none.</param>
    /// <param name="site">Header <c>Sec-Fetch-Site</c>; empty if there is none.</param>
    public bool Allows(IPAddress local, string host, string origin, string site)
    {
        if (IPAddress.IsLoopback(local) && host.Length > 0 && !IsKnown(host))
        {
            return false;
        }

        // Only browsers send these. They keep the origin to themselves where a page wants no answer, and then say only that it is a stranger's.
        return origin.Length == 0
            ? site.Length == 0 || site is "same-origin" or "none"
            : Uri.TryCreate(origin, UriKind.Absolute, out var page) && IsOwn(page, host); // "null" is what a page from a file or a sandbox sends
    }

    private bool IsOwn(Uri page, string host) =>
        _allowed.Contains(page.Host)
        || (IPAddress.TryParse(WithoutPort(page.Host), out var address) && IPAddress.IsLoopback(address))
        || string.Equals(page.Authority, host, StringComparison.OrdinalIgnoreCase);

    private bool IsKnown(string host)
    {
        if (string.Equals(host, "127.0.0.1", StringComparison.Ordinal))
        {
            return true;
        }

        var name = WithoutPort(host);
        return IPAddress.TryParse(name, out _) || _allowed.Contains(name);
    }

    private static string WithoutPort(string host)
    {
        if (host.StartsWith('['))
        {
            var end = host.IndexOf(']');
            return end < 0 ? host : host[1..end];
        }

        var colon = host.IndexOf(':');
        return colon < 0 || colon != host.LastIndexOf(':') ? host : host[..colon];
    }
}
