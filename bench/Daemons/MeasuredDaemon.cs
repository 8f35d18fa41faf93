using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Dash.Bench.Daemons;

/// <summary>A daemon that is started, called over one connection and stopped, with the time each takes.</summary>
internal sealed class MeasuredDaemon : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _cookie;
    private readonly HttpClient _http;
    private bool _hasEnded;

    private MeasuredDaemon(Process process, int port, string cookie)
    {
        _process = process;
        _cookie = cookie;
        Port = port;
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            MaxConnectionsPerServer = 1,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15), // dashd closes one that rests for half a minute
        })
        {
            Timeout = TimeSpan.FromMinutes(30),
            BaseAddress = new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}"),
        };
    }

    /// <summary>Where it answers.</summary>
    public int Port { get; }

    /// <summary>User and password.</summary>
    public string Credentials => File.ReadAllText(_cookie).Trim();

    /// <summary>Processor time of the process alone: what others do on the machine does not change it much.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Memory of the process alone, MiB.</summary>
    public double OwnResidentMebibytes()
    {
        _process.Refresh();
        return _process.WorkingSet64 / (double)(1 << 20);
    }

    /// <summary>From the start of the process to its first answer.</summary>
    public TimeSpan FirstAnswer { get; private set; }

    /// <summary>A loopback port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port; // bound, so it has one
    }

    /// <summary>Starts a program and waits until it answers.</summary>
    public static async Task<MeasuredDaemon> StartAsync(string program, string cookie, params string[] arguments)
    {
        var port = FreePort();
        ProcessStartInfo info = new(program) { RedirectStandardOutput = true };
        foreach (var argument in arguments.Append($"-rpcport={port.ToString(CultureInfo.InvariantCulture)}"))
        {
            info.ArgumentList.Add(argument);
        }

        var watch = Stopwatch.StartNew();
        var process = Process.Start(info) ?? throw new InvalidOperationException("could not start " + program);
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        MeasuredDaemon daemon = new(process, port, cookie);
        while (!await daemon.IsThereAsync())
        {
            if (process.HasExited || watch.Elapsed.TotalSeconds > 60)
            {
                throw new InvalidOperationException($"{program} does not answer");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }

        daemon.FirstAnswer = watch.Elapsed;
        return daemon;
    }

    /// <summary>Memory of the process and of those it started, MiB.</summary>
    public double ResidentMebibytes()
    {
        var all = Process.GetProcesses().Where(other => other.Id == _process.Id || ParentOf(other.Id) == _process.Id);
        return all.Sum(static process => process.WorkingSet64) / (double)(1 << 20);
    }

    /// <summary>One call; its result.</summary>
    public async Task<JsonElement> CallAsync(string path, string method, string parameters)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(File.ReadAllText(_cookie).Trim())));
        request.Content = new StringContent($$"""{"id":1,"method":"{{method}}","params":{{parameters}}}""", Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request);
        using var reply = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return reply.RootElement.GetProperty("error") is { ValueKind: JsonValueKind.Null }
            ? reply.RootElement.GetProperty("result").Clone()
            : throw new InvalidOperationException($"{method}: {reply.RootElement.GetProperty("error")}");
    }

    /// <summary>The median time of a call, in microseconds, after as many to warm up.</summary>
    public async Task<double> MedianAsync(string path, string method, string parameters, int count)
    {
        List<double> times = new(count);
        for (var i = 0; i < 2 * count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await CallAsync(path, method, parameters);
            if (i >= count)
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }
        }

        times.Sort();
        return times[count / 2];
    }

    /// <summary>Waits for the process to end by itself, or ends it after a while.</summary>
    /// <returns>Its exit code; null when it had to be ended.</returns>
    public async Task<int?> EndAsync(TimeSpan patience)
    {
        using CancellationTokenSource late = new(patience);
        try
        {
            await _process.WaitForExitAsync(late.Token);
            _hasEnded = true;
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Ends the process at once.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _hasEnded = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_hasEnded)
        {
            await CallAsync("/", "stop", "[]");
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _http.Dispose();
    }

    private static int ParentOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private async Task<bool> IsThereAsync()
    {
        try
        {
            await CallAsync("/", "uptime", "[]");
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
