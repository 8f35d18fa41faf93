using System.Buffers;
using System.Globalization;
using System.Net;

namespace Dash.Primitives.Evo;

/// <summary>Reads the addresses of masternodes from text.</summary>
internal static class NetInfoText
{
    private static readonly SearchValues<char> IPv4Characters = SearchValues.Create("1234567890.");
    private static readonly SearchValues<char> IPCharacters = SearchValues.Create("abcdefABCDEF1234567890.:[]");
    private static readonly SearchValues<char> DomainCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");

    /// <summary>Reads an address; nothing is asked up in the network. Whether it can be used is not looked at.</summary>
    /// <param name="text">Host and port.</param>
    /// <param name="isExtended">The form of version 3, where a port must be given and names will do.</param>
    /// <param name="rules">Has the port of the older form.</param>
    /// <param name="entry">The address.</param>
    public static NetInfoStatus Parse(string text, bool isExtended, NetInfoRules rules, out NetInfoEntry entry)
    {
        entry = NetInfoEntry.Invalid;
        var (host, port) = SplitHostPort(text, isExtended ? (ushort)0 : rules.DefaultPort);
        if (!host.AsSpan().ContainsAnyExcept(isExtended ? IPCharacters : IPv4Characters))
        {
            return ParseAddress(host, port, ref entry);
        }

        if (!isExtended || host.AsSpan().ContainsAnyExcept(DomainCharacters))
        {
            return NetInfoStatus.BadInput;
        }

        if (host.EndsWith(".onion", StringComparison.Ordinal) || host.EndsWith(".i2p", StringComparison.Ordinal))
        {
            if (ServiceAddress.OfOverlayName(host, port) is not { } service)
            {
                return NetInfoStatus.BadInput;
            }

            entry = new NetInfoEntry(service);
            return NetInfoStatus.Success;
        }

        entry = NetInfoEntry.OfDomain(host.ToLowerInvariant(), port);
        return entry.IsValid ? NetInfoStatus.Success : NetInfoStatus.BadInput;
    }

    private static NetInfoStatus ParseAddress(string host, ushort port, ref NetInfoEntry entry)
    {
        // A second look for a port: "[::1]:5" was split already, and brackets that are left mean nothing.
        (host, port) = SplitHostPort(host, port);
        if (host.AsSpan().ContainsAny('[', ']') || !IPAddress.TryParse(host, out var address))
        {
            return NetInfoStatus.BadInput;
        }

        if (!ServiceAddress.TryCreate(address, port, out var service))
        {
            return NetInfoStatus.BadAddress;
        }

        entry = new NetInfoEntry(service);
        return NetInfoStatus.Success;
    }

    // A port follows the last colon, unless there are several of them and no brackets.
    private static (string Host, ushort Port) SplitHostPort(string text, ushort port)
    {
        var colon = text.LastIndexOf(':');
        if (colon >= 0)
        {
            var isBracketed = colon > 0 && text[0] == '[' && text[colon - 1] == ']';
            var isAlone = colon == 0 || text.LastIndexOf(':', colon - 1) < 0;
            if ((isBracketed || isAlone)
                && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var read))
            {
                (text, port) = (text[..colon], read);
            }
        }

        return text is ['[', .., ']'] ? (text[1..^1], port) : (text, port);
    }
}
