using System.Globalization;

namespace Dash.Ipc.Transports;

/// <summary>Where a process listens or connects, as <c>-ipcbind</c> and <c>-ipcconnect</c> say it.</summary>
public abstract record IpcAddress
{
    private const string Unix = "unix";
    private const string Tcp = "tcp:";

    /// <summary>The socket's name when none is given: the node's.</summary>
    public const string NodeSocket = "node.sock";

    /// <summary>The wallet daemon's.</summary>
    public const string WalletSocket = "wallet.sock";

    /// <summary>
    /// Reads <c>unix</c> (the usual socket in the network's directory), <c>unix:path</c>, where a relative path is inside that
    /// directory, or <c>tcp:host:port</c>, where an IPv6 address stands in brackets.
    /// </summary>
    /// <param name="text">The option's value.</param>
    /// <param name="directory">The network's directory, absolute.</param>
    /// <param name="socket">What the usual socket is called: that of the process which listens.</param>
    /// <exception cref="FormatException">With Core's text for the user.</exception>
    public static IpcAddress Parse(string text, string directory, string socket = NodeSocket)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == Unix)
        {
            return new UnixAddress(Path.Combine(directory, socket));
        }

        if (text.StartsWith(Unix + ":", StringComparison.Ordinal) && text.Length > Unix.Length + 1)
        {
            return new UnixAddress(Path.GetFullPath(text[(Unix.Length + 1)..], directory));
        }

        return text.StartsWith(Tcp, StringComparison.Ordinal) && TryParseTcp(text[Tcp.Length..]) is { } address
            ? address
            : throw new FormatException($"Unrecognized address '{text}'");
    }

    private static TcpAddress? TryParseTcp(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return null;
        }

        var host = text[..colon];
        if (host is ['[', .. var inner, ']'])
        {
            return inner.Contains(':', StringComparison.Ordinal) ? new TcpAddress(inner, port) : null;
        }

        return host.AsSpan().IndexOfAny(":[]/ ") < 0 ? new TcpAddress(host, port) : null;
    }
}
