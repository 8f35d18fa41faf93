namespace Dash.Node.Net.Addresses;

/// <summary>The networks in which peers are looked for. Set up at the start; the onion network may be added later. Any thread.</summary>
internal sealed class ReachableNetworks
{
    private int _mask; // a bit a network

    /// <summary>Exactly these.</summary>
    public ReachableNetworks(IEnumerable<NetworkKind> networks)
    {
        foreach (var network in networks)
        {
            Add(network);
        }
    }

    /// <summary>Whether fc00::/8 is CJDNS here rather than a private network.</summary>
    public bool TakesCjdns => Contains(NetworkKind.Cjdns);

    /// <summary>Whether a network is reached.</summary>
    public bool Contains(NetworkKind network) => (Volatile.Read(ref _mask) & (1 << (int)network)) != 0;

    /// <summary>Whether the network of an address is reached.</summary>
    public bool Contains(NetAddress address) => Contains(address.Network);

    /// <summary>Adds a network.</summary>
    public void Add(NetworkKind network) => Interlocked.Or(ref _mask, 1 << (int)network);

    /// <summary>Takes a network out.</summary>
    public void Remove(NetworkKind network) => Interlocked.And(ref _mask, ~(1 << (int)network));
}
