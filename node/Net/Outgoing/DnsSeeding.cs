using System.Net;
using System.Net.Sockets;
using System.Globalization;
using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Connecting;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Proxies;
using Dash.Node.Net.Wire;
using Dash.Primitives.Networks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Outgoing;

/// <summary>
/// Asks the seeds of the network for nodes, by the name service, when we know none or those we know don't answer. Three
/// at a time, so that no single one tells us all we know.
/// </summary>
internal sealed class DnsSeeding(
    ChainParams network,
    bool asksAll,
    AddressManager addresses,
    AddressFetches fetches,
    ProxyTable proxies,
    PeerSet peers,
    PeerAdmission admission,
    Clock clock,
    Random random,
    ILoggerFactory logs)
{
    private const int AtOnce = 3;
    private const int ManyAddresses = 1000;
    private const int MostOfOne = 32;
    private const int EnoughPeers = 2;
    private const int DaySeconds = 24 * 60 * 60;
    private static readonly TimeSpan WaitKnowingFew = TimeSpan.FromSeconds(11);
    private static readonly TimeSpan WaitKnowingMany = TimeSpan.FromMinutes(5);

    private readonly ILogger _log = logs.CreateLogger(LogCategory.None);

    /// <summary>Asks until there are peers or all seeds were asked.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        Log.ThreadStarted(_log, "dnsseed");
        var seeds = network.DnsSeeds.ToArray();
        random.Shuffle(seeds);
        var left = asksAll || addresses.Count() == 0 ? seeds.Length : 0;
        var found = 0;
        var patience = addresses.Count() >= ManyAddresses ? WaitKnowingMany : WaitKnowingFew;
        foreach (var seed in seeds)
        {
            if (left == 0)
            {
                left = AtOnce;
                if (addresses.Count() > 0 && await HasPeersAfterAsync(patience, ct).ConfigureAwait(false))
                {
                    if (found > 0)
                    {
                        Log.SeedsFound(_log, found);
                        Log.SeedingDone(_log, "Finished");
                    }
                    else
                    {
                        Log.SeedingDone(_log, "Skipped");
                    }

                    Log.ThreadEnded(_log, "dnsseed");
                    return;
                }
            }

            await WaitUntilActiveAsync(ct).ConfigureAwait(false);
            Log.AskingSeed(_log, seed);
            found += await AskAsync(seed, ct).ConfigureAwait(false);
            left--;
        }

        Log.SeedsFound(_log, found);
        Log.ThreadEnded(_log, "dnsseed");
    }

    private async Task<bool> HasPeersAfterAsync(TimeSpan patience, CancellationToken ct)
    {
        Log.WaitingForPeers(_log, (long)patience.TotalSeconds);
        for (var waited = TimeSpan.Zero; waited < patience; waited += WaitKnowingFew)
        {
            var step = patience - waited < WaitKnowingFew ? patience - waited : WaitKnowingFew;
            await Task.Delay(step, clock, ct).ConfigureAwait(false);
            if (peers.All.Count(peer => peer is { IsHandshakeDone: true, Type: ConnectionType.OutboundFullRelay }) >= EnoughPeers)
            {
                return true;
            }
        }

        return false;
    }

    private async Task WaitUntilActiveAsync(CancellationToken ct)
    {
        if (admission.IsActive)
        {
            return;
        }

        Log.WaitingForNetwork(_log);
        while (!admission.IsActive)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), clock, ct).ConfigureAwait(false);
        }
    }

    private async Task<int> AskAsync(string seed, CancellationToken ct)
    {
        // Behind a proxy nobody is asked for names: the proxy connects us to whoever has this one.
        if (proxies.ForNames is not null)
        {
            fetches.Add(seed);
            return 0;
        }

        const ServiceFlags Wanted = ServiceFlags.Network;
        var host = string.Create(CultureInfo.InvariantCulture, $"x{(ulong)Wanted:x}.{seed}");
        var found = await ResolveAsync(host, ct).ConfigureAwait(false);
        if (found.Count == 0)
        {
            fetches.Add(seed);
            return 0;
        }

        // Taken to be three to seven days old, so that what peers tell goes first.
        var now = clock.UnixSeconds;
        var port = (ushort)network.DefaultPort;
        addresses.Add(
            [
                .. found.Select(address => new PeerAddress(
                    new NetEndpoint(address, port), (ulong)Wanted, (uint)(now - (3 * DaySeconds) - random.Next(4 * DaySeconds)))),
            ],
            NetAddress.Named(host));
        return found.Count;
    }

    private static async Task<IReadOnlyList<NetAddress>> ResolveAsync(string host, CancellationToken ct)
    {
        try
        {
            var found = await Dns.GetHostAddressesAsync(host, ct).ConfigureAwait(false);
            return [.. found.Take(MostOfOne).Select(NetAddress.From).Where(address => address.Family != NetworkKind.Internal)];
        }
        catch (SocketException)
        {
            return [];
        }
    }
}
