using Dash.Common.Time;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Relay;
using Dash.Primitives.Networks;

namespace Dash.Node.Net.Sporks;

/// <summary>
/// What each address was asked for, or asked us for, not long ago: an hour on the main network, five minutes on others.
/// Message loop only; follows the mock time.
/// </summary>
internal sealed class FulfilledRequests(ChainParams network, Clock clock)
{
    private const int Capacity = 10_000;
    private const long MainSeconds = 60 * 60;
    private const long OtherSeconds = 5 * 60;

    private readonly BoundedMap<(NetEndpoint Peer, string Request), long> _until = new(Capacity);

    /// <summary>Notes a request.</summary>
    /// <returns>False if the same was there lately; then nothing changes.</returns>
    public bool TryAdd(NetEndpoint peer, string request)
    {
        // On the public networks a host is one node, on those of test machines it may be many.
        var isOneHost = network.Name is "main" or "test";
        var key = (isOneHost ? peer with { Port = 0 } : peer, request);
        var now = clock.UnixSeconds;
        if (_until.TryGet(key, out var until) && now < until)
        {
            return false;
        }

        _until.Remove(key);
        _until.Set(key, now + (network.Name == "main" ? MainSeconds : OtherSeconds));
        return true;
    }
}
