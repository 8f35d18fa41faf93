using System.Diagnostics;
using System.Globalization;

namespace Dash.Bench.Daemons;

/// <summary>
/// The chain of dash-node beside dashd's, where the environment variable DASHD names one: making it, rebuilding it, the first
/// answer, memory. Both work on copies of the same blocks, made by dash-node and kept in a folder, so that the parts can run one
/// by one. Prints a table.
/// </summary>
internal static class ChainRun
{
    private const int LongChain = 20_000;
    private const int Fans = 100;
    private const int Rounds = 20;
    private const int PaymentsABlock = 5_000;
    private const int RoundsEach = 3;
    private const string Made = "made";

    private static readonly string[] Alone = ["-listen=0", "-connect=0", "-dnsseed=0", "-disablewallet", "-printtoconsole=0", "-txindex=0"];

    private static readonly (string Name, Func<Table, Task> Measure)[] Parts =
    [
        ("generate", MeasureGeneratingAsync),
        ("long-chainstate", table => MeasureRebuildAsync(table, "long", "-reindex-chainstate")),
        ("long-reindex", table => MeasureRebuildAsync(table, "long", "-reindex")),
        ("long-start", table => MeasureStartAsync(table, "long")),
        ("busy-chainstate", table => MeasureRebuildAsync(table, "busy", "-reindex-chainstate")),
        ("busy-reindex", table => MeasureRebuildAsync(table, "busy", "-reindex")),
        ("busy-start", table => MeasureStartAsync(table, "busy")),
    ];


