using Dash.Common.Hosting;
using Dash.Common.Options;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Bans;
using Dash.Node.Net.Connecting;
using Dash.Node.Net.Outgoing;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Proxies;
using Dash.Primitives.Networks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net;

/// <summary>What the options say about reaching others and being reached, checked. Some options change the default of others.</summary>
internal sealed class ReachConfiguration
{
    private const ushort SocksPort = 9050;
    private const ushort SamPort = 7656;
    private const ushort TorPort = 9051;

    private readonly Options _options;
    private readonly ChainParams _network;
    private readonly ILogger _log;
    private readonly bool _asksNames;

    /// <summary>Reads the options.</summary>
    /// <exception cref="StartupException">They make no sense.</exception>
    public ReachConfiguration(Options options, ChainParams network, ILogger log)
    {
        _options = options;
        _network = network;
        _log = log;
        _asksNames = options[NetOptions.Dns];
        UsesProxy = options[ReachOptions.Proxy] is not ("" or "0");
        var (wouldListen, isDnsSeedOff) = ReadListens();
        Listens = wouldListen;
        Discovers = Soft(ReachOptions.Discover, UsesProxy, false, "-proxy set -> setting -discover=0")
            ?? Soft(ReachOptions.Discover, !Listens, false, "-listen=0 -> setting -discover=0")
            ?? Soft(ReachOptions.Discover, options.IsSet(ReachOptions.ExternalIp), false, "-externalip set -> setting -discover=0")
            ?? options[ReachOptions.Discover];
        ListensOnion = Soft(ReachOptions.ListenOnion, !Listens, false, "-listen=0 -> setting -listenonion=0") ?? options[ReachOptions.ListenOnion];
        AcceptsI2p = Soft(ReachOptions.I2pAcceptIncoming, !Listens, false, "-listen=0 -> setting -i2pacceptincoming=0")
            ?? options[ReachOptions.I2pAcceptIncoming];
        UsualPermissions = ReadUsualPermissions();
        UsesDnsSeeds = ReadDnsSeeds(isDnsSeedOff);
        CheckTogether();
        CheckPorts();
        Reachable = ReadReachable();
        ReadProxies();
        Listeners = ReadListeners();
        Whitelist = [.. options[ReachOptions.Whitelist].Select(ReadWhitelist)];
        ExternalAddresses = ReadExternal();
        ReadSam();
    }

    /// <summary>Whether peers may connect.</summary>
    public bool Listens { get; }

    /// <summary>Whether peers may connect, as options say before any of them is checked.</summary>
    public static bool WouldListen(Options options) => options.IsSet(NetOptions.Listen)
        ? options[NetOptions.Listen]
        : options.IsSet(NetOptions.Bind)
            || options.IsSet(ReachOptions.WhiteBind)
            || (!options.IsSet(NetOptions.Connect) && options[NetOptions.MaxConnections] > 0 && options[ReachOptions.Proxy] is "" or "0");

    /// <summary>Whether own addresses are looked for.</summary>
    public bool Discovers { get; }

    /// <summary>Whether Tor is asked for an onion service.</summary>
    public bool ListensOnion { get; }

    /// <summary>Whether peers may connect through I2P.</summary>
    public bool AcceptsI2p { get; }

    /// <summary>Whether name servers are asked for nodes.</summary>
    public bool UsesDnsSeeds { get; }

    /// <summary>Whether most goes through a proxy.</summary>
    public bool UsesProxy { get; }

    /// <summary>The networks in which peers are looked for.</summary>
    public ReachableNetworks Reachable { get; }

    /// <summary>The proxy of each network.</summary>
    public ProxyTable Proxies { get; } = new();

    /// <summary>Where to listen; none if nobody may connect.</summary>
    public IReadOnlyList<ListenAddress> Listeners { get; }

    /// <summary>Who may more than others.</summary>
    public IReadOnlyList<(NetSubnet Range, PeerPermissions Permissions)> Whitelist { get; }

