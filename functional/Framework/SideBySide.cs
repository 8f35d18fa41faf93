using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Dash.Functional.Framework;

/// <summary>
/// dash-node and dashd, started in the same way: what a user is told by each, as a text. Options may name {port0} to {port9},
/// ports of its own for each daemon; they and the data directory stand under these names in the text too.
/// </summary>
public static partial class SideBySide
{
    private const int MostPorts = 10;

    /// <summary>What both say.</summary>
    /// <param name="options">Of the command line.</param>
    /// <param name="prepare">Puts files into the directory of the network.</param>
    /// <param name="ask">What is asked of one that runs.</param>
    /// <param name="log">Lines of the log that belong to it; what its first group captures, or all of the match.</param>
    public static async Task<(string Theirs, string Ours)> TellAsync(
        IReadOnlyList<string> options, Action<string>? prepare, Func<BareDaemon, Task<string>> ask, Regex log)
    {
        if (Programs.Dashd is not { } dashd)
        {
            Assert.Skip("no dashd: set the environment variable DASHD to its path");
            return default;
        }

        // One after the other: without options both listen at the same port for onion services.
        var theirs = await TellOneAsync(dashd, options, prepare, ask, log);
        return (theirs, await TellOneAsync(Programs.Node, options, prepare, ask, log));
    }

    private static async Task<string> TellOneAsync(
        string program, IReadOnlyList<string> options, Action<string>? prepare, Func<BareDaemon, Task<string>> ask, Regex log)
    {
        using TempDirectory directory = new();
        var ports = Enumerable.Range(0, MostPorts).Select(_ => Ports.Free().ToString(CultureInfo.InvariantCulture)).ToArray();
        await using BareDaemon daemon = new(program, directory.Path, [.. options.Select(WithPorts)]);
        Directory.CreateDirectory(daemon.NetworkDirectory);
        prepare?.Invoke(daemon.NetworkDirectory);

        StringBuilder told = new();
        var runs = await daemon.TryStartAsync();
        if (runs)
        {
            told.AppendLine("runs").AppendLine(await ask(daemon));
            var code = await daemon.Process!.StopAsync();
            told.AppendLine(CultureInfo.InvariantCulture, $"stopped with {code}");
        }
        else
        {
            told.AppendLine(CultureInfo.InvariantCulture, $"ended with {daemon.Process!.ExitCode}");
        }

        foreach (var line in daemon.Process.Output.Split('\n').Where(static line => line.Trim().Length > 0))
        {
            told.AppendLine(line);
        }

        // Who ends at once may not have opened its log yet; threads write to it in any order.
        var lines = runs ? daemon.ReadLog().Split('\n') : [];
        foreach (var line in lines.Select(line => log.Match(line)).Where(static match => match.Success)
            .Select(static match => Time().Replace(match.Groups[^1].Value, "")).Order(StringComparer.Ordinal))
        {
            told.Append("log: ").AppendLine(line);
        }

        var text = told.ToString().Replace(directory.Path, "{directory}", StringComparison.Ordinal);
        for (var i = 0; i < MostPorts; i++)
        {
            text = Regex.Replace(text, $@"\b{ports[i]}\b", $"{{port{i}}}");
        }

        return text;

        string WithPorts(string option)
        {
            for (var i = 0; i < MostPorts; i++)
            {
                option = option.Replace($"{{port{i}}}", ports[i], StringComparison.Ordinal);
            }

            return option;
        }
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT[\d:.]+Z ")]
    private static partial Regex Time();
}
