using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Connecting;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Outgoing;

/// <summary>
/// Looks for peers by itself: eight for everything, two for blocks only, now and then one more that shows whether the tip
/// is the real one, and every two minutes a short call that tests an address. Peers are taken from different groups, so
/// that nobody surrounds us cheaply.
/// </summary>
internal sealed class OutgoingConnections(
    ConnectionCounts counts,
    AddressManager addresses,
    AddressFetches fetches,
    AddedPeers added,
    LocalAddresses local,
    ReachableNetworks reachable,
    SeedAddresses seeds,
    PeerSet peers,
    PeerOpener opener,
    OutgoingSettings settings,
    Func<bool> isInitialDownload,
    Clock clock,
    Random random,
    ILoggerFactory logs)
{
    private const int MostDraws = 100;
    private const int DrawsAvoidingRecent = 30;
    private const int DrawsAvoidingBadPorts = 50;
    private const long RecentTry = 10 * 60;
    private const int MaxFullRelay = 8;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan FeelerInterval = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ExtraInterval = TimeSpan.FromMinutes(5);

    private readonly ILogger _log = logs.CreateLogger(LogCategory.None);
    private readonly ILogger _netLog = logs.CreateLogger(LogCategory.Net);
    private readonly Stack<PeerAddress> _anchors = new(settings.Anchors);
    private long _nextFeeler;
    private long _nextBlockRelay;
    private long _nextNetwork;
    private volatile bool _wantsAnother;
    private volatile bool _wantsBlockRelay;

    /// <summary>Whether one more peer is wanted than usual, as the tip has not moved for long.</summary>
    public bool WantsAnother
    {
        get => _wantsAnother;
        set
        {
            _wantsAnother = value;
            Log.TryAnother(_netLog, value ? "true" : "false");
        }
    }

    /// <summary>Whether all blocks are there, so that other views of the tip are worth a call now and then.</summary>
    public bool WantsExtraBlockRelay
    {
        get => _wantsBlockRelay;
        set
        {
            _wantsBlockRelay = value;
            Log.ExtraBlockRelay(_netLog);
        }
    }

    /// <summary>How many of our own calls there may be at once.</summary>
    public int MaxOutbound => Math.Min(counts.MaxOutbound, counts.Max);

    /// <summary>Whether there is room for one more of them.</summary>
    public bool HasRoom => peers.All.Count(peer => !peer.IsInbound && peer.Type != ConnectionType.Manual && !peer.IsDisconnected) < MaxOutbound;

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Looks until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        Log.ThreadStarted(_log, "opencon");
        var start = Now;
        _nextFeeler = Later(start, FeelerInterval);
        _nextBlockRelay = Later(start, ExtraInterval);
        _nextNetwork = Later(start, ExtraInterval);
        seeds.Start(clock.UnixSeconds);
        seeds.AddIfNeeded(clock.UnixSeconds, added.All.Length > 0);
        while (!ct.IsCancellationRequested)
        {
            await FetchAsync(ct).ConfigureAwait(false);
            await Task.Delay(Step, clock, ct).ConfigureAwait(false);
            if (!HasRoom)
            {
                continue;
            }

            seeds.AddIfNeeded(clock.UnixSeconds, added.All.Length > 0);
            if (Plan() is { } plan)
            {
                await ConnectAsync(plan, ct).ConfigureAwait(false);
            }
        }
    }

    private bool HasServices(in PeerAddress peer) => ((ServiceFlags)peer.Services).AreDesirable(isInitialDownload());

    private static bool IsFullNode(in PeerAddress peer) =>
        ((ServiceFlags)peer.Services & (ServiceFlags.Network | ServiceFlags.NetworkLimited)) != 0;

    private static bool IsGrouped(NetAddress address) =>
        address.Family is not (NetworkKind.Onion or NetworkKind.I2p or NetworkKind.Cjdns);

    private async Task FetchAsync(CancellationToken ct)
    {
        if (HasRoom && fetches.TryTake(out var name))
        {
            await opener.OpenAsync(new DialTarget(name, NetEndpoint.None), ConnectionType.AddrFetch, settings.UsesV2, ct).ConfigureAwait(false);
        }
    }

    // What kind of connection is needed next; null for none.
    private ConnectionPlan? Plan()
    {
        var all = peers.All;
        var fullRelay = all.Count(peer => peer is { Type: ConnectionType.OutboundFullRelay, IsMasternodeConnection: false });
        var blockRelay = all.Count(peer => peer.Type == ConnectionType.BlockRelay);
        if (_anchors.Count > 0 && blockRelay < counts.MaxBlockRelay)
        {
            return new ConnectionPlan(ConnectionType.BlockRelay) { IsAnchor = true };
        }

        if (fullRelay < counts.MaxFullRelay)
        {
            return new ConnectionPlan(ConnectionType.OutboundFullRelay);
        }

        if (blockRelay < counts.MaxBlockRelay)
        {
            return new ConnectionPlan(ConnectionType.BlockRelay);
        }

        if (WantsAnother)
        {
            return new ConnectionPlan(ConnectionType.OutboundFullRelay);
        }

        var now = Now;
        if (now > _nextBlockRelay && WantsExtraBlockRelay)
        {
            _nextBlockRelay = Later(now, ExtraInterval);
            return new ConnectionPlan(ConnectionType.BlockRelay);
        }

        if (now > _nextFeeler)
        {
            _nextFeeler = Later(now, FeelerInterval);
            return new ConnectionPlan(ConnectionType.Feeler);
        }

        if (fullRelay == counts.MaxFullRelay && counts.MaxFullRelay == MaxFullRelay && now > _nextNetwork && MissingNetwork() is { } network)
        {
            _nextNetwork = Later(now, ExtraInterval);
            return new ConnectionPlan(ConnectionType.OutboundFullRelay) { Network = network };
        }

        return LacksOnion(all) ? new ConnectionPlan(ConnectionType.OutboundFullRelay) { IsOnion = true } : null;
    }

    private bool LacksOnion(IEnumerable<Peer> all) =>
        reachable.Contains(NetworkKind.Onion)
        && all.Count(static peer => peer is { Type: ConnectionType.OutboundFullRelay, Network: NetworkKind.Onion }) < counts.MaxOnion;

    // A network in which we are and know nodes but have no peer.
    private NetworkKind? MissingNetwork()
    {
        var present = peers.All
            .Where(peer => peer.Type is ConnectionType.OutboundFullRelay or ConnectionType.Manual)
            .Select(peer => peer.Address.Address.Network)
            .ToHashSet();
        var missing = NetworkNames.Reachable
            .Where(network => reachable.Contains(network) && !present.Contains(network) && addresses.Count(network) > 0)
            .ToArray();
        return missing.Length == 0 ? null : missing[random.Next(missing.Length)];
    }

    private async Task ConnectAsync(ConnectionPlan plan, CancellationToken ct)
    {
        addresses.ResolveCollisions();
        var (groups, hidden) = ConnectedGroups();
        if (Draw(plan, groups) is not { } target)
        {
            return;
        }

        if (plan.Type == ConnectionType.Feeler)
        {
            // So that nobody can line up what we do.
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1000)), clock, ct).ConfigureAwait(false);
            Log.MakingFeeler(_netLog, settings.LogsAddresses ? " to " + target.Endpoint : "");
        }

        if (plan.Network is { } network)
        {
            var name = NetworkNames.Of(network);
            Log.MakingNetworkSpecific(_netLog, target.Endpoint, name);
        }

        // Alone, it is rather our connection that fails than theirs.
        var countsFailure = groups.Count + hidden >= Math.Min(counts.Max - 1, 2);
        var usesV2 = settings.UsesV2 && ((ServiceFlags)target.Services).HasFlag(ServiceFlags.P2pV2);
        await opener.OpenAsync(new DialTarget(null, target.Endpoint) { CountsFailure = countsFailure }, plan.Type, usesV2, ct).ConfigureAwait(false);
    }

    // The groups of those we stay connected to, and how many are in networks whose groups mean nothing.
    private (HashSet<string> Groups, int Hidden) ConnectedGroups()
    {
        HashSet<string> groups = new(StringComparer.Ordinal);
        var hidden = 0;
        if (settings.AllowsOneGroup)
        {
            return (groups, hidden);
        }

        foreach (var peer in peers.All)
        {
            if (peer.Type is ConnectionType.Manual or ConnectionType.OutboundFullRelay or ConnectionType.BlockRelay)
            {
                if (IsGrouped(peer.Address.Address))
                {
                    groups.Add(GroupOf(peer.Address.Address));
                }
                else
                {
                    hidden++;
                }
            }
        }

        return (groups, hidden);
    }

    private string GroupOf(NetAddress address) => Convert.ToHexString(addresses.Groups.Of(address));

    private PeerAddress? Draw(ConnectionPlan plan, HashSet<string> groups)
    {
        while (plan.IsAnchor && _anchors.TryPop(out var anchor))
        {
            var address = anchor.Endpoint.Address;
            if (address.IsValid && !local.Contains(address) && reachable.Contains(address) && HasServices(anchor) && !groups.Contains(GroupOf(address)))
            {
                Log.TryingAnchor(_netLog, anchor.Endpoint);
                return anchor;
            }
        }

        for (var draws = 1; draws <= MostDraws; draws++)
        {
            var drawn = plan.Type == ConnectionType.Feeler ? DrawForFeeler() : addresses.Select(onlyNew: false, plan.Network);
            if (drawn is not { } candidate || !candidate.Peer.Endpoint.Address.IsValid)
            {
                return null;
            }

            var endpoint = candidate.Peer.Endpoint;
            if (endpoint.Port == settings.ListenPort && local.Contains(endpoint.Address))
            {
                return null; // ourselves
            }

            if (Suits(plan, candidate.Peer, candidate.LastTry, draws, groups))
            {
                return candidate.Peer;
            }
        }

        return null;
    }

    private bool Suits(ConnectionPlan plan, in PeerAddress candidate, long lastTry, int draws, HashSet<string> groups)
    {
        var endpoint = candidate.Endpoint;
        var isFeeler = plan.Type == ConnectionType.Feeler;
        if ((!isFeeler && groups.Contains(GroupOf(endpoint.Address)))
            || !reachable.Contains(endpoint.Address)
            || (plan.IsOnion && endpoint.Address.Network != NetworkKind.Onion)
            || (clock.UnixSeconds - lastTry < RecentTry && draws < DrawsAvoidingRecent)
            || !(isFeeler ? IsFullNode(candidate) : HasServices(candidate))
            || (draws < DrawsAvoidingBadPorts && BadPorts.Contains(endpoint.Port)))
        {
            return false;
        }

        if (!added.Contains(endpoint))
        {
            return true;
        }

        var (type, network) = (ConnectionTypeNames.Of(plan.Type), NetworkNames.Of(endpoint.Address.Network));
        Log.KeptForManual(
            _netLog, plan.Network is null ? "" : "network-specific ", type, network, settings.LogsAddresses ? ": " + endpoint : "");
        return false;
    }

    private (PeerAddress Peer, long LastTry)? DrawForFeeler()
    {
        if (addresses.SelectTriedCollision() is { } collision)
        {
            if (peers.Find(collision.Peer.Endpoint) is null)
            {
                return collision;
            }

            addresses.Good(collision.Peer.Endpoint); // we are connected to it: it works
        }

        return addresses.Select(onlyNew: true);
    }

    private long Later(long now, TimeSpan interval) => now + (long)(-Math.Log(1 - random.NextDouble()) * interval.TotalMilliseconds);
}
