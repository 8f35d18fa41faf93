using System.Collections.Concurrent;
using System.Globalization;
using Dash.Common.Hosting;

namespace Dash.Rpc.Dispatch;

/// <summary>How often methods were called, how they ended and how long they took. Any thread; counting waits for nobody.</summary>
public sealed class RpcMetrics
{
    // Seconds; the last bucket takes the rest.
    private static readonly double[] Bounds = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60];

    private readonly ConcurrentDictionary<string, Stats> _methods = new(StringComparer.Ordinal);
    private long _expired;

    /// <summary>A call has ended.</summary>
    /// <param name="method">A method that exists, so that strangers cannot fill the memory with names.</param>
    /// <param name="duration">From its first look to its answer.</param>
    /// <param name="isError">It was refused.</param>
    public void Count(string method, TimeSpan duration, bool isError)
    {
        if (method.Length > 0)
        {
            _methods.GetOrAdd(method, static _ => new Stats()).Count(duration, isError);
        }
    }

    /// <summary>A call was too late: its deadline had passed, and nothing was done.</summary>
    public void CountExpired() => Interlocked.Increment(ref _expired);

    /// <summary>Writes them.</summary>
    public void Write(MetricsText text)
    {
        text.Counter("dash_rpc_expired_total", "Calls that were not done because their deadline had passed.", Interlocked.Read(ref _expired));
        text.Family("dash_rpc_calls_total", "counter", "Calls answered.");
        var methods = _methods.OrderBy(static entry => entry.Key, StringComparer.Ordinal).ToList();
        foreach (var (method, stats) in methods)
        {
            text.Sample("dash_rpc_calls_total", stats.Calls, ("method", method));
        }

        text.Family("dash_rpc_errors_total", "counter", "Calls answered with an error.");
        foreach (var (method, stats) in methods)
        {
            text.Sample("dash_rpc_errors_total", stats.Errors, ("method", method));
        }

        const string name = "dash_rpc_duration_seconds";
        text.Family(name, "histogram", "How long calls took.");
        foreach (var (method, stats) in methods)
        {
            var sum = 0L;
            for (var i = 0; i < Bounds.Length; i++)
            {
                sum += stats.Bucket(i);
                text.Sample(name + "_bucket", sum, ("method", method), ("le", Bounds[i].ToString(CultureInfo.InvariantCulture)));
            }

            text.Sample(name + "_bucket", stats.Calls, ("method", method), ("le", "+Inf"));
            text.Sample(name + "_sum", stats.Seconds, ("method", method));
            text.Sample(name + "_count", stats.Calls, ("method", method));
        }
    }

    private sealed class Stats
    {
        private readonly long[] _buckets = new long[Bounds.Length + 1];
        private long _calls;
        private long _errors;
        private long _ticks;

        public long Calls => Interlocked.Read(ref _calls);

        public long Errors => Interlocked.Read(ref _errors);

        public double Seconds => new TimeSpan(Interlocked.Read(ref _ticks)).TotalSeconds;

        public long Bucket(int index) => Interlocked.Read(ref _buckets[index]);

        public void Count(TimeSpan duration, bool isError)
        {
            var index = 0;
            while (index < Bounds.Length && duration.TotalSeconds > Bounds[index])
            {
                index++;
            }

            Interlocked.Increment(ref _buckets[index]);
            Interlocked.Increment(ref _calls);
            Interlocked.Add(ref _ticks, duration.Ticks);
            if (isError)
            {
                Interlocked.Increment(ref _errors);
            }
        }
    }
}
