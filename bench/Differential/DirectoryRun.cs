using System.Globalization;
using System.Text.Json;
using Dash.Bench.Daemons;

namespace Dash.Bench.Differential;

/// <summary>
/// dash-node and dashd take turns on one data directory, with all indexes, also anew from its blocks: each must find the coins the
/// other left, and leaves a chain that was reorganised.
/// </summary>
internal static class DirectoryRun
{
    private const int Blocks = 30;
    private const int Depth = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly string[] Alone = ["-regtest", "-listen=0", "-connect=0", "-dnsseed=0", "-disablewallet", "-printtoconsole=0"];

    /// <summary>Runs all; prints a line for each turn.</summary>
    /// <returns>0 when all was the same.</returns>
    public static async Task<int> RunAsync(TextWriter output)
    {
        var ours = Path.Combine(Programs.Directory, "dash-node");
        var dashd = Programs.Dashd ?? throw new InvalidOperationException("the environment variable DASHD names no program");
        string[] indexes = ["-txindex=1", "-blockfilterindex=1", "-coinstatsindex=1"];
        string[] spent = [.. indexes, "-addressindex=1", "-spentindex=1", "-timestampindex=1"];
        string[] pruned = ["-prune=1", "-fastprune", "-txindex=0"];
        return await TakeTurnsAsync([(ours, ""), (dashd, ""), (ours, ""), (dashd, "-reindex"), (ours, "-reindex"), (dashd, ""), (ours, "")], indexes, output)
            && await TakeTurnsAsync([(dashd, ""), (ours, ""), (dashd, ""), (ours, "-reindex"), (dashd, "")], spent, output)
            && await TakeTurnsAsync([(ours, ""), (dashd, ""), (ours, "")], pruned, output)
                ? 0
                : 1;
    }

    private static async Task<bool> TakeTurnsAsync((string Program, string Option)[] turns, string[] options, TextWriter output)
    {
        var root = Directory.CreateTempSubdirectory("dash-bench-turns-").FullName;
        try
        {
            var before = "";
            foreach (var (program, option) in turns)
            {
                string[] arguments = [.. Alone, .. options, "-datadir=" + root, .. option.Length > 0 ? (string[])[option] : []];
                await using var daemon = await MeasuredDaemon.StartAsync(program, Path.Combine(root, "regtest", ".cookie"), arguments);
                var name = string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(program)} {option} {string.Join(' ', options)}");
                if (before.Length > 0 && !await ComesToAsync(daemon, before))
                {
                    output.WriteLine($"{name}: finds {await CoinsAsync(daemon)}, not {before}");
                    return false;
                }

                await ReorganiseAsync(daemon);
                before = await CoinsAsync(daemon);
                if (!await IndexesAreThereAsync(daemon))
                {
                    output.WriteLine($"{name}: indexes do not come to {before}");
                    return false;
                }

                output.WriteLine($"{name}: leaves {before}");
            }

            return true;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task ReorganiseAsync(MeasuredDaemon daemon)
    {
        await daemon.CallAsync("/", "generatetoaddress", Text($"[{Blocks},\"{BenchChain.Address}\"]"));
        var height = (await daemon.CallAsync("/", "getblockcount", "[]")).GetInt32();
        var old = (await daemon.CallAsync("/", "getblockhash", Text($"[{height - Depth}]"))).GetString();
        await daemon.CallAsync("/", "invalidateblock", $"[\"{old}\"]");
        var anyone = (await daemon.CallAsync("/", "getdescriptorinfo", "[\"raw(51)\"]")).GetProperty("descriptor").GetString();
        await daemon.CallAsync("/", "generatetodescriptor", Text($"[{Depth + 3},\"{anyone}\"]"));
    }

    // While the index is built anew the chain is not there at once.
    private static async Task<bool> ComesToAsync(MeasuredDaemon daemon, string coins)
    {
        for (var start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < Patience;)
        {
            if (await CoinsAsync(daemon) == coins)
            {
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        return false;
    }

    private static async Task<string> CoinsAsync(MeasuredDaemon daemon)
    {
        var coins = await daemon.CallAsync("/", "gettxoutsetinfo", "[\"muhash\"]");
        return Text($"{coins.GetProperty("height")} {coins.GetProperty("bestblock")} {coins.GetProperty("muhash")}");
    }

    private static async Task<bool> IndexesAreThereAsync(MeasuredDaemon daemon)
    {
        var height = (await daemon.CallAsync("/", "getblockcount", "[]")).GetInt32();
        for (var start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < Patience;)
        {
            var indexes = await daemon.CallAsync("/", "getindexinfo", "[]");
            if (indexes.EnumerateObject().All(index => IsAt(index.Value, height)))
            {
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        return false;
    }

    private static bool IsAt(JsonElement index, int height) =>
        index.GetProperty("synced").GetBoolean() && index.GetProperty("best_block_height").GetInt32() == height;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
