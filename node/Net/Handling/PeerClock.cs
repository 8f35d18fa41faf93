using Dash.Node.Net.Addresses;

namespace Dash.Node.Net.Handling;

/// <summary>
/// How far the clocks of peers are ahead of ours: the median of the first 200 hosts we connected to, which is only told,
/// and only up to a limit. Written by the message loop, read by anybody.
/// </summary>
/// <param name="maxAdjustment">The limit, seconds.</param>
internal sealed class PeerClock(long maxAdjustment)
{
    private const int MaxSamples = 200;

    private readonly HashSet<NetAddress> _known = [];
    private readonly List<long> _samples = [0];
    private long _offset;

    /// <summary>Seconds.</summary>
    public long Offset => Volatile.Read(ref _offset);

    /// <summary>Adds a host's clock.</summary>
    public void Add(NetAddress host, long offset)
    {
        if (_known.Count >= MaxSamples || !_known.Add(host))
        {
            return;
        }

        _samples.Add(offset);
        if (_samples.Count < 5 || _samples.Count % 2 == 0)
        {
            return;
        }

        var median = _samples.Order().ElementAt(_samples.Count / 2);
        Volatile.Write(ref _offset, Math.Abs(median) <= maxAdjustment ? median : 0);
    }
}
