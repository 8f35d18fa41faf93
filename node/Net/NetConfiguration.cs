using System.Globalization;
using Dash.Common.Hosting;
using Dash.Common.Options;
using Dash.Node.Chain;
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

    // Beside those that -maxconnections counts: peers of addnode, and the log of messages.
    private const int OtherDescriptors = 8 + 1;

    private readonly Options _options;
    private readonly ChainParams _network;

    /// <summary>Reads the options.</summary>
    /// <exception cref="StartupException">They make no sense.</exception>
    public NetConfiguration(Options options, ChainParams network)
    {
        _options = options;
        _network = network;
        var wanted = options[NetOptions.MaxConnections];
        var most = Math.Clamp(wanted, 0, AffordableConnections(FileDescriptors.Limit));
        Counts = new ConnectionCounts(most);
        Reduction = most < wanted ? $"Reducing -maxconnections from {wanted} to {most}, because of system limitations." : null;
        Settings = ReadSettings();
        if (options[NetOptions.SocketEvents] is not "epoll" and var mode)
        {
            throw new StartupException($"Invalid -socketevents ('{mode}') specified. Only these modes are supported: 'epoll'");
        }

        UploadLimit = ReadUploadLimit(options[NetOptions.MaxUploadTarget]);
    }

    /// <summary>What the node is among peers.</summary>
    public NetSettings Settings { get; }

    /// <summary>How many connections there may be.</summary>
    public ConnectionCounts Counts { get; }

    /// <summary>That there may be fewer connections than was asked for, for the user; null if there may be as many.</summary>
    public string? Reduction { get; }

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

    internal int AffordableConnections(int descriptors)
    {
        var listeners = Math.Max(1, _options[NetOptions.Bind].Count + _options[ReachOptions.WhiteBind].Count);
        return Math.Max(0, descriptors - listeners - FileDescriptors.Core - OtherDescriptors);
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
            Services = ServiceFlags.NetworkLimited | ServiceFlags.HeadersCompressed
                | (_options[ChainOptions.Prune] == 0 ? ServiceFlags.Network : ServiceFlags.None)
                | (_options[ReachOptions.V2Transport] ? ServiceFlags.P2pV2 : ServiceFlags.None)
                | (_options[NetOptions.PeerBlockFilters] ? ServiceFlags.CompactFilters : ServiceFlags.None)
                | (_options[NetOptions.PeerBloomFilters] ? ServiceFlags.Bloom : ServiceFlags.None),
            ProtocolVersion = !string.Equals(_network.Name, ChainParams.Main.Name, StringComparison.Ordinal) && _options.IsSet(NetOptions.PushVersion)
                ? _options[NetOptions.PushVersion]
                : NetLimits.ProtocolVersion,
            IsBlocksOnly = _options[NetOptions.BlocksOnly],
            OffersReconciliation = _options[NetOptions.Reconciliation],
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
}
