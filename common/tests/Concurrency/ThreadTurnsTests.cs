using System.Diagnostics;
using System.Globalization;
using Dash.Common.Concurrency;

namespace Dash.Common.Tests.Concurrency;

public sealed class ThreadTurnsTests
{
    [Fact]
    public async Task The_system_takes_the_wish_again_and_again_and_the_priority_stays()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has such turns");
        var (before, after, isTaken) = (0L, 0L, false);
        await WorkThread.RunAsync(
            "long-turns",
            () =>
            {
                before = OwnNice();
                isTaken = ThreadTurns.AskLong() && ThreadTurns.AskShort() && ThreadTurns.AskLong();
                after = OwnNice();
            });
        Assert.SkipUnless(isTaken, "the system or its guard of calls refuses");
        Assert.Equal(before, after);
    }

    [Fact]
    public async Task A_thread_that_is_started_by_one_with_long_turns_may_start_threads_and_wait_for_them()
    {
        var ran = false;
        await WorkThread.RunAsync("outer", () => WorkThread.RunAsync("inner", () => ran = true).GetAwaiter().GetResult());
        Assert.True(ran);
    }

    [Fact]
    public async Task Who_computes_with_long_turns_rests_now_and_then_and_others_do_not()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has such turns");
        var (isTaken, rests, otherRests) = (false, false, true);
        await WorkThread.RunAsync(
            "rests",
            () =>
            {
                isTaken = ThreadTurns.AskLong();
                while (isTaken && !rests)
                {
                    ThreadTurns.NoteCall();
                    rests = ThreadTurns.Rest();
                }
            });
        Assert.SkipUnless(isTaken, "the system or its guard of calls refuses");
        Thread other = new(() => otherRests = RestsWhileComputing());
        other.Start();
        other.Join();
        Assert.Equal((true, false), (rests, otherRests));
    }

    [Fact]
    public void A_thread_that_has_short_turns_again_rests_no_more()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has such turns");
        var (isTaken, before, after) = (false, false, true);
        Thread thread = new(() =>
        {
            isTaken = ThreadTurns.AskLong();
            before = RestsWhileComputing();
            ThreadTurns.AskShort();
            after = RestsWhileComputing();
        });
        thread.Start();
        thread.Join();
        Assert.SkipUnless(isTaken, "the system or its guard of calls refuses");
        Assert.Equal((true, false), (before, after));
    }

    [Fact]
    public async Task Who_has_just_slept_need_not_rest_at_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has such turns");
        var (isTaken, rests, restsAfterSleep) = (false, false, true);
        await WorkThread.RunAsync(
            "sleeps",
            () =>
            {
                isTaken = ThreadTurns.AskLong();
                for (var tries = 0; isTaken && (restsAfterSleep || !rests) && tries < 10_000; tries++)
                {
                    // More than a stretch, each time; the system may take the core away between the two looks at the clock.
                    var begin = Stopwatch.GetTimestamp();
                    SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(begin) > TimeSpan.FromMicroseconds(200));
                    ThreadTurns.NoteCall();
                    if (!rests)
                    {
                        rests = ThreadTurns.Rest();
                        continue;
                    }

                    ThreadTurns.NoteSleep();
                    restsAfterSleep = ThreadTurns.Rest();
                }
            });
        Assert.SkipUnless(isTaken, "the system or its guard of calls refuses");
        Assert.Equal((true, false), (rests, restsAfterSleep));
    }

    [Fact]
    public void Work_that_turns_out_long_rests_until_it_ends()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has such turns");
        var (before, within, nested, after) = (true, false, false, true);
        Thread thread = new(() =>
        {
            ThreadTurns.AskShort();
            before = RestsWhileComputing();
            using (ThreadTurns.BeginWork())
            {
                within = RestsWhileComputing();
                using (ThreadTurns.BeginWork())
                {
                    // The end of a part of it is not its end.
                }

                nested = RestsWhileComputing();
            }

            after = RestsWhileComputing();
        });
        thread.Start();
        thread.Join();
        Assert.Equal((false, true, true, false), (before, within, nested, after));
    }

    private static bool RestsWhileComputing()
    {
        var rests = false;
        for (var begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin) < TimeSpan.FromMilliseconds(10);)
        {
            ThreadTurns.NoteCall();
            rests |= ThreadTurns.Rest();
        }

        return rests;
    }

    // The 19th field of the thread's line, of which the second is a name in brackets.
    private static long OwnNice()
    {
        var line = File.ReadAllText("/proc/thread-self/stat");
        return long.Parse(line[(line.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
    }
}
