namespace Dash.Functional.Framework;

/// <summary>What a node and a wallet daemon have in common: a data directory, a port, a cookie, a log, a process.</summary>
public abstract class TestDaemon : IAsyncDisposable
{
    private RpcConnection? _rpc;

    protected TestDaemon(string dataDirectory)
    {
        DataDirectory = dataDirectory;
    }

    public string DataDirectory { get; }

    public string NetworkDirectory => Path.Combine(DataDirectory, "regtest");

    public int Port { get; } = Ports.Free();

    public TestProcess? Process { get; private set; }

    /// <summary>What its environment has beside that of the tests.</summary>
    public IReadOnlyDictionary<string, string>? Variables { get; init; }

    public RpcConnection Rpc => _rpc ??= RpcConnection.To(Port, Cookie, KeepsConnections);

    public abstract string CookieFile { get; }

    public abstract string LogFile { get; }

    protected abstract string Program { get; }

    /// <summary>Whether connections for calls stay open. dashd waits half a minute for those before it ends.</summary>
    protected virtual bool KeepsConnections => true;

    protected abstract IEnumerable<string> Arguments { get; }

    /// <summary>Starts the process and waits until its RPC answers.</summary>
    public async Task StartAsync(params string[] more)
    {
        await LaunchAsync(more);
        await Wait.Until($"{Path.GetFileName(Program)} answers RPC", async () =>
        {
            if (Process!.HasExited) Assert.Fail($"{Path.GetFileName(Program)} ended with {Process.ExitCode}:\n{Process.Output}\n{LastLog()}");
            return File.Exists(CookieFile) && (await Rpc.CallAsync("uptime")).GetInt64() >= 0;
        }, LastLog);
    }

    /// <summary>Starts the process without waiting for anything.</summary>
    public async Task LaunchAsync(params string[] more)
    {
        if (Process is not null) await Process.DisposeAsync();
        Process = TestProcess.Start(Program, [.. Arguments, .. more], Variables);
    }

    /// <summary>A clean end: exit code 0, nothing on standard error.</summary>
    public async Task StopAsync()
    {
        var code = await Process!.StopAsync();
        Assert.True(code == 0, $"{Path.GetFileName(Program)} ended with {code}\n{Process.Output}\n{LastLog()}");
        Assert.DoesNotContain("stderr:", Process.Output, StringComparison.Ordinal);
    }

    public Task KillAsync() => Process!.KillAsync();

    /// <summary>The log's last lines, for failures.</summary>
    public string LastLog() => File.Exists(LogFile)
        ? string.Join('\n', ReadLog().Split('\n').TakeLast(25))
        : $"({LogFile} does not exist)";

    public string ReadLog()
    {
        using var file = new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    public async ValueTask DisposeAsync()
    {
        _rpc?.Dispose();
        if (Process is not null) await Process.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private string? Cookie() => File.Exists(CookieFile) ? File.ReadAllText(CookieFile).Trim() : null;
}
