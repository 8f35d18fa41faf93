namespace Dash.Ipc.Multiprocess;

/// <summary>
/// The objects of ours that one peer holds, by what they are given out as: an object that is given out again is the
/// same
/// object for the peer, and ends when the last of it is let go.
/// </summary>
internal sealed class ServedObjects
{
    // Protects the table.
    private readonly Lock _gate = new();
    private readonly Dictionary<Type, Dictionary<object, ProxyServer>> _servers = [];

    /// <summary>The server of an object, with a reference for the caller.</summary>
    internal ProxyServer Get<T>(T target, Func<T, ProxyConnection, ProxyServer> makeServer, ProxyConnection connection)
        where T : class
    {
        lock (_gate)
        {
            if (!_servers.TryGetValue(typeof(T), out var ofType))
            {
                _servers.Add(typeof(T), ofType = new Dictionary<object, ProxyServer>(ReferenceEqualityComparer.Instance));
            }

            if (ofType.TryGetValue(target, out var known) && !known.IsDestroyed && known.TryAddReference())
            {
                return known;
            }

            var made = makeServer(target, connection);
            ofType[target] = made;
            return made;
        }
    }

    /// <summary>Forgets a server that the peer has let go.</summary>
    internal void Remove(ProxyServer server)
    {
        lock (_gate)
        {
            foreach (var ofType in _servers.Values)
            {
                if (ofType.TryGetValue(server.Target, out var known) && known == server)
                {
                    ofType.Remove(server.Target);
                }
            }
        }
    }
}
