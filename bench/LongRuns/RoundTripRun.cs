using System.Diagnostics;
using System.Globalization;
using Dash.Primitives.Tests.Robustness;

namespace Dash.Bench.LongRuns;

/// <summary>Random values, written and read by the million.</summary>
internal static class RoundTripRun
{
    private const int BatchSize = 10_000;

    private static readonly (string Name, Action<RandomValues, int> Run)[] Kinds =
    [
        ("transactions", RoundTrips.Transactions),
        ("scripts", RoundTrips.Scripts),
        ("descriptors", RoundTrips.Descriptors),
    ];

    /// <summary>So many values of a kind, or of each.</summary>
    /// <returns>The exit code: 0 when every value was read as it was written.</returns>
    public static int Run(string name, string countText, TextWriter output)
    {
        var chosen = Kinds.Where(kind => name == "all" || kind.Name == name).ToArray();
        if (chosen.Length == 0
            || !int.TryParse(countText, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            output.WriteLine("roundtrip transactions|scripts|descriptors|all <count>");
            return 2;
        }

        foreach (var (kind, run) in chosen)
        {
            var started = Stopwatch.GetTimestamp();
            for (var done = 0; done < count; done += BatchSize)
            {
                run(new RandomValues((done / BatchSize) + 1), Math.Min(BatchSize, count - done));
            }

            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{kind,-14} {count,10} round trips {Stopwatch.GetElapsedTime(started).TotalSeconds,7:F1} s"));
        }

        return 0;
    }
}
