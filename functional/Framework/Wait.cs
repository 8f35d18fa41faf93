using System.Diagnostics;

namespace Dash.Functional.Framework;

/// <summary>Waiting for a condition; every wait says what it waits for, and the failure repeats it.</summary>
public static class Wait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>Default patience. Generous: a busy two-core machine is no reason for a failure.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Returns when the condition holds; fails with <paramref name="what"/> when patience ends.</summary>
    /// <param name="detail">Asked once at the end, for what a person needs to know.</param>
    /// <param name="patience">When it ends, if not as usual.</param>
    public static async Task Until(string what, Func<Task<bool>> condition, Func<string>? detail = null, TimeSpan? patience = null)
    {
        var most = patience ?? Patience;
        var watch = Stopwatch.StartNew();
        Exception? last = null;
        while (true)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (await condition()) return;
                last = null;
            }
            catch (Exception e) when (e is RpcException or HttpRequestException or IOException)
            {
                last = e;
            }

            if (watch.Elapsed > most)
            {
                Assert.Fail($"waited {most.TotalSeconds} s for: {what}"
                    + (last is null ? "" : $"\nlast failure: {last.Message}")
                    + (detail is null ? "" : "\n" + detail()));
            }

            await Task.Delay(Pause, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Returns when a count has come to its goal; patience ends only where it does not grow.</summary>
    public static async Task Reaches(string what, long goal, Func<Task<long>> count, Func<string>? detail = null)
    {
        var best = -1L;
        while (best < goal)
        {
            var before = best;
            await Until($"{what}: more than {before} of {goal}", async () => (best = Math.Max(best, await count())) > before, detail);
        }
    }

    public static Task Until(string what, Func<bool> condition, Func<string>? detail = null) =>
        Until(what, () => Task.FromResult(condition()), detail);
}
