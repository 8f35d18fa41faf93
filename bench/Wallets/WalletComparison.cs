using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Dash.Bench.Daemons;

namespace Dash.Bench.Wallets;

/// <summary>
/// Puts a generated wallet before dash-wallet beside a node and, where DASHD names it, before dashd, asks both the same over
/// four kept connections, one after the other, and prints a table.
/// </summary>
internal sealed class WalletComparison(WalletSize size, string folder, TextWriter output)
{
    private const int Clients = 4;
    private const int ShortAnswer = 1 << 17;
    private const string Wallet = WalletStage.Wallet;

    private static readonly (string Shown, string Method, string Parameters)[] Reads =
    [
        ("uptime", "uptime", "[]"),
        ("getbalance", "getbalance", "[]"),
        ("getbalances", "getbalances", "[]"),
        ("getwalletinfo", "getwalletinfo", "[]"),
        ("getnewaddress, durable", "getnewaddress", "[]"),
        ("listtransactions 10", "listtransactions", "[]"),
        ("listtransactions 100", "listtransactions", "[\"*\",100]"),
        ("getreceivedbyaddress", "getreceivedbyaddress", "[\"ADDRESS\"]"),
        ("listunspent", "listunspent", "[]"),
        ("listsinceblock", "listsinceblock", "[]"),
        ("listreceivedbyaddress", "listreceivedbyaddress", "[]"),
        ("listaddressgroupings", "listaddressgroupings", "[]"),
    ];

