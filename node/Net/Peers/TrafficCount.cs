namespace Dash.Node.Net.Peers;

/// <summary>Counts bytes by message. Any thread.</summary>
internal sealed class TrafficCount
{
    private readonly Lock _gate = new(); // protects the fields below
    private readonly SortedDictionary<string, long> _byType = new(StringComparer.Ordinal);
    private long _total;

    /// <summary>All bytes.</summary>
    public long Total => Volatile.Read(ref _total);

    /// <summary>Adds bytes, whatever they are of.</summary>
    public void Add(long bytes) => Interlocked.Add(ref _total, bytes);

    /// <summary>Says what bytes were of.</summary>
    public void Assign(string type, int bytes)
    {
        lock (_gate)
        {
            _byType[type] = _byType.GetValueOrDefault(type) + bytes;
        }
    }

    /// <summary>Bytes by message, by name.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> ByType()
    {
        lock (_gate)
        {
            return [.. _byType];
        }
    }
}
