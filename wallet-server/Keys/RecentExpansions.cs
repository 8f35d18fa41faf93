using Dash.Primitives.Descriptors;

namespace Dash.WalletServer.Keys;

/// <summary>
/// The latest expansions of a keychain: an address that is given out was worked out a thousand addresses before, when the
/// keychain was widened to it. Public keys only. Shared by all states of the keychain, for any thread; says nothing about what a
/// keychain is, so all are equal.
/// </summary>
internal sealed class RecentExpansions
{
    // The usual look-ahead and as much again; a power of two.
    private const int Kept = 2048;

    private Entry?[]? _entries;

    /// <summary>The expansion of an index, if it is remembered.</summary>
    public DescriptorExpansion? Find(int index) =>
        Volatile.Read(ref _entries) is { } entries && Volatile.Read(ref entries[index & (Kept - 1)]) is { } entry && entry.Index == index
            ? entry.Expansion
            : null;

    /// <summary>Remembers one.</summary>
    public void Put(int index, DescriptorExpansion expansion)
    {
        var entries = Volatile.Read(ref _entries);
        if (entries is null)
        {
            var made = new Entry?[Kept];
            entries = Interlocked.CompareExchange(ref _entries, made, null) ?? made;
        }

        Volatile.Write(ref entries[index & (Kept - 1)], new Entry(index, expansion));
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RecentExpansions;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;

    private sealed record Entry(int Index, DescriptorExpansion Expansion);
}
