using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dash.Common.Options;
using Microsoft.Extensions.Logging;

namespace Dash.Rpc.Http;

/// <summary>Where to listen: <c>-rpcbind</c>, but only together with <c>-rpcallowip</c>; otherwise this machine alone.</summary>
internal static class BindAddresses
{
    /// <summary>Addresses in the order in which they are bound; a name may give several.</summary>
    public static IReadOnlyList<(string Shown, IPEndPoint EndPoint)> From(Options options, int defaultPort, ILogger log)
    {
        var port = options.IsSet(HttpOptions.Port) ? options[HttpOptions.Port] : defaultPort;
        var binds = options[HttpOptions.Bind];
        var allows = options[HttpOptions.AllowIp].Count > 0;
        if (binds.Count == 0 || !allows)
        {
            if (allows)
            {
                log.AllowIpWithoutBind();
            }

            if (binds.Count > 0)
            {
                log.BindWithoutAllowIp();
            }

            return
            [
                ("::1", new IPEndPoint(IPAddress.IPv6Loopback, port)),
                ("127.0.0.1", new IPEndPoint(IPAddress.Loopback, port)),
            ];
        }

        List<(string, IPEndPoint)> result = [];
        foreach (var bind in binds)
        {
            var (host, own) = Split(bind);
            foreach (var address in Resolve(host))
            {
                result.Add((host, new IPEndPoint(address, own ?? port)));
            }
        }

        return result;
    }

    /// <summary>Host and port of <c>host</c>, <c>host:port</c>, <c>[v6]</c>, <c>[v6]:port</c> or plain <c>v6</c>.</summary>
    internal static (string Host, int? Port) Split(string text)
    {
        var colon = text.LastIndexOf(':');
        var isBracketed = text.StartsWith('[');
        var isPlainV6 = !isBracketed && colon > 0 && text.IndexOf(':') != colon;
        int? port = null;
        if (colon >= 0 && !isPlainV6 && !text.EndsWith(']') &&
            ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            port = number;
            text = text[..colon];
        }

        return (isBracketed ? text.Trim('[', ']') : text, port);
    }

    private static IPAddress[] Resolve(string host)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return [address];
        }

        try
        {
            return host.Length == 0 ? [IPAddress.Any] : Dns.GetHostAddresses(host);
        }
        catch (SocketException)
        {
            // No such name: nothing to bind; the endpoint says so if nothing else was bound.
            return [];
        }
    }
}
