using System.Globalization;
using Dash.Common.Hosting;
using Dash.Common.Options;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Connecting;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Wire;
using Dash.Primitives.Networks;

namespace Dash.Node.Net;

/// <summary>What the options say about the network, checked.</summary>
internal sealed class NetConfiguration
{
    private const string SafeInComment = " .,;-_?@";
    private const string ClientName = "Dash Core";

    private readonly Options _options;
    private readonly ChainParams _network;

    /// <summary>Reads the options.</summary>
    /// <exception cref="StartupException">They make no sense.</exception>
    public NetConfiguration(Options options, ChainParams network)
    {
        _options = options;
        _network = network;
        Port = options[NetOptions.Port] is > 0 and <= ushort.MaxValue and var port ? (ushort)port : (ushort)network.DefaultPort;
        Counts = new ConnectionCounts(Math.Max(0, options[NetOptions.MaxConnections]));
        Settings = ReadSettings();
        Listeners = ReadListeners();
        UploadLimit = ReadUploadLimit(options[NetOptions.MaxUploadTarget]);
    }

    /// <summary>What the node is among peers.</summary>
    public NetSettings Settings { get; }

    /// <summary>How many connections there may be.</summary>
    public ConnectionCounts Counts { get; }

    /// <summary>The port at which peers connect.</summary>
    public ushort Port { get; }

    /// <summary>Where to listen; empty for nowhere.</summary>
    public IReadOnlyList<ListenAddress> Listeners { get; }

    /// <summary>Bytes to be sent at most in a day; 0 for no limit.</summary>
    public long UploadLimit { get; }

    /// <summary>The nodes of -connect; empty for none, null if the option was not given.</summary>
    public IReadOnlyList<string>? OnlyPeers
    {
        get
        {
            if (!_options.IsSet(NetOptions.Connect))
            {
                return null;
            }

            var names = _options[NetOptions.Connect];
            return names is ["0"] ? [] : names;
        }
    }

    /// <summary>The nodes of -addnode.</summary>
    public IReadOnlyList<string> AddedPeers => _options[NetOptions.AddNode];

    /// <summary>For how long a connection is waited.</summary>
    public TimeSpan DialTimeout => TimeSpan.FromMilliseconds(Math.Max(1, _options[NetOptions.Timeout]));

    private bool IsListening =>
        _options.IsSet(NetOptions.Listen) ? _options[NetOptions.Listen]
        : _options[NetOptions.Bind].Count > 0 || (!_options.IsSet(NetOptions.Connect) && Counts.Max > 0);

    private static long ReadUploadLimit(string text)
    {
        var unit = text.Length > 0 ? text[^1] : ' ';
        var factor = unit switch
        {
            'k' => 1_000L,
            'K' => 1L << 10,
            'm' => 1_000_000L,
            'M' => 1L << 20,
            'g' => 1_000_000_000L,
            'G' => 1L << 30,
            't' => 1_000_000_000_000L,
            'T' => 1L << 40,
            _ => 0,
        };
        var digits = factor == 0 ? text : text[..^1];
        factor = factor == 0 ? 1L << 20 : factor;
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue / factor
            ? number * factor
            : throw new StartupException($"Unable to parse -maxuploadtarget: '{text}'");
    }

    private NetSettings ReadSettings()
    {
        var timeout = _options[NetOptions.PeerTimeout];
        if (timeout <= 0)
        {
            throw new StartupException("peertimeout must be a positive integer.");
        }

        return new NetSettings
        {
            Network = _network,
            Subversion = ReadSubversion(),
            Services = ServiceFlags.Network | ServiceFlags.NetworkLimited | ServiceFlags.HeadersCompressed,
            ProtocolVersion = !string.Equals(_network.Name, ChainParams.Main.Name, StringComparison.Ordinal) && _options.IsSet(NetOptions.PushVersion)
                ? _options[NetOptions.PushVersion]
                : NetLimits.ProtocolVersion,
            IsBlocksOnly = _options[NetOptions.BlocksOnly],
            PeerTimeout = timeout,
            LogsAddresses = _options[LogOptions.LogIps],
        };
    }

    // BIP14: /Name:version(comment; comment)/
    private string ReadSubversion()
    {
        List<string> comments = _network.DevnetName.Length > 0 ? ["devnet." + _network.DevnetName] : [];
        foreach (var comment in _options[NetOptions.UserAgentComment])
        {
            if (!comment.All(static sign => char.IsAsciiLetterOrDigit(sign) || SafeInComment.Contains(sign, StringComparison.Ordinal)))
            {
                throw new StartupException($"User Agent comment ({comment}) contains unsafe characters.");
            }

            comments.Add(comment);
        }

        var suffix = comments.Count == 0 ? "" : $"({string.Join("; ", comments)})";
        var text = string.Create(CultureInfo.InvariantCulture, $"/{ClientName}:{Product.VersionText.TrimStart('v')}{suffix}/");
        return text.Length <= NetLimits.MaxSubversion
            ? text
            : throw new StartupException(string.Create(
                CultureInfo.InvariantCulture,
                $"Total length of network version string ({text.Length}) exceeds maximum length ({NetLimits.MaxSubversion}). Reduce the number or size of uacomments."));
    }

    private List<ListenAddress> ReadListeners()
    {
        if (!IsListening)
        {
            return _options[NetOptions.Bind].Count == 0
                ? []
                : throw new StartupException("Cannot set -bind or -whitebind together with -listen=0");
        }

        List<ListenAddress> listeners = [.. _options[NetOptions.Bind].Select(ReadBind)];
        var hasOnion = listeners.Any(static listener => listener.IsOnion);
        if (listeners.Count == 0)
        {
            listeners.Add(new ListenAddress(new NetEndpoint(NetAddress.From(System.Net.IPAddress.IPv6Any), Port), IsRequired: false));
            listeners.Add(new ListenAddress(new NetEndpoint(NetAddress.From(System.Net.IPAddress.Any), Port)));
        }

        if (!hasOnion)
        {
            NetEndpoint target = new(NetAddress.From(System.Net.IPAddress.Loopback), (ushort)_network.OnionPort);
            listeners.Add(new ListenAddress(target, IsOnion: true, IsRequired: false));
        }

        return listeners;
    }

    private ListenAddress ReadBind(string text)
    {
        const string OnionSuffix = "=onion";
        var isOnion = text.EndsWith(OnionSuffix, StringComparison.Ordinal);
        var address = isOnion ? text[..^OnionSuffix.Length] : text;
        return NetEndpoint.TryParse(address, isOnion ? (ushort)_network.OnionPort : Port, out var endpoint)
            ? new ListenAddress(endpoint, IsOnion: isOnion)
            : throw new StartupException($"Cannot resolve -bind address: '{text}'");
    }
}
