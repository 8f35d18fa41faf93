namespace Dash.Node.Net.Addresses;

/// <summary>The latest values that were added: at least one generation of them, at most two. Not for several threads.</summary>
internal sealed class RecentSet<T>(int generationSize)
{
    private HashSet<T> _current = [];
    private HashSet<T> _previous = [];

    /// <summary>Adds one; when the generation is full, the one before it is forgotten.</summary>
    /// <returns>Whether it was not there.</returns>
    public bool Add(T value)
    {
        if (Contains(value))
        {
            return false;
        }

        if (_current.Count >= generationSize)
        {
            (_previous, _current) = (_current, []);
        }

        return _current.Add(value);
    }

    /// <summary>Whether it is among the latest.</summary>
    public bool Contains(T value) => _current.Contains(value) || _previous.Contains(value);

    /// <summary>Forgets all.</summary>
    public void Clear() => (_previous, _current) = ([], []);
}
