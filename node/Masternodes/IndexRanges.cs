using System.Collections.Immutable;

namespace Dash.Node.Masternodes;

/// <summary>A set of numbers that mostly follow one another. Immutable.</summary>
internal sealed class IndexRanges
{
    /// <summary>No number.</summary>
    public static readonly IndexRanges Empty = new(ImmutableSortedDictionary<ulong, ulong>.Empty);

    // The last number of each run by its first.
    private readonly ImmutableSortedDictionary<ulong, ulong> _runs;

    /// <summary>A set by its runs, which must not touch.</summary>
    public IndexRanges(ImmutableSortedDictionary<ulong, ulong> runs)
    {
        _runs = runs;
    }

    /// <summary>The last number of each run by its first.</summary>
    public ImmutableSortedDictionary<ulong, ulong> Runs => _runs;

    /// <summary>Whether a number is in it.</summary>
    public bool Contains(ulong number) => FindRun(number) is { } run && number <= run.Value;

    /// <summary>The set with one more number; the same if it is in it.</summary>
    public IndexRanges With(ulong number)
    {
        var before = FindRun(number);
        if (before is { } run && number <= run.Value)
        {
            return this;
        }

        var (first, last) = (number, number);
        var runs = _runs;
        if (before is { } left && left.Value + 1 == number)
        {
            first = left.Key;
        }

        if (number != ulong.MaxValue && runs.TryGetValue(number + 1, out var right))
        {
            last = right;
            runs = runs.Remove(number + 1);
        }

        return new IndexRanges(runs.SetItem(first, last));
    }

    // The last run that begins at the number or before it.
    private KeyValuePair<ulong, ulong>? FindRun(ulong number)
    {
        if (_runs.TryGetValue(number, out var exact))
        {
            return new(number, exact);
        }

        KeyValuePair<ulong, ulong>? found = null;
        foreach (var run in _runs)
        {
            if (run.Key > number)
            {
                break;
            }

            found = run;
        }

        return found;
    }
}