    /// <summary>What those may for whom nothing was listed.</summary>
    public PeerPermissions UsualPermissions { get; }

    /// <summary>Whether no single addresses are listened at, so that all of the machine's are ours.</summary>
    public bool IsEverywhere => _options[NetOptions.Bind].Count == 0 && _options[ReachOptions.WhiteBind].Count == 0;

    /// <summary>The port at which peers reach us.</summary>
    public ushort ListenPort { get; private set; }

    /// <summary>Where those arrive who come through an onion service.</summary>
    public NetEndpoint OnionTarget => Listeners.FirstOrDefault(listener => listener.IsOnion)?.Endpoint ?? NetEndpoint.None;

    /// <summary>Tor's control port, if it is to make an onion service; null otherwise.</summary>
    public ProxyAddress? TorControl =>
        ListensOnion && Listens && Resolve(_options[ReachOptions.TorControl], TorPort) is { Address.IsValid: true } endpoint
            ? ProxyAddress.At(endpoint)
            : null;

    /// <summary>Whether Tor may be used for onion addresses if it tells its proxy.</summary>
    public bool TakesProxyOfTor =>
        _options[ReachOptions.Onion].Length == 0
        && (!_options.IsSet(ReachOptions.OnlyNet) || _options[ReachOptions.OnlyNet].Any(net => NetworkNames.Parse(net) == NetworkKind.Onion));

    /// <summary>The addresses of -externalip in the networks in which peers are looked for.</summary>
    public IReadOnlyList<NetEndpoint> ExternalAddresses { get; }

    /// <summary>What is odd about the addresses at which peers connect, in dashd's words.</summary>
    public IEnumerable<string> Warnings
    {
        get
        {
            var binds = _options[NetOptions.Bind].Select(ReadBind).ToArray();
            foreach (var bind in binds.Where(static bind => !bind.IsOnion && BadPorts.Contains(bind.Endpoint.Port)))
            {
                yield return BadPort("-bind", bind.Endpoint.Port);
            }

            var isEverywhere = binds.Length + _options[ReachOptions.WhiteBind].Count == 0;
            if (isEverywhere && _options[NetOptions.Port] is > 0 and <= ushort.MaxValue and var port && BadPorts.Contains((ushort)port))
            {
                yield return BadPort("-port", port);
            }

            if (ListensOnion && binds.Count(static bind => bind.IsOnion) > 1)
            {
                yield return $"More than one onion bind address is provided. Using {OnionTarget} for the automatically created Tor onion service.";
            }
        }
    }

