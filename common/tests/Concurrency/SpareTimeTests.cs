using System.Diagnostics;
using System.Globalization;
using Dash.Common.Concurrency;

namespace Dash.Common.Tests.Concurrency;

public sealed class SpareTimeTests
{
    private const long Least = 19;
    private const string Refused = "the system or its guard of calls refuses";

    [Fact]
    public async Task Who_has_spare_time_only_lets_others_first_and_lends_a_thread_with_usual_turns()
    {
        var (before, spare, lent, after, isTaken) = (0L, 0L, 0L, 0L, false);
        await WorkThread.RunAsync(
            "spare",
            () =>
            {
                before = OwnNice();
                isTaken = SpareTime.Enter();
                spare = OwnNice();
                SpareTime.Hurry(() => lent = OwnNice());
                after = OwnNice();
            });
        Assert.SkipUnless(isTaken, Refused);
        Assert.Equal((Least, before, Least), (spare, lent, after));
    }

    [Fact]
    public async Task Who_has_spare_time_only_lets_others_in_now_and_then_while_calls_come_in()
    {
        var (isTaken, letsIn) = (false, false);
        await WorkThread.RunAsync(
            "spare",
            () =>
            {
                isTaken = ThreadTurns.AskLong() && SpareTime.Enter();
                for (var begin = Stopwatch.GetTimestamp(); isTaken && !letsIn && Stopwatch.GetElapsedTime(begin) < TimeSpan.FromMinutes(1);)
                {
                    ThreadTurns.NoteCall();
                    letsIn = ThreadTurns.Rest();
                }
            });
        Assert.SkipUnless(isTaken, Refused);
        Assert.True(letsIn);
    }

    [Fact]
    public async Task What_a_lent_thread_fails_with_reaches_who_asked_for_it()
    {
        Exception? failure = null;
        await WorkThread.RunAsync(
            "spare",
            () =>
            {
                SpareTime.Enter();
                failure = Record.Exception(static () => SpareTime.Hurry(static () => throw new InvalidDataException("spoilt")));
            });
        Assert.Equal("spoilt", Assert.IsType<InvalidDataException>(failure).Message);
    }

    [Fact]
    public async Task Without_spare_time_work_is_done_where_it_is_asked_for()
    {
        int[] threads = [0, 0, 0];
        await WorkThread.RunAsync(
            "usual",
            () =>
            {
                threads[0] = Environment.CurrentManagedThreadId;
                SpareTime.Hurry(() => threads[1] = Environment.CurrentManagedThreadId);
                SpareTime.Do(() => threads[2] = Environment.CurrentManagedThreadId);
            });
        Assert.Single(threads.Distinct());
    }

    [Fact]
    public async Task Steps_go_on_in_usual_turns_on_another_thread_when_they_are_no_longer_patient()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has such turns");
        var start = Stopwatch.GetTimestamp();
        var (isPatient, wasSpare, steps) = (true, false, 0);
        List<(long Nice, bool IsSpare)> after = [];
        long usual = 0;
        await WorkThread.RunAsync(
            "steps",
            () =>
            {
                ThreadTurns.NoteCall();
                if (steps++ == 0)
                {
                    usual = SpareTime.IsHere ? usual : OwnNice();
                    return true;
                }

                if (isPatient)
                {
                    wasSpare = SpareTime.IsHere && OwnNice() == Least;
                    isPatient = !wasSpare && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10);
                    return true;
                }

                after.Add((OwnNice(), SpareTime.IsHere));
                return after.Count < 3;
            },
            () => isPatient && steps > 0);
        Assert.SkipUnless(wasSpare, Refused);
        Assert.Equal([(usual, false), (usual, false), (usual, false)], after);
    }

    [Fact]
    public async Task What_a_step_fails_with_reaches_who_waits_for_the_steps()
    {
        var steps = 0;
        var failure = await Record.ExceptionAsync(() => WorkThread.RunAsync(
            "steps",
            () =>
            {
                ThreadTurns.NoteCall();
                return ++steps < 10 ? true : throw new InvalidDataException("spoilt");
            },
            () => steps < 5));
        Assert.Equal("spoilt", Assert.IsType<InvalidDataException>(failure).Message);
    }

    // The 19th field of the thread's line, of which the second is a name in brackets.
    private static long OwnNice()
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        var line = File.ReadAllText("/proc/thread-self/stat");
        return long.Parse(line[(line.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
    }
}
