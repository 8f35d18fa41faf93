using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Dash.Common.Hosting;
using Dash.Common.Logging;
using Dash.Common.Options;
using Dash.Common.Time;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Bans;
using Dash.Node.Net.Connecting;
using Dash.Node.Net.Peers;
using Dash.Primitives.Networks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net;

/// <summary>What the node knows around itself: addresses of others and its own, who is kept out and who may more.</summary>
internal sealed class Surroundings
{
    private readonly AddressFile _file;
    private readonly ILogger _log;

    /// <summary>Reads the options and the files.</summary>
    /// <exception cref="StartupException">They make no sense.</exception>
    public Surroundings(Options options, ChainParams network, string directory, Clock clock, ILoggerFactory logs)
    {
        if (network.AllowsPrivateAddresses)
        {
            PrivateNetworks.MakeRoutable(); // before the first address is looked at
        }

        _log = logs.CreateLogger(LogCategory.None);
        var netLog = logs.CreateLogger(LogCategory.Net);
        Reach = new ReachConfiguration(options, network, _log);
        _file = new AddressFile(Path.Combine(directory, "peers.dat"), network, clock, _log, logs.CreateLogger(LogCategory.AddrMan));
        Addresses = _file.Load(ReadGroups(options, directory), Random, Math.Clamp(options[ReachOptions.CheckAddrman], 0, 1_000_000));
        Bans = new BanList(new BanFile(directory, _log), options[ReachOptions.BanTime], clock, _log, netLog);
        Rules = new PeerRules(Bans, Reach.Whitelist, Reach.UsualPermissions);
        Local = new LocalAddresses(Reach.Reachable, Reach.Discovers, network.RequireRoutableExternalIp, _log);
        foreach (var endpoint in Reach.ExternalAddresses)
        {
            Local.AddKnown(endpoint);
        }
    }

    /// <summary>Randomness nobody can guess.</summary>
    public Random Random { get; } = new SystemRandom();

    /// <summary>What the options say.</summary>
    public ReachConfiguration Reach { get; }

    /// <summary>Addresses of other nodes.</summary>
    public AddressManager Addresses { get; }

    /// <summary>Who is kept out.</summary>
    public BanList Bans { get; }

    /// <summary>Who may what.</summary>
    public IPeerRules Rules { get; }

    /// <summary>Our own addresses.</summary>
    public LocalAddresses Local { get; }

    /// <summary>An address is listened at.</summary>
    public void Listening(ListenAddress address)
    {
        if (address.Endpoint.Address.IsRoutable && Reach.Discovers && !address.IsOnion && !address.Permissions.HasFlag(PeerPermissions.NoBan))
        {
            Local.Add(address.Endpoint, LocalScore.Bind);
        }
    }

    /// <summary>Takes the machine's addresses for ours, if all of them are listened at.</summary>
    public void Discover()
    {
        if (!Reach.Discovers || !Reach.IsEverywhere)
        {
            return;
        }

        foreach (var card in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (card.OperationalStatus == OperationalStatus.Down || card.NetworkInterfaceType == NetworkInterfaceType.Loopback)
            {
                continue;
            }

            foreach (var unicast in card.GetIPProperties().UnicastAddresses)
            {
                var address = NetAddress.From(new IPAddress(unicast.Address.GetAddressBytes())); // without the card it belongs to
                if (Local.Add(new NetEndpoint(address, Reach.ListenPort), LocalScore.Interface))
                {
                    var version = unicast.Address.AddressFamily == AddressFamily.InterNetwork ? "IPv4" : "IPv6";
                    Log.Discovered(_log, version, card.Name, address);
                }
            }
        }
    }

    /// <summary>Writes the addresses and ends bans whose time is over.</summary>
    public void Save()
    {
        _file.Save(Addresses);
        Bans.SaveIfExpired();
    }

    private NetGroups ReadGroups(Options options, string directory)
    {
        if (!options.IsSet(ReachOptions.Asmap) || options.Path(ReachOptions.Asmap, directory) is not { } path)
        {
            Log.NoAsmap(_log);
            return new NetGroups(map: null);
        }

        if (!File.Exists(path))
        {
            throw new StartupException($"Could not find asmap file \"{path}\"");
        }

        var file = new FileInfo(path).Length <= Asmap.MaxFileSize ? File.ReadAllBytes(path) : [];
        Log.AsmapOpened(_log, path, file.Length);
        if (Asmap.Load(file) is not { } map)
        {
            Log.AsmapInsane(_log, path);
            throw new StartupException($"Could not parse asmap file \"{path}\"");
        }

        NetGroups groups = new(map);
        Log.AsmapUsed(_log, groups.MapChecksum);
        return groups;
    }
}
