using System.Diagnostics;
using System.Globalization;
using Dash.Primitives.Tests.Robustness;

namespace Dash.Bench.LongRuns;

/// <summary>Spoilt inputs by the million.</summary>
internal static class FuzzRun
{
    // Inputs of one seed; a failure is found again by its seed and number.
    private const long BatchSize = 20_000;

    /// <summary>Runs so many inputs through a parser, or shares them among all.</summary>
    /// <returns>The exit code: 0 when nothing undocumented was thrown.</returns>
    public static int Run(string name, string countText, TextWriter output)
    {
        var all = Parsers.All();
        var chosen = name == "all" ? all : [.. all.Where(parser => parser.Name == name)];
        if (chosen.Count == 0
            || !long.TryParse(countText, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            output.WriteLine("fuzz <parser>|all <count>, a parser being one of:");
            output.WriteLine(string.Join(' ', all.Select(parser => parser.Name)));
            return 2;
        }

        var share = (count + chosen.Count - 1) / chosen.Count;
        var failures = 0;
        var started = Stopwatch.GetTimestamp();
        foreach (var parser in chosen)
        {
            failures += Run(parser, share, output) ? 0 : 1;
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{share * chosen.Count} inputs, {chosen.Count} parsers, {failures} failed, {Seconds(started):F0} s"));
        return failures == 0 ? 0 : 1;
    }

    private static double Seconds(long started) => Stopwatch.GetElapsedTime(started).TotalSeconds;

    private static bool Run(Parser parser, long count, TextWriter output)
    {
        long taken = 0;
        var started = Stopwatch.GetTimestamp();
        try
        {
            for (long done = 0; done < count; done += BatchSize)
            {
                taken += parser.Fuzz((int)(done / BatchSize) + 1, Math.Min(BatchSize, count - done));
            }
        }
        catch (InvalidOperationException failure)
        {
            output.WriteLine(failure.Message);
            output.WriteLine(failure.InnerException);
            return false;
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{parser.Name,-22} {count,10} inputs {taken,9} taken {Seconds(started),7:F1} s"));
        return true;
    }
}
