using Dash.Common.Logging;
using Dash.Common.Options;
using Dash.Common.Time;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Connecting;
using Dash.Node.Net.Outgoing;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Proxies;
using Dash.Node.Net.Wire;
using Dash.Primitives.Networks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net;

/// <summary>Finds peers: builds what connects by itself, and keeps what the next run starts with.</summary>
internal sealed class PeerSearch
{
    private readonly AnchorFile? _anchors;
    private readonly PeerSet _peers;

    /// <summary>Builds it; nothing is connected yet.</summary>
    /// <param name="options">The options.</param>
    /// <param name="configuration">What they say of connections.</param>
    /// <param name="surroundings">What is known.</param>
    /// <param name="network">The network.</param>
    /// <param name="directory">Where the files are.</param>
    /// <param name="peers">The peers.</param>
    /// <param name="admission">Takes in what is connected.</param>
    /// <param name="opener">Connects.</param>
    /// <param name="added">Whom the user named.</param>
    /// <param name="isInitialDownload">Whether the chain is still to come.</param>
    /// <param name="clock">The time.</param>
    /// <param name="logs">Where it is told.</param>
    public PeerSearch(
        Options options,
        NetConfiguration configuration,
        Surroundings surroundings,
        ChainParams network,
        string directory,
        PeerSet peers,
        PeerAdmission admission,
        PeerOpener opener,
        AddedPeers added,
        Func<bool> isInitialDownload,
        Clock clock,
        ILoggerFactory logs)
    {
        _peers = peers;
        var log = logs.CreateLogger(LogCategory.None);
        var reach = surroundings.Reach;
        var usesV2 = configuration.Settings.Services.HasFlag(ServiceFlags.P2pV2);
        AddressFetches fetches = new();
        foreach (var name in options[ReachOptions.SeedNode])
        {
            fetches.Add(name);
        }

        if (configuration.OnlyPeers is { Count: > 0 } && options[ReachOptions.SeedNode].Count > 0)
        {
            Log.SeedNodesIgnored(log);
        }

        if (configuration.OnlyPeers is not null && options.IsSet(ReachOptions.DnsSeed) && options[ReachOptions.DnsSeed] && options.IsSet(ReachOptions.Proxy))
        {
            Log.DnsSeedsIgnored(log);
        }

        Reconnections reconnections = new(opener);
        admission.RetryWithV1 = reconnections.Add;
        List<Func<CancellationToken, Task>> services = [reconnections.RunAsync];
        if (reach.UsesDnsSeeds)
        {
            DnsSeeding seeding = new(
                network, options[ReachOptions.ForceDnsSeed], surroundings.Addresses, fetches, reach.Proxies, peers, admission, clock,
                surroundings.Random, logs);
            services.Add(async ct =>
            {
                await seeding.RunAsync(ct).ConfigureAwait(false);
                await Task.Delay(Timeout.InfiniteTimeSpan, clock, ct).ConfigureAwait(false); // its end is no end of the others
            });
        }
        else
        {
            Log.DnsSeedingOff(log);
        }

        if (configuration.OnlyPeers is null)
        {
            _anchors = new AnchorFile(Path.Combine(directory, "anchors.dat"), network, log);
            var anchors = _anchors.Take();
            anchors.RemoveRange(Math.Min(anchors.Count, AnchorFile.MostAnchors), Math.Max(0, anchors.Count - AnchorFile.MostAnchors));
            Log.AnchorsTried(log, anchors.Count);
            SeedAddresses seeds = new(
                FixedSeeds.Of(network),
                options[ReachOptions.FixedSeeds],
                waitsForOthers: reach.UsesDnsSeeds || options.IsSet(ReachOptions.SeedNode),
                surroundings.Addresses,
                reach.Reachable,
                surroundings.Random,
                log,
                logs.CreateLogger(LogCategory.Net));
            OutgoingSettings settings = new()
            {
                UsesV2 = usesV2,
                AllowsOneGroup = network.Name is "regtest" or "devnet",
                LogsAddresses = configuration.Settings.LogsAddresses,
                ListenPort = reach.ListenPort,
                Anchors = anchors,
            };
            Automatic = new OutgoingConnections(
                configuration.Counts, surroundings.Addresses, fetches, added, surroundings.Local, reach.Reachable, seeds, peers, opener,
                settings, isInitialDownload, clock, surroundings.Random, logs);
            services.Add(Automatic.RunAsync);
        }

        if (reach.TorControl is { } control)
        {
            services.Add(new TorController(
                control, options[ReachOptions.TorPassword], Path.Combine(directory, "onion_v3_private_key"), (ushort)network.DefaultPort, reach.OnionTarget,
                reach.Proxies, reach.TakesProxyOfTor ? reach.Reachable : null, surroundings.Local, clock, logs).RunAsync);
        }

        Services = services;
    }

    /// <summary>What runs until it is cancelled.</summary>
    public IReadOnlyList<Func<CancellationToken, Task>> Services { get; }

    /// <summary>Connects by itself; null with -connect.</summary>
    public OutgoingConnections? Automatic { get; }

    /// <summary>Keeps the peers that only give blocks for the next run; to be called before they are let go.</summary>
    public void KeepAnchors()
    {
        _anchors?.Save(
        [
            .. _peers.All
                .Where(peer => peer.Type == ConnectionType.BlockRelay)
                .Take(AnchorFile.MostAnchors)
                .Select(peer => new PeerAddress(peer.Address, (ulong)peer.Services, PeerAddress.UnknownTime)),
        ]);
    }
}