    private static string BadPort(string option, int port) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{option} request to listen on port {port}. This port is considered \"bad\" and thus it is unlikely that any peer will connect to it. "
            + $"See doc/p2p-bad-ports.md for details and a full list.");

    // Null: the option was given, or there is no reason to change its default.
    private bool? Soft(Option<bool> option, bool applies, bool value, string why)
    {
        if (!applies || _options.IsSet(option))
        {
            return null;
        }

        Log.ParameterInteraction(_log, why);
        return value;
    }

    // Whether others may connect, and whether name servers are left alone because only certain peers are wanted.
    private (bool Listens, bool IsDnsSeedOff) ReadListens()
    {
        var listens = Soft(NetOptions.Listen, _options.IsSet(NetOptions.Bind), true, "-bind set -> setting -listen=1")
            ?? Soft(NetOptions.Listen, _options.IsSet(ReachOptions.WhiteBind), true, "-whitebind set -> setting -listen=1");
        var seeds = Soft(ReachOptions.DnsSeed, IsAlone, false, "-connect or -maxconnections=0 set -> setting -dnsseed=0");
        listens ??= Soft(NetOptions.Listen, IsAlone, false, "-connect or -maxconnections=0 set -> setting -listen=0")
            ?? Soft(NetOptions.Listen, UsesProxy, false, "-proxy set -> setting -listen=0");
        return (listens ?? _options[NetOptions.Listen], seeds is false);
    }

    private bool IsAlone => _options.IsSet(NetOptions.Connect) || _options[NetOptions.MaxConnections] <= 0;

    private bool HasClearnet => !_options.IsSet(ReachOptions.OnlyNet)
        || _options[ReachOptions.OnlyNet].Any(net => NetworkNames.Parse(net) is NetworkKind.Ipv4 or NetworkKind.Ipv6);

    private bool ReadDnsSeeds(bool isOff)
    {
        foreach (var net in _options[ReachOptions.OnlyNet])
        {
            TellOldName(net);
        }

        return !isOff
            && (Soft(ReachOptions.DnsSeed, !HasClearnet, false, "-onlynet excludes IPv4 and IPv6 -> setting -dnsseed=0") ?? _options[ReachOptions.DnsSeed]);
    }

    // What contradicts itself, before anything is looked up.
    private void CheckTogether()
    {
        if (_options[ReachOptions.ForceDnsSeed] && !UsesDnsSeeds)
        {
            throw new StartupException("Cannot set -forcednsseed to true when setting -dnsseed to false.");
        }

        if (!Listens && _options[NetOptions.Bind].Count + _options[ReachOptions.WhiteBind].Count > 0)
        {
            throw new StartupException("Cannot set -bind or -whitebind together with -listen=0");
        }

        if (!Listens && ListensOnion)
        {
            throw new StartupException("Cannot set -listen=0 together with -listenonion=1");
        }
    }

    private void TellOldName(string net)
    {
        if (string.Equals(net, "tor", StringComparison.OrdinalIgnoreCase))
        {
            Log.OldNetworkName(_log, "Warning");
        }
    }

    private List<NetEndpoint> ReadExternal() =>
    [
        .. _options[ReachOptions.ExternalIp]
            .Select(text => Resolve(text, ListenPort) is { Address.IsValid: true } endpoint
                ? endpoint
                : throw new StartupException($"Cannot resolve -externalip address: '{text}'"))
            .Where(endpoint => Reachable.Contains((Reachable.TakesCjdns ? endpoint.AsCjdns() : endpoint).Address)),
    ];

    private ReachableNetworks ReadReachable()
    {
        // Private addresses are of no network that could be chosen.
        ReachableNetworks reachable = new(_options.IsSet(ReachOptions.OnlyNet)
            ? _options[ReachOptions.OnlyNet].Select(ReadNetwork)
            : [.. NetworkNames.Reachable, NetworkKind.Unroutable, NetworkKind.Internal]);
        if (!_options.IsSet(ReachOptions.CjdnsReachable))
        {
            if (IsOnly(reachable, NetworkKind.Cjdns))
            {
                throw new StartupException("Outbound connections restricted to CJDNS (-onlynet=cjdns) but -cjdnsreachable is not provided");
            }

            reachable.Remove(NetworkKind.Cjdns);
        }

        return UsesDnsSeeds && !HasClearnet
            ? throw new StartupException("Incompatible options: -dnsseed=1 was explicitly specified, but -onlynet forbids connections to IPv4/IPv6")
            : reachable;
    }

    private NetworkKind ReadNetwork(string text)
    {
        TellOldName(text);
        return NetworkNames.Parse(text) is not NetworkKind.Unroutable and var network
            ? network
            : throw new StartupException($"Unknown network specified in -onlynet: '{text}'");
    }

    private bool IsOnly(ReachableNetworks reachable, NetworkKind network) => _options.IsSet(ReachOptions.OnlyNet) && reachable.Contains(network);

    private void ReadProxies()
    {
        ProxyAddress? onion = null;
        if (UsesProxy)
        {
            onion = ReadProxy(ReachOptions.Proxy, "proxy");
            Proxies.Set(NetworkKind.Ipv4, onion);
            Proxies.Set(NetworkKind.Ipv6, onion);
            Proxies.Set(NetworkKind.Cjdns, onion);
            Proxies.ForNames = onion;
        }

        var onlyOnion = IsOnly(Reachable, NetworkKind.Onion);
        switch (_options[ReachOptions.Onion])
        {
            case "":
                break;
            case "0":
                onion = onlyOnion
                    ? throw new StartupException(
                        "Outbound connections restricted to Tor (-onlynet=onion) but the proxy for reaching the Tor network is explicitly forbidden: -onion=0")
                    : null;
                break;
            default:
                onion = ReadProxy(ReachOptions.Onion, "onion");
                break;
        }

        if (onion is not null)
        {
            Proxies.Set(NetworkKind.Onion, onion);
        }
        else
        {
            if (onlyOnion && !ListensOnion)
            {
                throw new StartupException(
                    "Outbound connections restricted to Tor (-onlynet=onion) but the proxy for reaching the Tor network is not provided: "
                    + "none of -proxy, -onion or -listenonion is given");
            }

            Reachable.Remove(NetworkKind.Onion);
        }
    }

    private void ReadSam()
    {
        var sam = _options[ReachOptions.I2pSam];
        if (sam.Length > 0)
        {
            Proxies.Set(NetworkKind.I2p, Resolve(sam, SamPort) is { Address.IsValid: true } endpoint
                ? ProxyAddress.At(endpoint)
                : throw new StartupException($"Invalid -i2psam address or hostname: '{sam}'"));
            return;
        }

        if (IsOnly(Reachable, NetworkKind.I2p))
        {
            throw new StartupException("Outbound connections restricted to i2p (-onlynet=i2p) but -i2psam is not provided");
        }

        Reachable.Remove(NetworkKind.I2p);
    }

    private ProxyAddress ReadProxy(Option<string> option, string name)
    {
        var text = _options[option];
        var proxy = ProxyAddress.AtPath(text)
            ?? (Resolve(text, SocksPort) is { Address.IsValid: true } endpoint ? ProxyAddress.At(endpoint) : null)
            ?? throw new StartupException($"Invalid -{name} address or hostname: '{text}'");
        return proxy with { RandomizesCredentials = _options[ReachOptions.ProxyRandomize] };
    }

    private List<ListenAddress> ReadListeners()
    {
        List<ListenAddress> binds = [.. _options[NetOptions.Bind].Select(ReadBind)];
        List<ListenAddress> white = [.. _options[ReachOptions.WhiteBind].Select(ReadWhiteBind)];
        var port = _options[NetOptions.Port] is > 0 and <= ushort.MaxValue and var given ? (ushort)given : (ushort)_network.DefaultPort;

        // The port that peers are told: of -bind, else of a -whitebind that is not for friends only.
        ListenPort = binds.Where(bind => !bind.IsOnion).Concat(white.Where(bind => !bind.Permissions.HasFlag(PeerPermissions.NoBan)))
            .Select(bind => bind.Endpoint.Port).FirstOrDefault(port);
        if (!Listens)
        {
            return [];
        }

        List<ListenAddress> all = [.. binds.Where(bind => !bind.IsOnion), .. white];
        if (binds.Count + white.Count == 0)
        {
            all.Add(new ListenAddress(new NetEndpoint(NetAddress.From(System.Net.IPAddress.IPv6Any), port), IsRequired: false));
            all.Add(new ListenAddress(new NetEndpoint(NetAddress.From(System.Net.IPAddress.Any), port)));
        }

        all.AddRange(binds.Where(bind => bind.IsOnion));
        if (binds.All(bind => !bind.IsOnion))
        {
            NetEndpoint target = new(NetAddress.From(System.Net.IPAddress.Loopback), (ushort)_network.OnionPort);
            all.Add(new ListenAddress(target, IsOnion: true, IsRequired: false));
        }

        return all;
    }

    private ListenAddress ReadBind(string text)
    {
        const string OnionSuffix = "=onion";
        var isOnion = text.EndsWith(OnionSuffix, StringComparison.Ordinal);
        var address = isOnion ? text[..^OnionSuffix.Length] : text;
        var port = _options[NetOptions.Port] is > 0 and <= ushort.MaxValue and var given ? given : _network.DefaultPort;
        return NetEndpoint.TryParse(address, (ushort)(isOnion ? _network.OnionPort : port), out var endpoint)
            ? new ListenAddress(endpoint, IsOnion: isOnion, IsRequired: !isOnion)
            : throw new StartupException($"Cannot resolve -bind address: '{text}'");
    }

    private static ListenAddress ReadWhiteBind(string text)
    {
        if (!PermissionText.TryParse(text, out var permissions, out var address, out var error))
        {
            throw new StartupException(error);
        }

        if (!NetEndpoint.TryParse(address, 0, out var endpoint))
        {
            throw new StartupException($"Cannot resolve -whitebind address: '{address}'");
        }

        return endpoint.Port != 0
            ? new ListenAddress(endpoint, permissions)
            : throw new StartupException($"Need to specify a port with -whitebind: '{address}'");
    }

    private (NetSubnet Range, PeerPermissions Permissions) ReadWhitelist(string text)
    {
        if (!PermissionText.TryParse(text, out var permissions, out var range, out var error))
        {
            throw new StartupException(error);
        }

        return NetSubnet.TryParse(range, Reachable.TakesCjdns, out var subnet)
            ? (subnet, permissions)
            : throw new StartupException($"Invalid netmask specified in -whitelist: '{range}'");
    }

    private PeerPermissions ReadUsualPermissions()
    {
        var forces = _options[ReachOptions.WhitelistForceRelay];
        var relays = Soft(ReachOptions.WhitelistRelay, _options[NetOptions.BlocksOnly], false, "-blocksonly=1 -> setting -whitelistrelay=0")
            ?? Soft(ReachOptions.WhitelistRelay, forces, true, "-whitelistforcerelay=1 -> setting -whitelistrelay=1")
            ?? _options[ReachOptions.WhitelistRelay];
        return PeerPermissions.Mempool | PeerPermissions.NoBan
            | (relays ? PeerPermissions.Relay : PeerPermissions.None)
            | (forces ? PeerPermissions.ForceRelay : PeerPermissions.None);
    }

    private NetEndpoint? Resolve(string text, ushort port)
    {
        if (NetEndpoint.TryParse(text, port, out var endpoint))
        {
            return endpoint;
        }

        var (host, given) = HostPort.Split(text, port);
        if (!_asksNames || host.Length == 0 || Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            return null;
        }

        try
        {
            return System.Net.Dns.GetHostAddresses(host) is [var first, ..] ? new NetEndpoint(NetAddress.From(first), given) : null;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return null;
        }
    }

    private void CheckPorts()
    {
        CheckPort("-i2psam", _options[ReachOptions.I2pSam], mayBePath: false);
        CheckPort("-onion", _options[ReachOptions.Onion], mayBePath: true);
        CheckPort("-proxy", _options[ReachOptions.Proxy], mayBePath: true);
        CheckPort("-torcontrol", _options[ReachOptions.TorControl], mayBePath: false);
        foreach (var text in _options[ReachOptions.WhiteBind])
        {
            CheckPort("-whitebind", text, mayBePath: false);
        }

        foreach (var text in _options[NetOptions.Bind])
        {
            var equals = text.LastIndexOf('=');
            CheckPort("-bind", equals < 0 ? text : text[..equals], mayBePath: false, shown: text);
        }
    }

    private static void CheckPort(string option, string text, bool mayBePath, string? shown = null)
    {
        // A text without a port gives 1 back, one with a port that is none or zero keeps or gives 0.
        const ushort NoPort = 1;
        var colon = text.LastIndexOf(':');
        var hasPort = colon >= 0 && (colon == 0 || text[colon - 1] == ']' || text.IndexOf(':', StringComparison.Ordinal) == colon);
        var isGood = !hasPort || (HostPort.TryParsePort(text.AsSpan(colon + 1), out var port) && port >= NoPort);
        if (!isGood && !(mayBePath && text.StartsWith("unix:", StringComparison.Ordinal)))
        {
            throw new StartupException($"Invalid port specified in {option}: '{shown ?? text}'");
        }
    }
}
