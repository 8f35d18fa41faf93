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

    private static readonly string[] Alone = ["-listen=0", "-connect=0", "-dnsseed=0", "-disablewallet", "-printtoconsole=0", "-txindex=0"];

    /// <summary>Runs all and prints.</summary>
    public static async Task<int> RunAsync(TextWriter output)
    {
        var root = Directory.CreateTempSubdirectory("dash-bench-chain-").FullName;
        try
        {
            var node = Path.Combine(Programs.Directory, "dash-node");
            var (empty, busy) = (Path.Combine(root, "long"), Path.Combine(root, "busy"));
            await using (var maker = await StartAsync(node, empty))
            {
                await BenchChain.MakeLongAsync(maker, LongChain);
            }

            await using (var maker = await StartAsync(node, busy))
            {
                await BenchChain.MakeBusyAsync(maker, Fans, Rounds, PaymentsABlock);
            }

            List<(string Name, Dictionary<string, double> Numbers)> columns = [];
            columns.Add(("dash-node", await MeasureAsync(node, root, empty, busy, needsReindex: false)));
            if (Programs.Dashd is { } dashd)
            {
                columns.Add(("dashd", await MeasureAsync(dashd, root, empty, busy, needsReindex: true)));
            }

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

    private static async Task<Dictionary<string, double>> MeasureAsync(
        string program, string root, string longChain, string busyChain, bool needsReindex)
    {
        Dictionary<string, double> numbers = [];
        var fresh = Path.Combine(root, "fresh-" + Path.GetFileName(program));
        await using (var daemon = await StartAsync(program, fresh))
        {
            numbers["generatetoaddress 1,000, ms"] = await TimeAsync(() => daemon.CallAsync("/", "generatetoaddress", $"[1000,\"{BenchChain.Address}\"]"));
        }

        foreach (var (what, from) in new[] { ("20,000 blocks", longChain), ("200,000 transactions", busyChain) })
        {
            var copy = from + "-" + Path.GetFileName(program);
            Copy(from, copy);
            if (needsReindex)
            {
                await RunToEndAsync(program, copy, "-reindex");
            }

            numbers[$"-reindex-chainstate, {what}, ms"] = await RunToEndAsync(program, copy, "-reindex-chainstate");
            numbers[$"-reindex, {what}, ms"] = await RunToEndAsync(program, copy, "-reindex");
            await using var daemon = await StartAsync(program, copy);
            numbers[$"first answer, {what}, ms"] = daemon.FirstAnswer.TotalMilliseconds;
            numbers[$"memory after the start, {what}, MiB"] = daemon.ResidentMebibytes();
        }

        return numbers;
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
}
