using Dash.Primitives.Hashing;

namespace Dash.Primitives.Blocks;

/// <summary>The tree of double SHA-256 over txids whose root a block header names.</summary>
public static class MerkleTree
{
    /// <summary>
    /// The root of the leaves; zero for none. A level of odd length repeats its last hash. Mutated is whether two
    /// equal hashes stand side by side as a pair on some level, so that a longer list with repeated transactions has
    /// the same root (CVE-2012-2459).
    /// </summary>
    public static Uint256 Root(IReadOnlyList<Uint256> leaves, out bool mutated)
    {
        ArgumentNullException.ThrowIfNull(leaves);
        mutated = false;
        if (leaves.Count == 0)
        {
            return Uint256.Zero;
        }

        var level = leaves.ToArray();
        var count = level.Length;
        Span<byte> pair = stackalloc byte[2 * Uint256.Size];
        while (count > 1)
        {
            var next = 0;
            for (var i = 0; i < count; i += 2)
            {
                var right = Math.Min(i + 1, count - 1);
                mutated |= right > i && level[i] == level[right];
                level[i].CopyTo(pair);
                level[right].CopyTo(pair[Uint256.Size..]);
                level[next++] = Hashes.Sha256d(pair);
            }

            count = next;
        }

        return level[0];
    }
}
