using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dash.Bench.Daemons;
using Dash.Bench.Wallets;

namespace Dash.Bench.Needs;

/// <summary>Ten thousand connections, two thousand of them with a call under way all the time; and one user who asks for more than his share.</summary>
internal static class Overload
{
    private const int Connections = 10_000;
    private const int Callers = 2_000;
    private const int Few = 16;
    private const int GreedyCallers = 200;
    private const string User = "greedy";
    private const string Password = "greedy-password";
    private const string Salt = "00112233445566778899aabbccddeeff";
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(5);

    private static TimeSpan Span => Environment.GetEnvironmentVariable("DASH_BENCH_SECONDS") is { } text
        ? TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture))
        : TimeSpan.FromSeconds(60);

    /// <summary>Loads the daemon with what it cannot do, and looks at what it does.</summary>
    public static async Task RunAsync(WalletStage stage, NeedsReport report)
    {
        var hash = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Salt), Encoding.UTF8.GetBytes(Password)));
        await stage.StartDaemonAsync("-wallet=bench", "-createwalletbackups=0", "-rpcmaxconnections=12000", "-rpcservertimeout=3600"); // else what rests is closed
        await stage.WaitForWalletAsync();
        var daemon = stage.Daemon;

        var peak = await LoadAsync(daemon, daemon.Credentials, Few, () => true, Short);
        List<Socket> idle = [];
        for (var i = Callers; i < Connections; i++)
        {
            idle.Add(await ConnectAsync(daemon.Port));
        }

        using CancellationTokenSource end = new();
        var control = ControlAsync(daemon, end.Token);
        var load = await LoadAsync(daemon, daemon.Credentials, Callers, () => true, Span);
        await end.CancelAsync();
        var calls = await control;
        report.AtLeast($"{Connections:N0} connections, {Callers:N0} calls under way for {Span.TotalSeconds:F0} s: connections that were kept", Connections,
            Connections - idle.Count(static socket => !IsOpen(socket)) - load.Broken, "");
        report.AtMost("… replies that are neither an answer nor a refusal as JSON", 0, load.Unreadable, "",
            string.Create(CultureInfo.InvariantCulture, $"{load.Answered:N0} answers, {load.Refused:N0} refusals (503)"));
        report.AtMost("… getrpcinfo by a caller of its own, p99", 100, calls.P99, "ms", $"median {calls.P50:F1} ms, worst {calls.Worst:F1} ms of {calls.Count:N0}");
        report.AtLeast($"… answers a second beside those of {Few} callers", 0.9, load.PerSecond / peak.PerSecond, "", $"{peak.PerSecond:N0} and {load.PerSecond:N0}");
        idle.ForEach(static socket => socket.Dispose());

        await stage.StartDaemonAsync("-wallet=bench", "-createwalletbackups=0", $"-rpcauth={User}:{Salt}${hash}");
        await stage.WaitForWalletAsync();
        daemon = stage.Daemon;
        var alone = await LightReaders.ReadAsync(daemon, WalletStage.Wallet, 4, Short);
        var goesOn = true;
        var greedy = LoadAsync(daemon, $"{User}:{Password}", GreedyCallers, () => Volatile.Read(ref goesOn), Span);
        var beside = await ReadBesideAsync(daemon);
        Volatile.Write(ref goesOn, false);
        var taken = await greedy;
        report.AtMost($"light reads beside one user with {GreedyCallers} callers, p99 beside idle", 2, beside.P99 / alone.P99, "",
            $"{alone.P99:F2} and {beside.P99:F2} ms; he got {taken.PerSecond:N0} answers a second and {taken.Refused:N0} refusals");
    }

    private static Task<Latencies> ReadBesideAsync(MeasuredDaemon daemon) => LightReaders.ReadAsync(daemon, WalletStage.Wallet, 4, Short * 2);

    private static async Task<Outcome> LoadAsync(MeasuredDaemon daemon, string credentials, int callers, Func<bool> goesOn, TimeSpan span)
    {
        Outcome sum = new();
        var authorization = Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials));
        const string body = """{"id":1,"method":"getbalance","params":[]}""";
        var request = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"POST {WalletStage.Wallet} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic {authorization}\r\nAccept: application/json\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        List<Socket> sockets = [];
        for (var i = 0; i < callers; i++)
        {
            sockets.Add(await ConnectAsync(daemon.Port));
        }

        var watch = Stopwatch.StartNew();
        await Task.WhenAll(sockets.Select(socket => Task.Run(async () =>
        {
            var buffer = new byte[4096];
            try
            {
                while (watch.Elapsed < span && goesOn())
                {
                    await socket.SendAsync(request);
                    sum.Note(await ReplyAsync(socket, buffer));
                }
            }
            catch (SocketException)
            {
                Interlocked.Increment(ref sum.Broken);
            }
            finally
            {
                socket.Dispose();
            }
        })));
        sum.Seconds = watch.Elapsed.TotalSeconds;
        return sum;
    }

    // The status, or 0 where what came is no answer in JSON.
    private static async Task<int> ReplyAsync(Socket socket, byte[] buffer)
    {
        var (filled, end) = (0, int.MaxValue);
        var head = -1;
        while (filled < end)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(filled));
            if (read == 0)
            {
                throw new SocketException((int)SocketError.ConnectionReset);
            }

            filled += read;
            if (head < 0 && (head = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) >= 0)
            {
                var text = Encoding.ASCII.GetString(buffer, 0, head);
                var at = text.IndexOf("Content-Length:", StringComparison.OrdinalIgnoreCase);
                var line = text.AsSpan(at + "Content-Length:".Length);
                end = head + 4 + int.Parse(line[..(line.IndexOf('\r') is >= 0 and var stop ? stop : line.Length)].Trim(), CultureInfo.InvariantCulture);
            }
        }

        try
        {
            using var reply = JsonDocument.Parse(buffer.AsMemory(head + 4, end - head - 4));
            return int.Parse(Encoding.ASCII.GetString(buffer, 9, 3), CultureInfo.InvariantCulture);
        }
        catch (JsonException)
        {
            return 0;
        }
    }

    private static async Task<Latencies> ControlAsync(MeasuredDaemon daemon, CancellationToken ct) => await Task.Factory.StartNew(
        () =>
        {
            using CallSocket socket = new(daemon.Port, daemon.Credentials);
            using ManualResetEvent never = new(false);
            var call = socket.Prepare("getrpcinfo", "[]");
            List<double> times = [];
            while (!ct.IsCancellationRequested)
            {
                var start = Stopwatch.GetTimestamp();
                socket.Call(call);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                never.WaitOne(10);
            }

            return new Latencies(times);
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static async Task<Socket> ConnectAsync(int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return socket;
    }

    private static bool IsOpen(Socket socket) => !(socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0);

    /// <summary>What came of many calls.</summary>
    private sealed class Outcome
    {
        public int Broken;
        private int _answered;
        private int _refused;
        private int _unreadable;

        public int Answered => _answered;

        public int Refused => _refused;

        public int Unreadable => _unreadable;

        public double Seconds { get; set; }

        public double PerSecond => Answered / Seconds;

        public void Note(int status)
        {
            switch (status)
            {
                case 200:
                    Interlocked.Increment(ref _answered);
                    break;
                case 503:
                    Interlocked.Increment(ref _refused);
                    break;
                default:
                    Interlocked.Increment(ref _unreadable);
                    break;
            }
        }
    }
}
