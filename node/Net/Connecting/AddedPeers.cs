using System.Collections.Immutable;
using Dash.Common.Logging;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Connecting;

/// <summary>The nodes the user wants to stay connected to (<c>-addnode</c>, <c>addnode add</c>), and the loop that does it.</summary>
internal sealed class AddedPeers(PeerSet peers, PeerOpener opener, ushort defaultPort, TimeProvider time, ILoggerFactory logs)
{
    private static readonly TimeSpan BetweenPeers = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WhenTried = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WhenAllThere = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new(); // protects _all
    private readonly ILogger _log = logs.CreateLogger(LogCategory.None);
    private ImmutableArray<AddedPeer> _all = [];

    /// <summary>All of them, connected or not.</summary>
    public ImmutableArray<AddedPeer> All
    {
        get
        {
            lock (_gate)
            {
                return _all;
            }
        }
    }

    /// <summary>Adds one.</summary>
    /// <returns>False if it is there, perhaps under another spelling.</returns>
    public bool Add(AddedPeer peer)
    {
        lock (_gate)
        {
            if (_all.Any(other => IsSame(other.Name, peer.Name)))
            {
                return false;
            }

            _all = _all.Add(peer);
            return true;
        }
    }

    /// <summary>Takes one out; its connection stays.</summary>
    /// <returns>False if it was not there.</returns>
    public bool Remove(string name)
    {
        lock (_gate)
        {
            var found = _all.FirstOrDefault(peer => string.Equals(peer.Name, name, StringComparison.Ordinal));
            _all = found is null ? _all : _all.Remove(found);
            return found is not null;
        }
    }

    /// <summary>Whether an address is that of one of them.</summary>
    public bool Contains(NetEndpoint endpoint) =>
        All.Any(peer => NetEndpoint.TryParse(peer.Name, defaultPort, out var known) && known == endpoint);

    /// <summary>The peer by which an added node is connected, or null.</summary>
    public Peer? Find(AddedPeer added) =>
        (NetEndpoint.TryParse(added.Name, defaultPort, out var endpoint) ? peers.Find(endpoint) : null) ?? peers.Find(added.Name);

    /// <summary>Connects to those that are not, again and again.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        Log.ThreadStarted(_log, "addcon");
        while (!ct.IsCancellationRequested)
        {
            var hasTried = false;
            foreach (var added in All.Where(added => Find(added) is null))
            {
                if (CountConnected() >= NetLimits.MaxAddedConnections)
                {
                    break;
                }

                hasTried = true;
                await opener.OpenAsync(new DialTarget(added.Name, NetEndpoint.None), ConnectionType.Manual, added.UseV2, ct).ConfigureAwait(false);
                await Task.Delay(BetweenPeers, time, ct).ConfigureAwait(false);
            }

            await Task.Delay(hasTried ? WhenTried : WhenAllThere, time, ct).ConfigureAwait(false);
        }
    }

    private int CountConnected() => All.Count(added => Find(added) is not null);

    private bool IsSame(string left, string right) =>
        string.Equals(left, right, StringComparison.Ordinal)
        || (NetEndpoint.TryParse(left, defaultPort, out var first) && NetEndpoint.TryParse(right, defaultPort, out var second) && first == second);
}
