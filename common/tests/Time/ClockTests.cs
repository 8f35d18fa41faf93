using Dash.Common.Time;

namespace Dash.Common.Tests.Time;

public class ClockTests
{
    [Fact]
    public void Wall_time_follows_mock_time_and_returns_to_real_time_at_zero()
    {
        var clock = new Clock(new FixedTime(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000)));

        clock.SetMockTime(1_417_713_337);
        Assert.Equal(1_417_713_337, clock.GetUtcNow().ToUnixTimeSeconds());
        Assert.Equal(1_417_713_337, clock.UnixSeconds);
        Assert.Equal(1_700_000_000, clock.RealUtcNow.ToUnixTimeSeconds());

        clock.SetMockTime(0);
        Assert.Equal(1_700_000_000, clock.UnixSeconds);
        Assert.Equal(0, clock.MockTime);
    }

    [Fact]
    public void Timestamps_are_real_under_mock_time()
    {
        var clock = new Clock();
        clock.SetMockTime(1);
        var before = clock.GetTimestamp();
        Assert.True(clock.GetElapsedTime(before) >= TimeSpan.Zero);
        Assert.Equal(TimeProvider.System.TimestampFrequency, clock.TimestampFrequency);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void Times_outside_the_calendar_are_refused(long seconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Clock().SetMockTime(seconds));

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
