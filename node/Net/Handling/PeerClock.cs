using Dash.Node.Net.Addresses;

namespace Dash.Node.Net.Handling;

/// <summary>
/// How far the clocks of peers are ahead of ours: the median of the first 200 hosts we connected to, which is only told,
/// and only used within 70 minutes. Written by the message loop, read by anybody.
/// </summary>
internal sealed class PeerClock
{
    private const int MaxSamples = 200;
    private const long MaxAdjustment = 70 * 60;

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
        Volatile.Write(ref _offset, Math.Abs(median) <= MaxAdjustment ? median : 0);
    }
}
