using System.Globalization;

namespace Dash.Bench.Daemons;

/// <summary>
/// The same calls on the same chain: dash-wallet beside a node, a node with a wallet of its own, and dashd where the
/// environment variable DASHD names one. Prints medians as a table.
/// </summary>
internal static class DaemonRun
{
    private const int Blocks = 200;
    private const int Calls = 300;

    private static readonly (string Method, string Parameters)[] Reads =
    [
        ("getblockcount", "[]"), ("getbalance", "[]"), ("getbalances", "[]"), ("listunspent", "[]"), ("listtransactions", "[\"*\",100]"),
        ("getwalletinfo", "[]"), ("getnewaddress", "[]"),
    ];

    /// <summary>Runs all and prints.</summary>
    public static async Task<int> RunAsync(TextWriter output)
    {
        var programs = Programs.Directory;
        List<(string Name, Dictionary<string, double> Numbers)> columns = [];
        columns.Add(("dash-wallet, direct", await IsolatedAsync(programs)));
        columns.Add(("through dash-node", await AloneAsync(Path.Combine(programs, "dash-node"))));
        if (Programs.Dashd is { } dashd)
        {
            columns.Add(("dashd", await AloneAsync(dashd, "-listen=0", "-connect=0", "-dnsseed=0")));
        }

        output.WriteLine("| | " + string.Join(" | ", columns.Select(column => column.Name)) + " |");
        output.WriteLine("|---|" + string.Concat(columns.Select(static _ => "---:|")));
        foreach (var what in columns[0].Numbers.Keys)
        {
            output.WriteLine($"| {what} | {string.Join(" | ", columns.Select(column => column.Numbers[what].ToString("N0", CultureInfo.InvariantCulture)))} |");
        }

        return 0;
    }

    private static async Task<Dictionary<string, double>> IsolatedAsync(string programs)
    {
        var directory = Directory.CreateTempSubdirectory("dash-bench-").FullName;
        try
        {
            string[] common = ["-regtest", "-datadir=" + directory];
            var network = Path.Combine(directory, "regtest");
            await using var node = await MeasuredDaemon.StartAsync(
                Path.Combine(programs, "dash-node"), Path.Combine(network, ".cookie"), [.. common, "-disablewallet", "-ipcbind=unix", "-listen=0"]);
            await using var wallet = await MeasuredDaemon.StartAsync(
                Path.Combine(programs, "dash-wallet"), Path.Combine(network, ".cookie-wallet"), [.. common, "-server", "-ipcconnect=unix"]);
            return await MeasureAsync(node, wallet);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<Dictionary<string, double>> AloneAsync(string program, params string[] more)
    {
        var directory = Directory.CreateTempSubdirectory("dash-bench-").FullName;
        try
        {
            await using var node = await MeasuredDaemon.StartAsync(
                program, Path.Combine(directory, "regtest", ".cookie"), ["-regtest", "-datadir=" + directory, "-fallbackfee=0.00001", .. more]);
            return await MeasureAsync(node, node);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<Dictionary<string, double>> MeasureAsync(MeasuredDaemon node, MeasuredDaemon wallet)
    {
        Dictionary<string, double> numbers = new() { ["first answer, ms"] = wallet.FirstAnswer.TotalMilliseconds };
        await wallet.CallAsync("/", "createwallet", "[\"bench\"]");
        var address = (await wallet.CallAsync("/wallet/bench", "getnewaddress", "[]")).GetString();
        await node.CallAsync("/", "generatetoaddress", $"[{Blocks},\"{address}\"]");
        foreach (var (method, parameters) in Reads)
        {
            var target = method == "getblockcount" ? node : wallet;
            numbers[method + ", µs"] = await target.MedianAsync(target == node && node != wallet ? "/" : "/wallet/bench", method, parameters, Calls);
        }

        // Twenty payments a block: a chain of unconfirmed change may not be longer.
        List<double> payments = [];
        for (var block = 0; block < 10; block++)
        {
            payments.Add(await wallet.MedianAsync("/wallet/bench", "sendtoaddress", $"[\"{address}\",0.1]", 10));
            await node.CallAsync("/", "generatetoaddress", $"[1,\"{address}\"]");
        }

        payments.Sort();
        numbers["sendtoaddress, µs"] = payments[payments.Count / 2];
        numbers["generatetoaddress 1, µs"] = await node.MedianAsync("/", "generatetoaddress", $"[1,\"{address}\"]", 50);
        numbers["memory, MiB"] = node == wallet ? wallet.ResidentMebibytes() : wallet.ResidentMebibytes() + node.ResidentMebibytes();
        return numbers;
    }
}
