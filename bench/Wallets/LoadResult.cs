using System.Diagnostics;
using System.Globalization;

namespace Dash.Bench.Wallets;

/// <summary>What a method bore.</summary>
/// <param name="PerSecond">Answers a second over all connections.</param>
/// <param name="P50">Median time of an answer, ms.</param>
/// <param name="P99">The time that one answer in a hundred exceeds, ms.</param>
internal sealed record LoadResult(double PerSecond, double P50, double P99)
{
    /// <summary>Calls made, also those that warm up.</summary>
    public int Calls { get; init; }

    /// <summary>Processor time of the daemon a call, ms.</summary>
    public double Cpu { get; init; }

    /// <summary>Calls over several connections for a while, after a tenth of that to warm up.</summary>
    /// <param name="connect">Makes a connection.</param>
    /// <param name="clients">How many.</param>
    /// <param name="span">How long; a call that takes longer is finished.</param>
    public static LoadResult Measure(Func<LoadConnection> connect, int clients, TimeSpan span)
    {
        var times = new List<double>[clients];
        var watch = Stopwatch.StartNew();
        var begin = span / 10;
        var counts = new int[clients];
        var threads = Enumerable.Range(0, clients).Select(client => new Thread(() =>
        {
            using var connection = connect();
            List<double> mine = times[client] = new(1 << 18);
            var count = 0;
            for (var from = watch.Elapsed; from < begin + span || mine.Count == 0;)
            {
                connection.Call();
                var to = watch.Elapsed;
                if (from >= begin || (count > 0 && to >= begin + span))
                {
                    mine.Add((to - from).TotalMilliseconds);
                }

                count++;
                from = to;
            }

            counts[client] = count;
        })).ToList();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());
        var calls = counts.Sum();
        var all = times.SelectMany(static list => list).Order().ToList();
        return new(all.Count / (watch.Elapsed - begin).TotalSeconds, At(all, 0.5), At(all, 0.99)) { Calls = calls };
    }

    /// <summary>For a table.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Short(PerSecond)}/s, {Short(P50)} / {Short(P99)} ms, cpu {Short(Cpu)} ms");

    /// <summary>Three digits.</summary>
    public static string Short(double number) => number switch
    {
        >= 100 => number.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => number.ToString("F1", CultureInfo.InvariantCulture),
        _ => number.ToString("F2", CultureInfo.InvariantCulture),
    };

    private static double At(List<double> sorted, double part) => sorted[Math.Min((int)(sorted.Count * part), sorted.Count - 1)];
}
