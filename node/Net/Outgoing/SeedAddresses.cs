using Dash.Node.Net.Addresses;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Outgoing;

/// <summary>
/// Addresses that come with the program, for when nobody else tells any: after a minute, or at once if there is nobody to
/// wait for. Only for networks of which no address is known.
/// </summary>
internal sealed class SeedAddresses(
    IReadOnlyList<NetEndpoint> fixedSeeds,
    bool isOn,
    bool waitsForOthers,
    AddressManager addresses,
    ReachableNetworks reachable,
    Random random,
    ILogger log,
    ILogger netLog)
{
    private const long Patience = 60;
    private const int WeekSeconds = 7 * 24 * 60 * 60;

    private bool _isDone = !isOn;
    private long _start;

    /// <summary>The time is running.</summary>
    public void Start(long now)
    {
        _start = now;
        if (!isOn)
        {
            Log.FixedSeedsOff(log);
        }
    }

    /// <summary>Adds them if it is time.</summary>
    /// <param name="now">The time, Unix seconds.</param>
    /// <param name="hasAddedPeers">Whether the user named nodes that could tell addresses.</param>
    public void AddIfNeeded(long now, bool hasAddedPeers)
    {
        if (_isDone)
        {
            return;
        }

        var empty = NetworkNames.Reachable.Where(network => reachable.Contains(network) && addresses.Count(network) == 0).ToHashSet();
        if (empty.Count == 0)
        {
            return;
        }

        if (now > _start + Patience)
        {
            Log.FixedSeedsAfterWaiting(log);
        }
        else if (!waitsForOthers && !hasAddedPeers)
        {
            Log.FixedSeedsAtOnce(log);
        }
        else
        {
            return;
        }

        List<PeerAddress> added = [];
        foreach (var seed in fixedSeeds.Where(seed => empty.Contains(seed.Address.Network)))
        {
            // One to two weeks old: anything else goes first.
            added.Add(new PeerAddress(seed, Services: 1, (uint)(now - WeekSeconds - random.Next(WeekSeconds))));
            Log.FixedSeed(netLog, seed);
        }

        addresses.Add(added, NetAddress.Named("fixedseeds"));
        _isDone = true;
        Log.FixedSeedsAdded(log, added.Count);
    }
}
