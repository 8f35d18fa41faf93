using System.Security.Cryptography;
using Dash.Node.Consensus;
using Dash.Primitives.Hashing;

namespace Dash.Node.Tests.Consensus;

public class PassedSetTests
{
    [Fact]
    public void What_was_added_is_found_and_nothing_else()
    {
        var set = new PassedSet(1 << 16);
        var hashes = Enumerable.Range(0, 500).Select(HashOf).ToArray();
        foreach (var hash in hashes)
        {
            Assert.False(set.Contains(hash));
            set.Add(hash);
            Assert.True(set.Contains(hash));
        }

        Assert.False(set.Contains(HashOf(-1)));
    }

    [Fact]
    public void Older_hashes_give_way_when_it_is_full()
    {
        var set = new PassedSet(1 << 12);
        for (var i = 0; i < 10_000; i++)
        {
            set.Add(HashOf(i));
            Assert.True(set.Contains(HashOf(i)));
        }

        Assert.True(Enumerable.Range(0, 10_000).Count(i => set.Contains(HashOf(i))) <= set.Capacity);
    }

    private static Uint256 HashOf(int number) => new(SHA256.HashData(BitConverter.GetBytes(number)));
}
