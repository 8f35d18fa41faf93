using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Dash.Common.Concurrency;
using Dash.Ipc.Interfaces;
using Dash.Ipc.Multiprocess;

namespace Dash.Bench.Daemons;

/// <summary>
/// How light calls fare while a node takes a chain from another: 20,000 blocks without payments, and 40,000 payments in
/// blocks of 500. The same calls to the same process before the first block came, and meanwhile; over RPC, for dash-node
/// also over IPC; dashd beside it where the environment variable DASHD names one. dash-node takes the chain eight times, each
/// time a fresh one: what one in a hundred calls takes is not told by the few of one download. dashd is given 40 s of one
/// download, so that the whole ends within four minutes. Neither checks its tree of blocks again and again
/// (-checkblockindex), which regtest does by default and takes dashd minutes with so many.
/// </summary>
internal static class SyncRun
{
    private const int Fans = 40;
    private const int Rounds = 25;
    private const int PaymentsABlock = 500;
    private const int LongChain = 20_000;
    private const int Downloads = 8;
    private static readonly TimeSpan WarmTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SyncTime = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private static readonly string[] Alone = ["-regtest", "-connect=0", "-dnsseed=0", "-disablewallet", "-printtoconsole=0", "-checkblockindex=0"];

    private static readonly (string Method, string Parameters)[] Calls =
    [
        ("getblockcount", "[]"), ("getbestblockhash", "[]"), ("uptime", "[]"), ("getconnectioncount", "[]"), ("getmempoolinfo", "[]"),
        ("validateaddress", $"[\"{BenchChain.Address}\"]"), ("getblockheader", "[\"000008ca1832a4baf228eb1553c03d3a2c8e02399550dd6ea8d65cec3ef23d2e\"]"),
    ];

