using Dash.Common.Hosting;
using Dash.Common.Logging;
using Dash.Common.Options;
using Dash.Common.Time;
using Opts = Dash.Common.Options.Options;

namespace Dash.Common.Tests.Hosting;

public sealed class DaemonTests : IDisposable
{
    private readonly TempDirectory _dir = new();
    private readonly List<string> _events = [];

    public void Dispose() => _dir.Dispose();

    [Fact]
    public async Task Parts_end_in_the_reverse_order_in_which_they_came()
    {
        await using (var daemon = Make())
        {
            daemon.Own(new Resource(_events, "database"));
            daemon.Run("loop", Service("loop"));
            daemon.AtEnd("file", () => { _events.Add("file"); return Task.CompletedTask; });
            daemon.Run("server", Service("server"));
            daemon.Stop();
            await daemon.WaitAsync();
            Assert.Null(daemon.Failure);
        }

        Assert.Equal(["server", "file", "loop", "database"], _events);
    }

    [Fact]
    public async Task The_first_failure_stops_the_daemon_and_is_kept()
    {
        await using var daemon = Make();
        daemon.Run("bad", _ => throw new InvalidOperationException("first"));
        await daemon.WaitAsync();
        Assert.True(daemon.Stopping.IsCancellationRequested);
        daemon.AtEnd("worse", () => throw new InvalidOperationException("second"));
        await daemon.DisposeAsync();
        Assert.Equal("first", daemon.Failure!.Message);
    }

    [Fact]
    public async Task A_service_that_has_done_its_work_does_not_stop_the_daemon()
    {
        await using var daemon = Make();
        daemon.Run("once", _ => Task.CompletedTask);
        daemon.Run("loop", Service("loop"));
        Assert.False(daemon.WaitAsync().IsCompleted);
        Assert.False(daemon.Stopping.IsCancellationRequested);
    }

    [Fact]
    public async Task A_program_runs_logs_and_leaves_nothing_behind()
    {
        var code = await Run([], daemon =>
        {
            Assert.True(File.Exists(Path.Combine(_dir.Path, "regtest", "test.pid")));
            Assert.Equal(1_417_713_337, daemon.Clock.UnixSeconds);
            daemon.Run("loop", Service("loop"));
            daemon.Stop();
            return Task.CompletedTask;
        });
        Assert.Equal(0, code);
        Assert.Equal(["loop"], _events);
        Assert.False(File.Exists(Path.Combine(_dir.Path, "regtest", "test.pid")));
        var log = await File.ReadAllTextAsync(Path.Combine(_dir.Path, "regtest", "debug.log"), TestContext.Current.CancellationToken);
        Assert.Contains("Command-line arg: mocktime=\"1417713337\"\n", log, StringComparison.Ordinal);
        Assert.EndsWith("Shutdown: done\n", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-nonsense")]
    [InlineData("word")]
    [InlineData("-chain=moon")]
    public async Task A_program_with_bad_arguments_ends_with_1_before_it_is_built(string arg) =>
        Assert.Equal(1, await Run([arg], _ => throw new InvalidOperationException("built")));

    [Fact]
    public async Task A_program_that_cannot_start_or_whose_service_fails_ends_with_1()
    {
        Assert.Equal(1, await Run([], _ => throw new StartupException("no")));
        Assert.Equal(1, await Run([], daemon =>
        {
            daemon.Run("bad", _ => throw new IOException("disk"));
            return Task.CompletedTask;
        }));
    }

    private Task<int> Run(string[] args, Func<Daemon, Task> build) => DaemonProgram.RunAsync(
        new DaemonProfile("test", DaemonOptions.All),
        ["-datadir=" + _dir.Path, "-regtest", "-mocktime=1417713337", "-noprinttoconsole", .. args], build);

    private Func<CancellationToken, Task> Service(string name) => async ct =>
    {
        var ended = new TaskCompletionSource();
        await using (ct.Register(() => ended.TrySetResult())) await ended.Task;
        _events.Add(name);
        ct.ThrowIfCancellationRequested();
    };

    private Daemon Make()
    {
        var options = Opts.ParseCommandLine(DaemonOptions.All, []);
        var clock = new Clock();
        var directory = new DataDirectory(_dir.Path, _dir.Path);
        return new Daemon(options, directory, new DebugLog(new(), new LogFilter(), clock), clock);
    }

    private sealed class Resource(List<string> events, string name) : IDisposable
    {
        public void Dispose() => events.Add(name);
    }
}
