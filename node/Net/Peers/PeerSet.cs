using System.Collections.Immutable;
using Dash.Node.Net.Addresses;

namespace Dash.Node.Net.Peers;

/// <summary>
/// The peers there are, in the order in which they came. A peer that is gone leaves it at once; the message loop hears of
/// it by <see cref="TryTakeGone"/>. Any thread.
/// </summary>
internal sealed class PeerSet
{
    private readonly Lock _gate = new(); // protects the fields below
    private readonly Queue<Peer> _gone = new();
    private ImmutableArray<Peer> _all = [];
    private long _nextId;

    /// <summary>All peers now.</summary>
    public ImmutableArray<Peer> All
    {
        get
        {
            lock (_gate)
            {
                return _all;
            }
        }
    }

    /// <summary>The number of the next peer.</summary>
    public long NextId() => Interlocked.Increment(ref _nextId) - 1;

    /// <summary>Adds one.</summary>
    public void Add(Peer peer)
    {
        lock (_gate)
        {
            _all = _all.Add(peer);
        }
    }

    /// <summary>Takes one out whose connection has ended.</summary>
    public void Remove(Peer peer)
    {
        lock (_gate)
        {
            _all = _all.Remove(peer);
            _gone.Enqueue(peer);
        }
    }

    /// <summary>A peer that is gone and that the message loop has still to forget.</summary>
    public bool TryTakeGone(out Peer? peer)
    {
        lock (_gate)
        {
            return _gone.TryDequeue(out peer);
        }
    }

    /// <summary>The peer of a number, or null.</summary>
    public Peer? Find(long id) => All.FirstOrDefault(peer => peer.Id == id);

    /// <summary>The peer of an address as text or of the name it was called by, or null.</summary>
    public Peer? Find(string name) => All.FirstOrDefault(peer => string.Equals(peer.Name, name, StringComparison.Ordinal));

    /// <summary>The peer at an address and port, or null.</summary>
    public Peer? Find(NetEndpoint endpoint) => All.FirstOrDefault(peer => peer.Address == endpoint);
}
