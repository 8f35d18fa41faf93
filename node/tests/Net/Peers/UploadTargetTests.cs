using Dash.Common.Time;
using Dash.Node.Net.Peers;

namespace Dash.Node.Tests.Net.Peers;

public class UploadTargetTests
{
    private const long Start = 1_700_000_000;
    private const long Day = 24 * 60 * 60;
    private const long Blocks = 144 * 2_000_000L; // one of the greatest size for each ten minutes of the day

    private readonly Clock _clock = new();

    public UploadTargetTests() => _clock.SetMockTime(Start);

    [Fact]
    public void Without_a_limit_nothing_is_counted()
    {
        UploadTarget target = new(0, _clock);
        target.Add(int.MaxValue);
        Assert.False(target.IsReached(forHistoricalBlock: true));
        Assert.Equal((0, 0), (target.BytesLeft, target.SecondsLeft));
    }

    [Fact]
    public void Old_blocks_are_refused_while_room_is_kept_for_the_new_ones_of_the_day()
    {
        UploadTarget target = new(Blocks + 1000, _clock);
        Assert.Equal(Day, target.SecondsLeft);
        target.Add(999);
        Assert.False(target.IsReached(forHistoricalBlock: true));
        target.Add(1);
        Assert.True(target.IsReached(forHistoricalBlock: true));
        Assert.False(target.IsReached(forHistoricalBlock: false));
        Assert.Equal(Blocks, target.BytesLeft);

        // One block less is to come.
        _clock.SetMockTime(Start + 601);
        Assert.Equal(Day - 601, target.SecondsLeft);
        Assert.False(target.IsReached(forHistoricalBlock: true));
        target.Add(4_000_000 - 1);
        Assert.False(target.IsReached(forHistoricalBlock: true));
        target.Add(1);
        Assert.True(target.IsReached(forHistoricalBlock: true));
    }

    [Fact]
    public void A_limit_below_what_is_kept_for_new_blocks_leaves_nothing_for_old_ones()
    {
        UploadTarget target = new(Blocks, _clock);
        Assert.True(target.IsReached(forHistoricalBlock: true));
        Assert.False(target.IsReached(forHistoricalBlock: false));
    }

    [Fact]
    public void It_begins_anew_with_the_first_byte_after_a_day()
    {
        UploadTarget target = new(1000, _clock);
        target.Add(5000);
        Assert.Equal(0, target.BytesLeft);
        Assert.True(target.IsReached(forHistoricalBlock: false));
        _clock.SetMockTime(Start + Day + 1);
        Assert.Equal(0, target.SecondsLeft);
        Assert.True(target.IsReached(forHistoricalBlock: false));
        target.Add(1);
        Assert.Equal((999, Day), (target.BytesLeft, target.SecondsLeft));
        Assert.False(target.IsReached(forHistoricalBlock: false));
    }
}
