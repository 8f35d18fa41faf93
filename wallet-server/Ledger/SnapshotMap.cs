using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Dash.WalletServer.Ledger;

/// <summary>
/// An immutable map that is cheap to change a little: a plain dictionary shared as base under a small immutable overlay
/// (null = removed), folded into a new base when the overlay passes an eighth of it. Look-ups and iteration stay near a
/// dictionary's, a change costs microseconds, the fold is paid by the writer alone.
/// </summary>
internal sealed class SnapshotMap<TKey, TValue> : IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : notnull
    where TValue : class
{
    private const int SmallestFold = 64;

    private readonly Dictionary<TKey, TValue> _base;
    private readonly ImmutableDictionary<TKey, TValue?> _overlay;

    private SnapshotMap(Dictionary<TKey, TValue> @base, ImmutableDictionary<TKey, TValue?> overlay, int count)
    {
        _base = @base;
        _overlay = overlay;
        Count = count;
    }

    /// <summary>Nothing in it.</summary>
    public static SnapshotMap<TKey, TValue> Empty { get; } = Of([]);

    /// <summary>How many entries.</summary>
    public int Count { get; }

    /// <summary>Takes the dictionary over; the caller must not change it any more.</summary>
    public static SnapshotMap<TKey, TValue> Of(Dictionary<TKey, TValue> entries) =>
        new(entries, ImmutableDictionary<TKey, TValue?>.Empty, entries.Count);

    /// <summary>Looks one entry up.</summary>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_overlay.TryGetValue(key, out var changed))
        {
            value = changed;
            return changed is not null;
        }

        return _base.TryGetValue(key, out value);
    }

    /// <summary>Is the key there?</summary>
    public bool ContainsKey(TKey key) => TryGetValue(key, out _);

    /// <summary>The value, or null.</summary>
    public TValue? Find(TKey key) => TryGetValue(key, out var value) ? value : null;

    /// <summary>This map with some entries set (or removed, where the value is null).</summary>
    public SnapshotMap<TKey, TValue> With(IReadOnlyCollection<KeyValuePair<TKey, TValue?>> changes)
    {
        if (changes.Count == 0)
        {
            return this;
        }

        var overlay = _overlay.ToBuilder();
        var count = Count;
        foreach (var (key, value) in changes)
        {
            var had = overlay.TryGetValue(key, out var before) ? before is not null : _base.ContainsKey(key);
            count += (value is null ? 0 : 1) - (had ? 1 : 0);
            if (value is null && !_base.ContainsKey(key))
            {
                overlay.Remove(key);
            }
            else
            {
                overlay[key] = value;
            }
        }

        return overlay.Count > Math.Max(SmallestFold, _base.Count / 8)
            ? Of(Fold(overlay))
            : new(_base, overlay.ToImmutable(), count);
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator()
    {
        var hidden = Hidden();
        foreach (var entry in _base)
        {
            if (hidden is null || !hidden.Contains(entry.Key))
            {
                yield return entry;
            }
        }

        foreach (var (key, value) in _overlay)
        {
            if (value is not null)
            {
                yield return new(key, value);
            }
        }
    }

    /// <summary>The values alone.</summary>
    public IEnumerable<TValue> Values
    {
        get
        {
            var hidden = Hidden();
            foreach (var entry in _base)
            {
                if (hidden is null || !hidden.Contains(entry.Key))
                {
                    yield return entry.Value;
                }
            }

            foreach (var entry in _overlay)
            {
                if (entry.Value is { } value)
                {
                    yield return value;
                }
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // What the overlay says something else about; null where that is nothing. Most of a large overlay is new, and who walks all entries
    // asks about each.
    private HashSet<TKey>? Hidden()
    {
        HashSet<TKey>? hidden = null;
        foreach (var (key, _) in _overlay)
        {
            if (_base.ContainsKey(key))
            {
                (hidden ??= []).Add(key);
            }
        }

        return hidden;
    }

    private Dictionary<TKey, TValue> Fold(IEnumerable<KeyValuePair<TKey, TValue?>> overlay)
    {
        var folded = new Dictionary<TKey, TValue>(_base);
        foreach (var (key, value) in overlay)
        {
            if (value is null)
            {
                folded.Remove(key);
            }
            else
            {
                folded[key] = value;
            }
        }

        return folded;
    }
}
