namespace Dash.Ipc.Connections;

/// <summary>How long the peer took to answer lately: what tells a slow link from a dead one. Any thread.</summary>
internal sealed class RoundTrips
{
    private const int Kept = 4;

    private readonly Lock _gate = new(); // protects the list
    private readonly List<TimeSpan> _last = [];

    /// <summary>The peer has answered before.</summary>
    internal bool Any
    {
        get
        {
            lock (_gate)
            {
                return _last.Count > 0;
            }
        }
    }

    /// <summary>The longest of the last four.</summary>
    internal TimeSpan Longest => FromTop(0);

    /// <summary>What two of the last four took, or the only one: a single hiccup does not count.</summary>
    internal TimeSpan Usual => FromTop(1);

    /// <summary>The peer has answered after this time.</summary>
    internal void Add(TimeSpan taken)
    {
        lock (_gate)
        {
            if (_last.Count == Kept)
            {
                _last.RemoveAt(0);
            }

            _last.Add(taken);
        }
    }

    private TimeSpan FromTop(int place)
    {
        lock (_gate)
        {
            return _last.OrderDescending().Take(place + 1).LastOrDefault();
        }
    }
}
