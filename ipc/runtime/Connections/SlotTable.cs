namespace Dash.Ipc.Connections;

/// <summary>
/// Entries by numbers that we choose; a number is used again soon after it was freed. Not for concurrent use.
/// </summary>
internal sealed class SlotTable<T>
    where T : class
{
    private readonly List<T?> _entries = [];
    private readonly Stack<uint> _free = new();
    private int _vacant;

    /// <summary>Entries in use.</summary>
    internal int Count => _entries.Count - _free.Count - _vacant;

    internal IEnumerable<T> Entries => _entries.OfType<T>();

    /// <summary>The entry of that number, or null.</summary>
    internal T? this[uint id] => id < (uint)_entries.Count ? _entries[(int)id] : null;

    /// <summary>The number that the next entry gets.</summary>
    internal uint Next => _free.TryPeek(out var id) ? id : (uint)_entries.Count;

    /// <summary>Puts an entry at <see cref="Next"/>.</summary>
    internal uint Add(T entry)
    {
        if (_free.TryPop(out var id))
        {
            _entries[(int)id] = entry;
            return id;
        }

        id = (uint)_entries.Count;
        _entries.Add(entry);
        return id;
    }

    /// <summary>Frees a number that is in use.</summary>
    internal void Remove(uint id)
    {
        _entries[(int)id] = null;
        _free.Push(id);
    }

    /// <summary>Takes an entry out whose number is not to be used again before <see cref="Free"/>.</summary>
    internal void Vacate(uint id)
    {
        _entries[(int)id] = null;
        _vacant++;
    }

    /// <summary>Frees a number that was vacated.</summary>
    internal void Free(uint id)
    {
        _vacant--;
        _free.Push(id);
    }

    /// <summary>Frees all and gives what was in use.</summary>
    internal List<T> Clear()
    {
        List<T> entries = [.. Entries];
        _entries.Clear();
        _free.Clear();
        _vacant = 0;
        return entries;
    }
}
