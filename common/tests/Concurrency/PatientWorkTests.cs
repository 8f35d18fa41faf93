using Dash.Common.Concurrency;

namespace Dash.Common.Tests.Concurrency;

public sealed class PatientWorkTests
{
    private readonly PatientWork _work = new("patient");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pieces_are_done_one_after_the_other_in_their_order()
    {
        List<int> done = [];
        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => _work.RunAsync(
            () =>
            {
                done.Add(i); // not safe if two were done at a time
                return i;
            },
            Ct)));
        Assert.Equal(Enumerable.Range(0, 100), done);
        Assert.Equal(done, results);
    }

    [Fact]
    public async Task What_a_piece_fails_with_is_its_own()
    {
        var failing = _work.RunAsync<int>(static () => throw new InvalidDataException("spoilt"), Ct);
        var next = _work.RunAsync(static () => 7, Ct);
        Assert.Equal("spoilt", (await Assert.ThrowsAsync<InvalidDataException>(() => failing)).Message);
        Assert.Equal(7, await next);
    }

    [Fact]
    public async Task Who_gave_up_before_the_turn_came_is_not_served()
    {
        using ManualResetEventSlim may = new();
        using CancellationTokenSource giveUp = new();
        var isDone = false;
        var first = _work.RunAsync(() => may.Wait(TimeSpan.FromMinutes(1)), Ct);
        var second = _work.RunAsync(() => isDone = true, giveUp.Token);
        await giveUp.CancelAsync();
        may.Set();
        Assert.True(await first);
        await Assert.ThrowsAsync<TaskCanceledException>(() => second);
        Assert.False(isDone);
    }

    [Fact]
    public async Task The_thread_goes_when_there_is_nothing_to_do_and_another_one_comes()
    {
        var first = await _work.RunAsync(static () => Thread.CurrentThread, Ct);
        Assert.True(first.Join(TimeSpan.FromMinutes(1)));
        var second = await _work.RunAsync(static () => Thread.CurrentThread, Ct);
        Assert.NotSame(first, second);
        Assert.Equal("patient", second.Name);
    }

    [Fact]
    public async Task While_calls_come_in_it_has_spare_time_only()
    {
        ThreadTurns.NoteCall();
        var isPossible = false;
        await WorkThread.RunAsync("possible", () => isPossible = SpareTime.IsWanted && SpareTime.Enter());
        Assert.SkipUnless(isPossible, "the system or its guard of calls refuses");
        var isSpare = false;
        for (var i = 0; i < 100 && !isSpare; i++) // not in a moment when the machine is too busy for that
        {
            ThreadTurns.NoteCall();
            isSpare = await _work.RunAsync(static () => SpareTime.IsHere, Ct);
        }

        Assert.True(isSpare);
    }
}