    /// <summary>Makes the chains in a new folder and measures all.</summary>
    /// <param name="output">Takes the table.</param>
    /// <param name="percent">How much of the chains, 5 to 100: less only shows that all works.</param>
    public static async Task<int> RunAsync(TextWriter output, int percent)
    {
        var root = Directory.CreateTempSubdirectory("dash-bench-chain-").FullName;
        try
        {
            await MakeAsync(root, percent);
            return await MeasureAsync(root, [.. Parts.Select(static part => part.Name)], output);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    /// <summary>Makes the chains, and each daemon's copy of them, in a folder that is kept.</summary>
    /// <param name="root">The folder; what it holds of an earlier run is made anew.</param>
    /// <param name="percent">How much of the chains, 5 to 100.</param>
    public static async Task MakeAsync(string root, int percent)
    {
        foreach (var old in (string[])["long", "busy"])
        {
            foreach (var directory in Directory.Exists(root) ? Directory.GetDirectories(root, old + "*") : [])
            {
                Directory.Delete(directory, recursive: true);
            }
        }

        var blocks = LongChain * percent / 100;
        var rounds = Rounds * percent / 100;
        var node = Path.Combine(Programs.Directory, "dash-node");
        await using (var maker = await StartAsync(node, Path.Combine(root, "long")))
        {
            await BenchChain.MakeLongAsync(maker, blocks);
        }

        await using (var maker = await StartAsync(node, Path.Combine(root, "busy")))
        {
            await BenchChain.MakeBusyAsync(maker, Fans, rounds, PaymentsABlock);
        }

        foreach (var chain in (string[])["long", "busy"])
        {
            foreach (var column in Columns())
            {
                var copy = CopyOf(root, chain, column);
                Copy(Path.Combine(root, chain), copy);
                if (column.Program != node)
                {
                    await RunToEndAsync(column.Program, copy, "-reindex"); // dashd makes its evodb
                }
            }
        }

        await File.WriteAllTextAsync(Path.Combine(root, Made), Text($"{blocks} {Fans * Fans * rounds}"));
    }

    /// <summary>Measures parts on chains that <see cref="MakeAsync"/> made.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="parts">Names of parts.</param>
    /// <param name="output">Takes the table.</param>
    public static async Task<int> MeasureAsync(string root, IReadOnlyCollection<string> parts, TextWriter output)
    {
        var sizes = (await File.ReadAllTextAsync(Path.Combine(root, Made))).Split(' ').Select(static size => int.Parse(size, CultureInfo.InvariantCulture)).ToArray();
        Table table = new(root, Columns(), new() { ["long"] = Text($"{sizes[0]:N0} blocks"), ["busy"] = Text($"{sizes[1]:N0} transactions") });
        foreach (var (_, measure) in Parts.Where(part => parts.Contains(part.Name)))
        {
            await measure(table);
        }

        output.WriteLine("| | " + string.Join(" | ", table.Columns.Select(static column => column.Name)) + " | ratio |");
        output.WriteLine("|---|" + string.Concat(table.Columns.Select(static _ => "---:|")) + "---:|");
        foreach (var what in table.Columns[0].Numbers.Keys)
        {
            var numbers = table.Columns.Select(column => column.Numbers[what]).ToArray();
            output.WriteLine(Text($"| {what} | {string.Join(" | ", numbers.Select(static number => Text($"{number:N0}")))} | {numbers[0] / numbers[^1]:N2} |"));
        }

        return 0;
    }

    private static async Task MeasureGeneratingAsync(Table table)
    {
        await RepeatAsync(table, "generatetoaddress 1,000, ms", async (column, numbers) =>
        {
            var fresh = Directory.CreateTempSubdirectory("dash-bench-fresh-").FullName;
            await using (var daemon = await StartAsync(column.Program, fresh))
            {
                numbers.Add(await TimeAsync(() => daemon.CallAsync("/", "generatetoaddress", $"[1000,\"{BenchChain.Address}\"]")));
            }

            Directory.Delete(fresh, recursive: true);
        });
    }

    private static Task MeasureRebuildAsync(Table table, string chain, string option) =>
        RepeatAsync(table, $"{option}, {table.Sizes[chain]}, ms", async (column, numbers) =>
            numbers.Add(await RunToEndAsync(column.Program, CopyOf(table.Root, chain, column), option)));

    private static Task MeasureStartAsync(Table table, string chain) => RepeatAsync(
        table,
        [$"first answer, {table.Sizes[chain]}, ms", $"memory after the start, {table.Sizes[chain]}, MiB"],
        async (column, numbers) =>
        {
            await using var daemon = await StartAsync(column.Program, CopyOf(table.Root, chain, column));
            numbers.Add(daemon.FirstAnswer.TotalMilliseconds);
            numbers.Add(daemon.ResidentMebibytes());
        },
        rounds: 3 * RoundsEach);

    private static Task RepeatAsync(Table table, string what, Func<Column, List<double>, Task> measure) => RepeatAsync(table, [what], measure, RoundsEach);

    // Turn and turn about, so that what else happens on the machine meets both; the median of each number counts.
    private static async Task RepeatAsync(Table table, IReadOnlyList<string> what, Func<Column, List<double>, Task> measure, int rounds)
    {
        var results = table.Columns.ToDictionary(static column => column, static _ => new List<double[]>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var column in table.Columns)
            {
                List<double> numbers = [];
                await measure(column, numbers);
                results[column].Add([.. numbers]);
            }
        }

        foreach (var (column, rows) in results)
        {
            for (var i = 0; i < what.Count; i++)
            {
                column.Numbers[what[i]] = rows.Select(row => row[i]).Order().ElementAt(rounds / 2);
            }
        }
    }

    private static List<Column> Columns()
    {
        List<Column> columns = [new("dash-node", Path.Combine(Programs.Directory, "dash-node"), [])];
        if (Programs.Dashd is { } dashd)
        {
            columns.Add(new Column("dashd", dashd, []));
        }

        return columns;
    }

    private static string CopyOf(string root, string chain, Column column) => Path.Combine(root, chain + "-" + column.Name);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static Task<MeasuredDaemon> StartAsync(string program, string directory)
    {
        Directory.CreateDirectory(directory);
        return MeasuredDaemon.StartAsync(
            program, Path.Combine(directory, "regtest", ".cookie"), ["-regtest", "-datadir=" + directory, .. Alone]);
    }

    // A run that builds something anew and then ends by itself.
    private static async Task<double> RunToEndAsync(string program, string directory, string option)
    {
        var start = new ProcessStartInfo(program);
        var port = MeasuredDaemon.FreePort();
        foreach (var argument in (string[])["-regtest", "-datadir=" + directory, .. Alone, Text($"-rpcport={port}"), option, "-stopafterblockimport"])
        {
            start.ArgumentList.Add(argument);
        }

        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? watch.Elapsed.TotalMilliseconds
            : throw new InvalidOperationException($"{program} {option} ended with {process.ExitCode}");
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        return watch.Elapsed.TotalMilliseconds;
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private sealed record Column(string Name, string Program, Dictionary<string, double> Numbers);

    private sealed record Table(string Root, List<Column> Columns, Dictionary<string, string> Sizes);
}
