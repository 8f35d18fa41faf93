using System.Diagnostics.CodeAnalysis;

namespace Dash.Node.Net.Relay;

/// <summary>A map that lets the oldest entries go when there are too many. Not for several threads.</summary>
/// <param name="capacity">How many are kept.</param>
internal sealed class BoundedMap<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Dictionary<TKey, (TValue Value, LinkedListNode<TKey> Place)> _entries = [];
    private readonly LinkedList<TKey> _order = [];

    /// <summary>The value of a key.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var isThere = _entries.TryGetValue(key, out var entry);
        value = entry.Value;
        return isThere;
    }

    /// <summary>Sets the value of a key; a key that is there stays as old as it was.</summary>
    public void Set(TKey key, TValue value)
    {
        if (_entries.TryGetValue(key, out var entry))
        {
            _entries[key] = (value, entry.Place);
            return;
        }

        _entries[key] = (value, _order.AddLast(key));
        if (_order.Count > capacity && _order.First is { } oldest)
        {
            _order.RemoveFirst();
            _entries.Remove(oldest.Value);
        }
    }

    /// <summary>Removes a key.</summary>
    public void Remove(TKey key)
    {
        if (_entries.Remove(key, out var entry))
        {
            _order.Remove(entry.Place);
        }
    }
}
