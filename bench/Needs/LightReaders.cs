using System.Diagnostics;
using Dash.Bench.Daemons;
using Dash.Common.Concurrency;

namespace Dash.Bench.Needs;

/// <summary>
/// Callers with light reads, each with a connection and a thread of its own: a call, a pause of a millisecond, the next one. They leave
/// most of the machine to others, as callers on other machines would.
/// </summary>
internal static class LightReaders
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private static readonly (string Method, string Parameters)[] Calls =
    [
        ("getbalance", "[]"), ("getbalances", "[]"), ("getwalletinfo", "[]"), ("listtransactions", "[]"), ("getaddressinfo", $"[\"{BenchChain.Address}\"]"),
    ];

    /// <summary>Reads for a while.</summary>
    public static Task<Latencies> ReadAsync(MeasuredDaemon daemon, string path, int readers, TimeSpan span)
    {
        var watch = Stopwatch.StartNew();
        return ReadAsync(daemon, path, readers, () => watch.Elapsed < span);
    }

    /// <summary>Reads until told otherwise.</summary>
    /// <exception cref="InvalidOperationException">A read was refused.</exception>
    public static async Task<Latencies> ReadAsync(MeasuredDaemon daemon, string path, int readers, Func<bool> goesOn)
    {
        var all = await Task.WhenAll(Enumerable.Range(0, readers).Select(reader => Task.Factory.StartNew(
            () => Read(daemon, path, reader, goesOn), default, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        return new(all.SelectMany(static times => times));
    }

    private static List<double> Read(MeasuredDaemon daemon, string path, int reader, Func<bool> goesOn)
    {
        ThreadTurns.AskShort(); // whoever computes in the daemons shall not keep this thread from noting that an answer came
        using CallSocket socket = new(daemon.Port, daemon.Credentials);
        using ManualResetEvent never = new(false);
        var calls = Calls.Select(call => socket.Prepare(call.Method, call.Parameters, path)).ToList();
        foreach (var call in calls)
        {
            socket.Call(call); // for warmth
        }

        List<double> times = [];
        for (var at = reader; goesOn(); at++)
        {
            var start = Stopwatch.GetTimestamp();
            socket.Call(calls[at % calls.Count]);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            never.WaitOne(Pause);
        }

        return times;
    }
}
