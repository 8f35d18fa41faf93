using Dash.Rpc.Http;

namespace Dash.Rpc.Tests.Http;

public sealed class TurnsTests
{
    [Fact]
    public void Each_line_has_its_turn_after_the_others_however_long_it_is()
    {
        Turns<string> turns = new();
        Turns<string>.Line greedy = new(), other = new(), third = new();
        foreach (var item in (string[])["g1", "g2", "g3", "g4"])
        {
            turns.Put(greedy, item);
        }

        turns.Put(other, "o1");
        turns.Put(other, "o2");
        Assert.Equal(["g1", "o1", "g2"], Take(turns, 3));
        turns.Put(third, "t1");
        Assert.Equal(["o2", "g3", "t1", "g4"], Take(turns, 4));
        Assert.False(turns.TryTake(out _));

        // A line that was empty is there again.
        turns.Put(other, "o3");
        Assert.Equal(["o3"], Take(turns, 1));
    }

    private static List<string> Take(Turns<string> turns, int count)
    {
        List<string> taken = [];
        while (taken.Count < count && turns.TryTake(out var item))
        {
            taken.Add(item);
        }

        return taken;
    }
}