    /// <summary>Runs all and prints.</summary>
    /// <param name="folder">Where the chain is kept and used again; null for one that is made for this run.</param>
    /// <param name="output">Gets the tables.</param>
    public static async Task<int> RunAsync(string? folder, TextWriter output)
    {
        var root = Directory.CreateTempSubdirectory("dash-bench-sync-").FullName;
        try
        {
            var node = Path.Combine(Programs.Directory, "dash-node");
            var port = MeasuredDaemon.FreePort();
            var kept = Path.GetFullPath(folder ?? Path.Combine(root, "source"));

            // On another machine it would take nothing of these cores.
            await using var source = await StartAsync(
                "nice", ["-n", "19", node], kept,
                ["-listen=1", Text($"-bind=127.0.0.1:{port}"), Text($"-bind=127.0.0.1:{MeasuredDaemon.FreePort()}=onion")]);
            if ((await source.CallAsync("/", "getblockcount", "[]")).GetInt32() == 0)
            {
                await BenchChain.MakeBusyAsync(source, Fans, Rounds, PaymentsABlock);
                await BenchChain.MakeLongAsync(source, LongChain);
            }

            await MeasureAsync(node, Downloads, root, source, port, output);
            if (Programs.Dashd is { } dashd)
            {
                await MeasureAsync(dashd, 1, root, source, port, output);
            }

            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task MeasureAsync(string program, int downloads, string root, MeasuredDaemon source, int port, TextWriter output)
    {
        var target = (await source.CallAsync("/", "getblockcount", "[]")).GetInt32();
        List<Download> all = [];
        for (var i = 0; i < downloads; i++)
        {
            all.Add(await DownloadAsync(program, Path.Combine(root, Text($"{Path.GetFileName(program)}{i}")), port, target));
        }

        output.WriteLine(Text($"{Path.GetFileName(program)}, {downloads} times: {all[0].Height:N0} of {target:N0} blocks; s: {List(all, static one => one.Time)};")
            + Text($" processor, s: {List(all, static one => one.Processor)}"));
        output.WriteLine("| call | idle p50, µs | idle p99 | while it syncs p50 | p90 | p99 | greatest | calls | p99 : idle p99 | of each download, median |");
        output.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var call in all[0].Idle.Keys)
        {
            Latencies idle = new(all.SelectMany(one => one.Idle[call]));
            Latencies during = new(all.SelectMany(one => one.During[call]));
            Latencies ratios = new(all.Select(one => new Latencies(one.During[call]).P99 / new Latencies(one.Idle[call]).P99));
            output.WriteLine(Text(
                $"| {call} | {idle.P50:N0} | {idle.P99:N0} | {during.P50:N0} | {during.P90:N0} | {during.P99:N0} ")
                + Text($"| {during.Worst:N0} | {during.Count:N0} | {during.P99 / idle.P99:N1} | {ratios.P50:N1} |"));
        }
    }

    private static async Task<Download> DownloadAsync(string program, string directory, int port, int target)
    {
        var hasIpc = Path.GetFileName(program) == "dash-node";
        await using var daemon = await StartAsync(program, directory, ["-listen=0", .. hasIpc ? (string[])["-ipcbind=unix"] : []]);
        await using var session = hasIpc
            ? await IpcConnector.ConnectAsync<INodeInit>(
                Path.Combine(directory, "regtest", "node.sock"), static (target, connection) => new NodeInitClient(target, connection), new IpcOptions { Receiving = static () => ThreadTurns.AskShort() }, default)
            : null;
        await using var feed = session is null ? null : await session.Init.MakeChainFeedAsync(default);
        using CallSocket socket = new(daemon.Port, daemon.Credentials);
        var calls = Calls.Select(call => (Name: call.Method, Ask: Asking(socket, call.Method, call.Parameters))).ToList();
        if (feed is not null)
        {
            calls.Add(("position (IPC)", () => Wait(feed.PositionAsync(default))));
        }

        await SampleAsync(calls, WarmTime);
        var idle = await SampleAsync(calls, IdleTime);
        var (watch, cpu) = (Stopwatch.StartNew(), daemon.CpuTime);
        await daemon.CallAsync("/", "addnode", Text($"[\"127.0.0.1:{port}\",\"onetry\"]"));
        var height = 0;
        var countBlocks = socket.Prepare("getblockcount", "[]");
        var during = await SampleAsync(
            calls,
            SyncTime,
            () =>
            {
                using var reply = JsonDocument.Parse(Encoding.UTF8.GetString(socket.Call(countBlocks)));
                height = reply.RootElement.GetProperty("result").GetInt32();
                return height < target;
            });
        return new Download(idle, during, height, watch.Elapsed, daemon.CpuTime - cpu);
    }

    private static Action Asking(CallSocket socket, string method, string parameters)
    {
        var call = socket.Prepare(method, parameters);
        return () => socket.Call(call);
    }

    // The answer comes on a thread that waits for it; this one has nothing else to do.
    private static void Wait<T>(ValueTask<T> asked) => asked.AsTask().Wait();

    // Calls in turn with a short pause, for a time or until there is nothing more to see, on a thread that does nothing else; the
    // times of each in µs.
    private static Task<Dictionary<string, List<double>>> SampleAsync(List<(string Name, Action Ask)> calls, TimeSpan atMost, Func<bool>? goesOn = null) =>
        Task.Factory.StartNew(() => Sample(calls, atMost, goesOn), default, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Dictionary<string, List<double>> Sample(List<(string Name, Action Ask)> calls, TimeSpan atMost, Func<bool>? goesOn)
    {
        ThreadTurns.AskShort(); // whoever computes in the daemons shall not keep this thread from noting that an answer came
        var times = calls.ToDictionary(static call => call.Name, static _ => new List<double>(), StringComparer.Ordinal);
        using ManualResetEvent never = new(false);
        Random order = new(1);
        int[] turn = [.. Enumerable.Range(0, calls.Count)];
        var watch = Stopwatch.StartNew();
        do
        {
            // The first after the pause meets what stops all threads for a while, as collections do, and one that follows another
            // connection's finds its threads asleep: each is in each place equally often.
            order.Shuffle(turn);
            foreach (var at in turn)
            {
                var (name, ask) = calls[at];
                var start = Stopwatch.GetTimestamp();
                ask();
                times[name].Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }

            never.WaitOne(Pause);
        }
        while (goesOn?.Invoke() != false && watch.Elapsed < atMost);

        return times;
    }

    private static string List(List<Download> all, Func<Download, TimeSpan> what) =>
        string.Join(' ', all.Select(one => Text($"{what(one).TotalSeconds:N1}")));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static Task<MeasuredDaemon> StartAsync(string program, string directory, params string[] more) =>
        StartAsync(program, [], directory, more);

    private static Task<MeasuredDaemon> StartAsync(string program, string[] first, string directory, string[] more)
    {
        Directory.CreateDirectory(directory);
        return MeasuredDaemon.StartAsync(
            program, Path.Combine(directory, "regtest", ".cookie"), [.. first, .. Alone, "-datadir=" + directory, .. more]);
    }

    // What one process showed: the times of each call before and during its download, how far that came, how long it took.
    private sealed record Download(
        Dictionary<string, List<double>> Idle, Dictionary<string, List<double>> During, int Height, TimeSpan Time, TimeSpan Processor);
}
