using Dash.Primitives.Descriptors;
using Dash.WalletServer.Keys;

namespace Dash.WalletServer.Tests;

public sealed class RecentExpansionsTests
{
    [Fact]
    public void The_latest_indexes_that_follow_each_other_are_remembered()
    {
        RecentExpansions recent = new();
        Assert.Null(recent.Find(0));
        for (var index = 0; index < 5_000; index++)
        {
            recent.Put(index, Of(index));
        }

        Assert.All(Enumerable.Range(5_000 - 2_048, 2_048), index => Assert.Equal(index, NumberOf(recent.Find(index))));
        Assert.All(Enumerable.Range(0, 5_000 - 2_048), index => Assert.Null(recent.Find(index)));
    }

    [Theory]
    [InlineData(2_048, 4, 500)]
    [InlineData(50_000, 20, 50)]
    public void Addresses_from_all_over_a_keychain_do_not_drive_each_other_out(int distance, int groups, int inEach)
    {
        RecentExpansions recent = new();
        var all = Enumerable.Range(0, groups).SelectMany(group => Enumerable.Range(group * distance, inEach)).ToList();
        all.ForEach(index => recent.Put(index, Of(index)));

        Assert.All(all, index => Assert.Equal(index, NumberOf(recent.Find(index))));
    }

    private static DescriptorExpansion Of(int index) => new([new Primitives.Scripts.Script(BitConverter.GetBytes(index))], [], [], DescriptorCache.Empty);

    private static int? NumberOf(DescriptorExpansion? expansion) =>
        expansion is null ? null : BitConverter.ToInt32(expansion.Scripts[0].Span);
}
