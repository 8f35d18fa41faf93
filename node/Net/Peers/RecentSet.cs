using Dash.Primitives.Hashing;

namespace Dash.Node.Net.Peers;

/// <summary>
/// Remembers the last hashes it was given, at least <paramref name="capacity"/> and at most twice as many, by 64 of their
/// bits. Not for several threads.
/// </summary>
/// <param name="capacity">How many at least.</param>
internal sealed class RecentSet(int capacity)
{
    private HashSet<ulong> _newer = [];
    private HashSet<ulong> _older = [];

    /// <summary>Whether it was given lately.</summary>
    public bool Contains(Uint256 hash) => _newer.Contains(hash.LowWord) || _older.Contains(hash.LowWord);

    /// <summary>Remembers one.</summary>
    public void Add(Uint256 hash)
    {
        if (_newer.Count >= capacity)
        {
            _older = _newer;
            _newer = [];
        }

        _newer.Add(hash.LowWord);
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _newer.Clear();
        _older.Clear();
    }
}
