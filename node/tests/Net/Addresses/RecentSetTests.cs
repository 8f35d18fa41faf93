using Dash.Node.Net.Addresses;

namespace Dash.Node.Tests.Net.Addresses;

public class RecentSetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(50)]
    public void At_least_so_many_are_remembered_and_not_many_more(int capacity)
    {
        RecentSet<int> set = new(capacity);
        for (var i = 0; i < 10 * capacity; i++)
        {
            Assert.True(set.Add(i));
            Assert.All(Enumerable.Range(Math.Max(0, i - capacity + 1), Math.Min(capacity, i + 1)), value => Assert.True(set.Contains(value)));
            Assert.False(set.Contains(i - (2 * capacity) - 1));
        }

        set.Clear();
        Assert.False(set.Contains((10 * capacity) - 1));
    }

    [Fact]
    public void What_is_added_again_is_one_of_the_latest()
    {
        RecentSet<int> set = new(10);
        for (var i = 1; i < 100; i++)
        {
            set.Add(i);
            Assert.Equal(i == 1, set.Add(0));
        }

        Assert.True(set.Contains(0));
    }
}
