using System.Globalization;
using System.Text.RegularExpressions;

namespace Dash.Functional.Framework;

/// <summary>The rules of the text form that Prometheus reads, and what its checker complains about.</summary>
public static partial class MetricsFormat
{
    private static readonly string[] HistogramParts = ["_bucket", "_sum", "_count"];

    /// <summary>Fails on the first line that breaks a rule.</summary>
    public static void ShouldBeRight(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        HashSet<string> families = new(StringComparer.Ordinal);
        HashSet<string> samples = new(StringComparer.Ordinal);
        var (family, type, helped) = ("", "", "");
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                helped = line.Split(' ', 4)[2];
                Assert.True(line.Split(' ', 4).Length == 4, "no help: " + line);
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                (family, type) = (line.Split(' ')[2], line.Split(' ')[3]);
                Assert.Equal(helped, family);
                Assert.True(families.Add(family), "declared twice: " + family);
                Assert.Contains(type, (string[])["counter", "gauge", "histogram"]);
                Assert.True(type != "counter" || family.EndsWith("_total", StringComparison.Ordinal), "a counter without _total: " + family);
            }
            else
            {
                var sample = Sample().Match(line);
                Assert.True(sample.Success, "no sample: " + line);
                var name = sample.Groups["name"].Value;
                var isPart = type == "histogram" && HistogramParts.Any(part => name == family + part);
                Assert.True(name == family || isPart, $"a sample of {name} in the family {family}");
                Assert.True(samples.Add(name + sample.Groups["labels"].Value), "told twice: " + line);
                var value = sample.Groups["value"].Value;
                Assert.True(
                    value is "+Inf" or "-Inf" or "NaN" || double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _), "no number: " + line);
            }
        }

        // Every histogram ends with the bucket of all.
        foreach (var count in samples.Where(static sample => sample.Contains("_count", StringComparison.Ordinal)))
        {
            var name = count[..count.IndexOf("_count", StringComparison.Ordinal)];
            Assert.Contains(samples, sample => sample.StartsWith(name + "_bucket", StringComparison.Ordinal) && sample.Contains("le=\"+Inf\"", StringComparison.Ordinal));
        }
    }

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<labels>\{[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\["\\n])*"(?:,[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\["\\n])*")*\})? (?<value>\S+)$""")]
    private static partial Regex Sample();
}
