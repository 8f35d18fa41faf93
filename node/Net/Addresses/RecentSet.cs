namespace Dash.Node.Net.Addresses;

/// <summary>The latest values that were added: at least so many, at most half as many more. Not for several threads.</summary>
/// <param name="capacity">How many at least.</param>
internal sealed class RecentSet<T>(int capacity)
{
    private readonly int _generationSize = (capacity + 1) / 2;
    private HashSet<T> _current = [];
    private HashSet<T> _previous = [];
    private HashSet<T> _oldest = [];

    /// <summary>Adds one, or makes it one of the latest again; when a generation is full, the oldest is forgotten.</summary>
    /// <returns>Whether it was not there.</returns>
    public bool Add(T value)
    {
        var isNew = !Contains(value);
        if (_current.Count >= _generationSize)
        {
            (_oldest, _previous, _current) = (_previous, _current, []);
        }

        _current.Add(value);
        return isNew;
    }

    /// <summary>Whether it is among the latest.</summary>
    public bool Contains(T value) => _current.Contains(value) || _previous.Contains(value) || _oldest.Contains(value);

    /// <summary>Forgets all.</summary>
    public void Clear() => (_oldest, _previous, _current) = ([], [], []);
}
