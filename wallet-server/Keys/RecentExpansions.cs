using Dash.Primitives.Descriptors;

namespace Dash.WalletServer.Keys;

/// <summary>
/// The latest expansions of a keychain: an address that is given out was worked out a thousand addresses before, when the
/// keychain was widened to it. Public keys only. Shared by all states of the keychain, for any thread; says nothing about what a
/// keychain is, so all are equal.
/// </summary>
internal sealed class RecentExpansions
{
    // The usual look-ahead and as much again. An index has some places among which the oldest is given up: with one alone, a few addresses
    // asked for again and again drive each other out. Powers of two.
    private const int Kept = 2048;
    private const int Places = 4;
    private const int Sets = Kept / Places;

    private Memory? _memory;

    /// <summary>The expansion of an index, if it is remembered.</summary>
    public DescriptorExpansion? Find(int index)
    {
        if (Volatile.Read(ref _memory) is not { } memory)
        {
            return null;
        }

        var first = (index & (Sets - 1)) * Places;
        for (var place = first; place < first + Places; place++)
        {
            if (Volatile.Read(ref memory.Entries[place]) is { } entry && entry.Index == index)
            {
                return entry.Expansion;
            }
        }

        return null;
    }

    /// <summary>Remembers one that is not.</summary>
    public void Put(int index, DescriptorExpansion expansion)
    {
        var memory = Volatile.Read(ref _memory);
        if (memory is null)
        {
            Memory made = new(new Entry?[Kept], new int[Sets]);
            memory = Interlocked.CompareExchange(ref _memory, made, null) ?? made;
        }

        var set = index & (Sets - 1);
        var oldest = (Interlocked.Increment(ref memory.Turns[set]) - 1) & (Places - 1);
        Volatile.Write(ref memory.Entries[(set * Places) + oldest], new Entry(index, expansion));
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RecentExpansions;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;

    private sealed record Entry(int Index, DescriptorExpansion Expansion);

    private sealed record Memory(Entry?[] Entries, int[] Turns);
}