    private static TimeSpan Span => Environment.GetEnvironmentVariable("DASH_BENCH_SECONDS") is { } text
        ? TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture))
        : TimeSpan.FromSeconds(3);

    // A run on a large wallet takes minutes: some of it can be left for another run.
    private static string[] Skipped => Environment.GetEnvironmentVariable("DASH_BENCH_SKIP")?.Split(',') ?? [];

    /// <summary>Measures and prints.</summary>
    public async Task RunAsync()
    {
        List<(string Name, Dictionary<string, (string Text, double Value)> Cells)> columns = [];
        await using (var ours = await WalletStage.StartAsync(folder, size, "-rpcthreads=16", "-rpcworkqueue=64"))
        {
            columns.Add(("dash-wallet", await MeasureAsync("dash-wallet", ours.Node, ours.Daemon)));
        }

        if (Programs.Dashd is { } dashd)
        {
            await using var theirs = await WalletStage.StartDashdAsync(dashd, folder, size);
            columns.Add(("dashd", await MeasureAsync("dashd", theirs.Node, theirs.Daemon)));
        }

        output.WriteLine();
        output.WriteLine($"| {size.Transactions:N0} transactions, {size.Unspent:N0} coins | "
            + string.Join(" | ", columns.Select(static column => column.Name)) + (columns.Count > 1 ? " | ratio |" : " |"));
        output.WriteLine("|---|" + string.Concat(columns.Select(static _ => "---:|")) + (columns.Count > 1 ? "---:|" : ""));
        foreach (var what in columns[0].Cells.Keys)
        {
            var cells = columns.Select(column => column.Cells.TryGetValue(what, out var cell) ? cell : ("", 0)).ToList();
            var ratio = cells.Count > 1 && cells[1].Item2 > 0 ? " " + LoadResult.Short(cells[0].Item2 / cells[1].Item2) + " |" : "";
            output.WriteLine($"| {what} | {string.Join(" | ", cells.Select(static cell => cell.Item1))} |{ratio}");
        }
    }

    private async Task<Dictionary<string, (string Text, double Value)>> MeasureAsync(string who, MeasuredDaemon node, MeasuredDaemon wallet)
    {
        Dictionary<string, (string Text, double Value)> cells = [];
        void Note(string what, double value, string unit)
        {
            cells[what] = ($"{LoadResult.Short(value)} {unit}", value);
            output.WriteLine($"{size.Name} {who}: {what}: {cells[what].Text}");
        }

        var watch = Stopwatch.StartNew();
        await wallet.CallAsync("/", "loadwallet", "[\"bench\"]");
        Note("loadwallet to serving", watch.Elapsed.TotalMilliseconds, "ms");
        await node.CallAsync("/", "setmocktime", "[0]");
        var address = (await wallet.CallAsync(Wallet, "getnewaddress", "[]")).GetString();
        await node.CallAsync("/", "generatetoaddress", $"[1,\"{address}\"]");
        await wallet.CallAsync(Wallet, "getbalance", "[]");
        Note("memory after loading, wallet process", wallet.OwnResidentMebibytes(), "MiB");
        foreach (var (shown, method, parameters) in Reads.Where(static read => !Skipped.Contains(read.Method)))
        {
            LoadConnection Connect() =>
                new(wallet.Port, wallet.Credentials, Wallet, method, parameters.Replace("ADDRESS", address, StringComparison.Ordinal));

            // What is worked out for the first time is told of its own: it would be most of a short measurement.
            var cpu = wallet.CpuTime;
            watch.Restart();
            int length;
            using (var first = Connect())
            {
                length = first.Call();
            }

            if (length > ShortAnswer)
            {
                Note(shown + ", first answer", watch.Elapsed.TotalMilliseconds, "ms");
                Note(shown + ", first answer, processor time", (wallet.CpuTime - cpu).TotalMilliseconds, "ms");
            }

            cpu = wallet.CpuTime;
            var result = LoadResult.Measure(Connect, Clients, Span);
            result = result with { Cpu = (wallet.CpuTime - cpu).TotalMilliseconds / result.Calls };
            cells[shown] = (result.ToString(), result.PerSecond);
            output.WriteLine($"{size.Name} {who}: {shown}: {result}");
            if (length > ShortAnswer)
            {
                using var connection = Connect();
                await AfterBlocksAsync(node, wallet, address, connection, (what, value) => Note($"{shown}, {what}", value, "ms"));
            }
        }

        if (!Skipped.Contains("sendtoaddress"))
        {
            await PayAsync(node, wallet, address, Note);
        }

        if (!Skipped.Contains("rescanblockchain"))
        {
            var used = wallet.CpuTime;
            watch.Restart();
            var scanned = await wallet.CallAsync(Wallet, "rescanblockchain", "[]");
            Note($"rescanblockchain, {scanned.GetProperty("stop_height")} blocks", watch.Elapsed.TotalMilliseconds, "ms");
            Note("rescanblockchain, processor time", (wallet.CpuTime - used).TotalMilliseconds, "ms");
        }

        Note("memory at the end, all processes", node == wallet ? wallet.ResidentMebibytes() : wallet.ResidentMebibytes() + node.ResidentMebibytes(), "MiB");
        return cells;
    }

    // What nobody has asked for yet: each list is the first after a block that pays the wallet.
    private static async Task AfterBlocksAsync(
        MeasuredDaemon node, MeasuredDaemon wallet, string? address, LoadConnection list, Action<string, double> note)
    {
        List<double> times = [];
        var cpu = TimeSpan.Zero;
        var watch = Stopwatch.StartNew();
        while (times.Count < 2 || (times.Count < 9 && watch.Elapsed < TimeSpan.FromSeconds(15)))
        {
            await node.CallAsync("/", "generatetoaddress", $"[1,\"{address}\"]");
            await wallet.CallAsync(Wallet, "getbalance", "[]");
            var (from, used) = (watch.Elapsed, wallet.CpuTime);
            list.Call();
            times.Add((watch.Elapsed - from).TotalMilliseconds);
            cpu += wallet.CpuTime - used;
        }

        times.Sort();
        note("after a block", times[times.Count / 2]);
        note("after a block, processor time", cpu.TotalMilliseconds / times.Count);
    }

    // Payments by one caller, a few a block; and blocks that pay the wallet, each until the balance has it.
    private static async Task PayAsync(MeasuredDaemon node, MeasuredDaemon wallet, string? address, Action<string, double, string> note)
    {
        List<double> sends = [];
        List<double> blocks = [];
        List<double> cpu = [];
        var watch = Stopwatch.StartNew();
        for (var round = 0; round < 10 && (round < 2 || watch.Elapsed < TimeSpan.FromSeconds(40)); round++)
        {
            for (var i = 0; i < 5; i++)
            {
                var from = watch.Elapsed;
                var used = wallet.CpuTime;
                await wallet.CallAsync(Wallet, "sendtoaddress", $"[\"{address}\",0.001]");
                cpu.Add((wallet.CpuTime - used).TotalMilliseconds);
                sends.Add((watch.Elapsed - from).TotalMilliseconds);
                if (watch.Elapsed > TimeSpan.FromSeconds(60))
                {
                    break;
                }
            }

            var begin = watch.Elapsed;
            await node.CallAsync("/", "generatetoaddress", $"[1,\"{address}\"]");
            await wallet.CallAsync(Wallet, "getbalance", "[]");
            blocks.Add((watch.Elapsed - begin).TotalMilliseconds);
        }

        sends.Sort();
        blocks.Sort();
        note("sendtoaddress, durable, median", sends[sends.Count / 2], "ms");
        cpu.Sort();
        note("sendtoaddress, processor time, median", cpu[cpu.Count / 2], "ms");
        note("sendtoaddress, worst", sends[^1], "ms");
        note("block with 6 wallet transactions, until getbalance has it", blocks[blocks.Count / 2], "ms");
    }
}
