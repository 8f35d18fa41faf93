using System.Diagnostics;
using System.Globalization;

namespace Dash.Bench.Daemons;

/// <summary>
/// The chain of dash-node beside dashd's, where the environment variable DASHD names one: making it, rebuilding it, the first
/// answer, memory. Both work on copies of the same blocks, made by dash-node. Prints a table.
/// </summary>
internal static class ChainRun
{
    private const int LongChain = 20_000;
    private const int Fans = 100;
    private const int Rounds = 20;
    private const int PaymentsABlock = 5_000;
    private const int RoundsEach = 3;

    private static readonly string[] Alone = ["-listen=0", "-connect=0", "-dnsseed=0", "-disablewallet", "-printtoconsole=0", "-txindex=0"];

    /// <summary>Runs all and prints.</summary>
    /// <param name="output">Takes the table.</param>
    /// <param name="percent">How much of the chains, 5 to 100: less only shows that all works.</param>
    public static async Task<int> RunAsync(TextWriter output, int percent)
    {
        var root = Directory.CreateTempSubdirectory("dash-bench-chain-").FullName;
        try
        {
            var node = Path.Combine(Programs.Directory, "dash-node");
            var (empty, busy) = (Path.Combine(root, "long"), Path.Combine(root, "busy"));
            await using (var maker = await StartAsync(node, empty))
            {
                await BenchChain.MakeLongAsync(maker, LongChain * percent / 100);
            }

            await using (var maker = await StartAsync(node, busy))
            {
                await BenchChain.MakeBusyAsync(maker, Fans, Rounds * percent / 100, PaymentsABlock);
            }

            List<Column> columns = [new("dash-node", node, [])];
            if (Programs.Dashd is { } dashd)
            {
                columns.Add(new Column("dashd", dashd, []));
            }

            await MeasureGeneratingAsync(columns, root);
            await MeasureChainAsync(columns, Text(LongChain * percent / 100, "blocks"), empty);
            await MeasureChainAsync(columns, Text(Fans * Fans * (Rounds * percent / 100), "transactions"), busy);
            output.WriteLine("| | " + string.Join(" | ", columns.Select(static column => column.Name)) + " |");
            output.WriteLine("|---|" + string.Concat(columns.Select(static _ => "---:|")));
            foreach (var what in columns[0].Numbers.Keys)
            {
                output.WriteLine($"| {what} | {string.Join(" | ", columns.Select(c => c.Numbers[what].ToString("N0", CultureInfo.InvariantCulture)))} |");
            }

            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static string Text(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}");

    private static async Task MeasureGeneratingAsync(IReadOnlyList<Column> columns, string root)
    {
        await RepeatAsync(columns, "generatetoaddress 1,000, ms", async (column, round) =>
        {
            var fresh = Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"fresh-{column.Name}-{round}"));
            await using var daemon = await StartAsync(column.Program, fresh);
            return await TimeAsync(() => daemon.CallAsync("/", "generatetoaddress", $"[1000,\"{BenchChain.Address}\"]"));
        });
    }

    private static async Task MeasureChainAsync(IReadOnlyList<Column> columns, string what, string from)
    {
        foreach (var column in columns)
        {
            Copy(from, from + "-" + column.Name);
            if (column != columns[0])
            {
                await RunToEndAsync(column.Program, from + "-" + column.Name, "-reindex"); // dashd makes its evodb
            }
        }

        await RepeatAsync(columns, $"-reindex-chainstate, {what}, ms", (column, _) =>
            RunToEndAsync(column.Program, from + "-" + column.Name, "-reindex-chainstate"));
        await RepeatAsync(columns, $"-reindex, {what}, ms", (column, _) => RunToEndAsync(column.Program, from + "-" + column.Name, "-reindex"));
        var memory = $"memory after the start, {what}, MiB";
        await RepeatAsync(columns, $"first answer, {what}, ms", async (column, _) =>
        {
            await using var daemon = await StartAsync(column.Program, from + "-" + column.Name);
            column.Numbers[memory] = daemon.ResidentMebibytes();
            return daemon.FirstAnswer.TotalMilliseconds;
        });
    }

    // Turn and turn about, so that what else happens on the machine meets both; the median counts.
    private static async Task RepeatAsync(IReadOnlyList<Column> columns, string what, Func<Column, int, Task<double>> measure)
    {
        var results = columns.Select(static _ => new List<double>()).ToArray();
        for (var round = 0; round < RoundsEach; round++)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                results[i].Add(await measure(columns[i], round));
            }
        }

        for (var i = 0; i < columns.Count; i++)
        {
            results[i].Sort();
            columns[i].Numbers[what] = results[i][RoundsEach / 2];
        }
    }

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
        foreach (var argument in (string[])["-regtest", "-datadir=" + directory, .. Alone, "-rpcport=28555", option, "-stopafterblockimport"])
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
}
