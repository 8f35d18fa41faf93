using Dash.Node.Net.Addresses;

namespace Dash.Node.Net.Proxies;

/// <summary>Through which proxy each network is reached. Set up at the start; the onion proxy may be found later. Any thread.</summary>
internal sealed class ProxyTable
{
    private readonly Lock _gate = new(); // protects both fields below
    private readonly Dictionary<NetworkKind, ProxyAddress> _proxies = [];
    private ProxyAddress? _names;

    /// <summary>The proxy that is told names, so that nobody is asked for their addresses here; null for none.</summary>
    public ProxyAddress? ForNames
    {
        get
        {
            lock (_gate)
            {
                return _names;
            }
        }

        set
        {
            lock (_gate)
            {
                _names = value;
            }
        }
    }

    /// <summary>The proxy of a network; null if it is reached directly.</summary>
    public ProxyAddress? Find(NetworkKind network)
    {
        lock (_gate)
        {
            return _proxies.GetValueOrDefault(network);
        }
    }

    /// <summary>Sets the proxy of a network.</summary>
    public void Set(NetworkKind network, ProxyAddress proxy)
    {
        lock (_gate)
        {
            _proxies[network] = proxy;
        }
    }
}
