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
/// also over IPC; dashd beside it where the environment variable DASHD names one. Prints a table of each. Each daemon is given
/// 12 s before and 40 s of its download, so that the whole ends within four minutes. Neither checks its tree of blocks again
/// and again (-checkblockindex), which regtest does by default and takes dashd minutes with so many.
/// </summary>
internal static class SyncRun
{
    private const int Fans = 40;
    private const int Rounds = 25;
    private const int PaymentsABlock = 500;
    private const int LongChain = 20_000;
    private const int IdleSamples = 3_000;
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(6);
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

            foreach (var program in (string?[])[node, Programs.Dashd])
            {
                if (program is not null)
                {
                    await MeasureAsync(program, root, source, port, output);
                }
            }

            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task MeasureAsync(string program, string root, MeasuredDaemon source, int port, TextWriter output)
    {
        var name = Path.GetFileName(program);
        var directory = Path.Combine(root, name);
        var hasIpc = name == "dash-node";
        var health = MeasuredDaemon.FreePort();
        await using var daemon = await StartAsync(
            program, directory, ["-listen=0", .. hasIpc ? (string[])["-ipcbind=unix", Text($"-healthbind=127.0.0.1:{health}")] : []]);
        var session = hasIpc
            ? await IpcConnector.ConnectAsync<INodeInit>(
                Path.Combine(directory, "regtest", "node.sock"), static (target, connection) => new NodeInitClient(target, connection), new IpcOptions { Receiving = static () => ThreadTurns.AskShort() }, default)
            : null;
        var feed = session is null ? null : await session.Init.MakeChainFeedAsync(default);
        using CallSocket socket = new(daemon.Port, daemon.Credentials);
        var calls = Calls.Select(call => (Name: call.Method, Ask: Asking(socket, call.Method, call.Parameters))).ToList();
        if (feed is not null)
        {
            calls.Add(("position (IPC)", () => Wait(feed.PositionAsync(default))));
        }

        await SampleAsync(calls, Until(IdleTime)); // for warmth
        var idle = await SampleAsync(calls, Until(IdleTime));
        var target = (await source.CallAsync("/", "getblockcount", "[]")).GetInt32();
        var before = hasIpc ? await CollectionsAsync(health) : [];
        var (watch, cpu) = (Stopwatch.StartNew(), daemon.CpuTime);
        await daemon.CallAsync("/", "addnode", Text($"[\"127.0.0.1:{port}\",\"onetry\"]"));
        var height = 0;
        var countBlocks = socket.Prepare("getblockcount", "[]");
        var busy = await SampleAsync(
            calls,
            _ => height < target && watch.Elapsed < SyncTime,
            () =>
            {
                using var reply = JsonDocument.Parse(Encoding.UTF8.GetString(socket.Call(countBlocks)));
                height = reply.RootElement.GetProperty("result").GetInt32();
            });
        watch.Stop();
        output.WriteLine(Text(
            $"{name}: {height:N0} of {target:N0} blocks in {watch.Elapsed.TotalSeconds:N1} s, processor {(daemon.CpuTime - cpu).TotalSeconds:N1} s"));
        var after = hasIpc ? await CollectionsAsync(health) : [];
        output.WriteLine(string.Concat(before.Zip(after, static (was, now) => Text($"{was.Name} {now.Value - was.Value:N3}; "))));
        output.WriteLine("| call | idle p50, µs | idle p99 | while it syncs p50 | p90 | p99 | greatest | calls | p99 : idle p99 |");
        output.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var (call, _) in calls)
        {
            var (quiet, during) = (idle[call], busy[call]);
            output.WriteLine(Text(
                $"| {call} | {At(quiet, 0.5):N0} | {At(quiet, 0.99):N0} | {At(during, 0.5):N0} | {At(during, 0.9):N0} | {At(during, 0.99):N0} ")
                + Text($"| {during[^1]:N0} | {during.Count:N0} | {At(during, 0.99) / At(quiet, 0.99):N1} |"));
        }

        if (feed is not null)
        {
            await feed.DisposeAsync();
            await session!.DisposeAsync(); // there with the feed
        }
    }

    private static Func<int, bool> Until(TimeSpan end)
    {
        var watch = Stopwatch.StartNew();
        return samples => samples < IdleSamples && (samples == 0 || watch.Elapsed < end);
    }

    // What the process tells of its collections of memory.
    private static async Task<List<(string Name, double Value)>> CollectionsAsync(int port)
    {
        using HttpClient http = new();
        var text = await http.GetStringAsync(new Uri(Text($"http://127.0.0.1:{port}/metrics")));
        return [.. text.Split('\n').Where(static line => line.StartsWith("dotnet_gc_", StringComparison.Ordinal)).Select(static line => line.Split(' '))
            .Select(static words => (words[0], double.Parse(words[1], CultureInfo.InvariantCulture)))];
    }

    private static Action Asking(CallSocket socket, string method, string parameters)
    {
        var call = socket.Prepare(method, parameters);
        return () => socket.Call(call);
    }

    // The answer comes on a thread that waits for it; this one has nothing else to do.
    private static void Wait<T>(ValueTask<T> asked) => asked.AsTask().Wait();

    // Calls in turn with a short pause, until told otherwise, on a thread that does nothing else; the times of each in µs, in
    // ascending order.
    private static Task<Dictionary<string, List<double>>> SampleAsync(
        List<(string Name, Action Ask)> calls, Func<int, bool> goesOn, Action? look = null) =>
        Task.Factory.StartNew(() => Sample(calls, goesOn, look), default, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Dictionary<string, List<double>> Sample(List<(string Name, Action Ask)> calls, Func<int, bool> goesOn, Action? look)
    {
        ThreadTurns.AskShort(); // whoever computes in the daemons shall not keep this thread from noting that an answer came
        var times = calls.ToDictionary(static call => call.Name, static _ => new List<double>(), StringComparer.Ordinal);
        using ManualResetEvent never = new(false);
        Random order = new(1);
        int[] turn = [.. Enumerable.Range(0, calls.Count)];
        for (var samples = 0; goesOn(samples); samples++)
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

            look?.Invoke();
            never.WaitOne(Pause);
        }

        foreach (var list in times.Values)
        {
            list.Sort();
        }

        return times;
    }

    private static double At(List<double> sorted, double share) => sorted[(int)(share * (sorted.Count - 1))];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static Task<MeasuredDaemon> StartAsync(string program, string directory, params string[] more) =>
        StartAsync(program, [], directory, more);

    private static Task<MeasuredDaemon> StartAsync(string program, string[] first, string directory, string[] more)
    {
        Directory.CreateDirectory(directory);
        return MeasuredDaemon.StartAsync(
            program, Path.Combine(directory, "regtest", ".cookie"), [.. first, .. Alone, "-datadir=" + directory, .. more]);
    }
}
