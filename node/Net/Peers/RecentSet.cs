using Dash.Node.Net.Addresses;
using Dash.Primitives.Hashing;

namespace Dash.Node.Net.Peers;

/// <summary>
/// Remembers the last hashes it was given, at least <paramref name="capacity"/> and at most half as many more, by 64 of
/// their bits. Not for several threads.
/// </summary>
/// <param name="capacity">How many at least.</param>
internal sealed class RecentSet(int capacity)
{
    private readonly RecentSet<ulong> _words = new(capacity);

    /// <summary>Whether it was given lately.</summary>
    public bool Contains(Uint256 hash) => _words.Contains(hash.LowWord);

    /// <summary>Remembers one.</summary>
    public void Add(Uint256 hash) => _words.Add(hash.LowWord);

    /// <summary>Forgets all.</summary>
    public void Clear() => _words.Clear();
}
