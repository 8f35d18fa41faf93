using Dash.Node.Net.Relay;

namespace Dash.Node.Tests.Net.Relay;

public class BoundedMapTests
{
    [Fact]
    public void A_bounded_map_lets_the_oldest_go()
    {
        BoundedMap<int, string> map = new(2);
        map.Set(1, "one");
        map.Set(2, "two");
        map.Set(1, "again");
        map.Set(3, "three");
        Assert.False(map.TryGet(1, out _));
        Assert.True(map.TryGet(2, out var two));
        Assert.Equal("two", two);
        map.Remove(2);
        map.Set(4, "four");
        Assert.True(map.TryGet(3, out _));
    }
}
