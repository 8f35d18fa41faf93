using Dash.Ipc.Connections;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Tests.Support;

namespace Dash.Ipc.Tests.Multiprocess;

public sealed class HandshakePatienceTests
{
    private readonly ManualTime _time = new();
    private readonly HandshakePatience _patience;

    public HandshakePatienceTests() => _patience = new HandshakePatience(new IpcOptions { Time = _time });

    [Fact]
    public async Task It_doubles_after_each_attempt_that_ended_by_its_time_and_is_as_at_first_after_one_that_went_well()
    {
        foreach (var expected in (int[])[5, 10, 20, 40, 60, 60])
        {
            Assert.Equal(expected, await FailAsync(whole: true));
        }

        Assert.Equal(60, await ConnectAsync());
        Assert.Equal(5, await FailAsync(whole: true));
        Assert.Equal(10, await ConnectAsync());
        Assert.Equal(5, await ConnectAsync());
    }

    [Fact]
    public async Task Who_is_refused_at_once_waits_no_longer_the_next_time()
    {
        Assert.Equal(5, await FailAsync(whole: false));
        Assert.Equal(5, await FailAsync(whole: true));
        Assert.Equal(10, await FailAsync(whole: false));
        Assert.Equal(10, await ConnectAsync());
    }

    [Fact]
    public async Task A_longer_limit_than_a_minute_stays_what_it_is()
    {
        HandshakePatience patience = new(new IpcOptions { Time = _time, Limits = IpcLimits.Default with { HandshakeTimeout = TimeSpan.FromMinutes(5) } });
        for (var i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<IOException>(() => patience.TryAsync<int>(options =>
            {
                Assert.Equal(TimeSpan.FromMinutes(5), options.Limits.HandshakeTimeout);
                _time.Advance(options.Limits.HandshakeTimeout);
                throw new IOException("nobody");
            }));
        }
    }

    private Task<int> ConnectAsync() => _patience.TryAsync(options => Task.FromResult(SecondsOf(options)));

    // The patience that the attempt had.
    private async Task<int> FailAsync(bool whole)
    {
        var seconds = 0;
        await Assert.ThrowsAsync<IOException>(() => _patience.TryAsync<int>(options =>
        {
            seconds = SecondsOf(options);
            _time.Advance(TimeSpan.FromSeconds(whole ? seconds : 1));
            throw new IOException("nobody");
        }));
        return seconds;
    }

    // Who waits so long for an answer does not take silence for death before.
    private static int SecondsOf(IpcOptions options)
    {
        Assert.True(options.Limits.FirstAnswerTimeout >= options.Limits.HandshakeTimeout);
        return (int)options.Limits.HandshakeTimeout.TotalSeconds;
    }
}
