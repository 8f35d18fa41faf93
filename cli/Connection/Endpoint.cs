using System.Globalization;
using Dash.Cli.Settings;
using Dash.Common.Options;
using Dash.Rpc.Http;

namespace Dash.Cli.Connection;

/// <summary>Where the server is: host without brackets, and port.</summary>
internal readonly record struct Endpoint(string Host, int Port)
{
    /// <summary>The port is -rpcport, else that of -rpcconnect, else the network's.</summary>
    public static Endpoint Of(Options options)
    {
        var (host, port) = Split(options[CliOptions.Connect]);
        if (options.IsSet(CliOptions.Port)) port = (ushort)options[CliOptions.Port];
        return new(host, port ?? RpcPorts.Default(options.Chain));
    }

    public Uri Uri(string path)
    {
        var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        // A wallet may be called ".."; its path is sent as it is.
        var exactly = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        return System.Uri.TryCreate($"http://{host}:{Port}{path}", exactly, out var uri)
            ? uri
            : throw new CliException("Invalid -rpcconnect address: " + Host);
    }

    public override string ToString() => $"{Host}:{Port}";

    /// <summary>"host", "host:port", "[v6]:port"; an address with several colons and no brackets has no port.</summary>
    private static (string Host, int? Port) Split(string text)
    {
        int? port = null;
        var colon = text.LastIndexOf(':');
        var isSeparator = colon == 0 || (colon > 0 && ((text[0] == '[' && text[colon - 1] == ']') || text.IndexOf(':', StringComparison.Ordinal) == colon));
        if (isSeparator && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var parsed))
        {
            port = parsed;
            text = text[..colon];
        }

        return (text is ['[', .., ']'] ? text[1..^1] : text, port);
    }
}
