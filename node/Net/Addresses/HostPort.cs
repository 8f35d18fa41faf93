using System.Globalization;

namespace Dash.Node.Net.Addresses;

/// <summary>Texts of the form "host:port".</summary>
internal static class HostPort
{
    /// <summary>
    /// Takes the port off a text. A text with several colons and no brackets is an IPv6 address without a port. What
    /// stands behind the colon and is no port belongs to the host, which then is none.
    /// </summary>
    public static (string Host, ushort Port) Split(string text, ushort defaultPort)
    {
        var colon = text.LastIndexOf(':');
        var isBracketed = colon > 0 && text[0] == '[' && text[colon - 1] == ']';
        var isLastOfSeveral = colon > 0 && text.LastIndexOf(':', colon - 1) >= 0;
        var port = defaultPort;
        if (colon >= 0 && (colon == 0 || isBracketed || !isLastOfSeveral)
            && TryParsePort(text.AsSpan(colon + 1), out var given))
        {
            port = given;
            text = text[..colon];
        }

        return text.Length > 0 && text[0] == '[' && text[^1] == ']' ? (text[1..^1], port) : (text, port);
    }

    /// <summary>A number from 0 to 65535 in digits.</summary>
    public static bool TryParsePort(ReadOnlySpan<char> text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);
}
