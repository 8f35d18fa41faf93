using Dash.Common.Logging;
using Dash.Common.Time;
using Microsoft.Extensions.Logging;

namespace Dash.Common.Tests.Logging;

public sealed class DebugLogTests : IDisposable
{
    private readonly TempDirectory _dir = new();
    private readonly Clock _clock;

    public DebugLogTests()
    {
        var time = new ManualTime();
        time.Move(TimeSpan.FromSeconds(1_767_225_600) + TimeSpan.FromMicroseconds(42));
        _clock = new Clock(time);
    }

    private string Path => System.IO.Path.Combine(_dir.Path, "debug.log");

    public void Dispose() => _dir.Dispose();

    [Fact]
    public void Lines_look_as_those_of_dashd()
    {
        using (var log = Open(new(), "ipc"))
        {
            var ipc = log.CreateLogger(LogCategory.Ipc);
            var plain = log.CreateLogger(LogCategory.None);
            Write(ipc, LogLevel.Debug, "Sent request");
            Write(ipc, LogLevel.Information, "Connected");
            Write(ipc, LogLevel.Trace, "not written");
            Write(log.CreateLogger("net"), LogLevel.Debug, "not written");
            Write(plain, LogLevel.Information, "Bound to 127.0.0.1");
            Write(plain, LogLevel.Warning, "Low on disk");
            Write(plain, LogLevel.Error, "Two\nlines\u001b[0m and a tab\t");
        }

        Assert.Equal(
            """
            2026-01-01T00:00:00Z [ipc] Sent request
            2026-01-01T00:00:00Z [ipc:info] Connected
            2026-01-01T00:00:00Z Bound to 127.0.0.1
            2026-01-01T00:00:00Z [warning] Low on disk
            2026-01-01T00:00:00Z [error] Two
            lines\x1b[0m and a tab\x09

            """, Text());
    }

    [Fact]
    public void Time_stamps_are_real_and_name_the_mock_time()
    {
        using (var log = Open(new() { Micros = true }))
        {
            _clock.SetMockTime(1_417_713_337);
            Write(log.CreateLogger(LogCategory.None), LogLevel.Information, "∋");
        }

        Assert.Equal("2026-01-01T00:00:00.000042Z (mocktime: 1417713337) ∋\n", Text());
    }

    [Fact]
    public void Without_time_stamps_and_with_everything_named()
    {
        using (var log = Open(new() { Timestamps = false, LevelAlways = true }, "ipc"))
        {
            Write(log.CreateLogger(LogCategory.Ipc), LogLevel.Debug, "a");
            Write(log.CreateLogger(LogCategory.None), LogLevel.Information, "b");
        }

        Assert.Equal("[ipc:debug] a\n[all:info] b\n", Text());
    }

    [Fact]
    public void The_place_in_the_source_stands_before_the_category()
    {
        using (var log = Open(new() { Timestamps = false, SourceLocations = true }, "ipc"))
        {
            Write(log.CreateLogger(LogCategory.Ipc), LogLevel.Debug, "a");
            Write(log.CreateLogger(LogCategory.Ipc), LogLevel.Debug, "b");
        }

        Assert.Matches(
            """^(\[common/tests/Logging/DebugLogTests\.cs:[1-9][0-9]*\] \[\w+\] \[ipc\] [ab]\n){2}$""", Text());
    }

    [Theory]
    [InlineData("Dash.Node.Chain.Chainstate", "Open", "Open")]
    [InlineData("Dash.Node.NodeDaemon+<StartAsync>d__5", "MoveNext", "StartAsync")]
    [InlineData("Dash.Node.NodeDaemon+<>c__DisplayClass3_0", "<StartAsync>b__0", "StartAsync")]
    [InlineData("Dash.Node.NodeDaemon", "<BuildAsync>g__MakeFeed|6_0", "BuildAsync")]
    public void A_place_is_named_as_it_was_written(string type, string method, string function) =>
        Assert.Equal(function, SourceLocation.Function(type, method));

    [Theory]
    [InlineData("/home/x/common/src/node/Chain/Chainstate.cs", "node/Chain/Chainstate.cs")]
    [InlineData("C:\\src\\wallet-server\\Program.cs", "wallet-server/Program.cs")]
    [InlineData("/elsewhere/File.cs", "File.cs")]
    public void A_place_names_no_folder_of_the_machine(string path, string shown) =>
        Assert.Equal(shown, SourceLocation.Relative(path));

    [Fact]
    public void The_reason_of_a_failure_follows_its_line()
    {
        using (var log = Open(new()))
            log.CreateLogger(LogCategory.None).Log(LogLevel.Error, default, "Failed", new IOException("disk"), (text, _) => text);
        Assert.StartsWith("2026-01-01T00:00:00Z [error] Failed\nSystem.IO.IOException: disk\n", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_web_servers_information_is_detail_of_http()
    {
        using (var log = Open(new()))
        {
            var web = log.CreateLogger("Microsoft.AspNetCore.Server.Kestrel");
            Write(web, LogLevel.Information, "a");
            log.Filter.TrySwitch("http", on: true);
            Write(web, LogLevel.Information, "b");
            Write(web, LogLevel.Warning, "c");
        }

        Assert.Equal("2026-01-01T00:00:00Z [http] b\n2026-01-01T00:00:00Z [http:warning] c\n", Text());
    }

    [Fact]
    public async Task Two_logs_append_whole_lines_to_one_file()
    {
        using (var first = Open(new()))
        using (var second = Open(new()))
        {
            var text = new string('x', 200);
            await Task.WhenAll(new[] { first, second }.Select(log => Task.Run(() =>
            {
                var logger = log.CreateLogger(LogCategory.None);
                for (var i = 0; i < 500; i++) Write(logger, LogLevel.Information, text);
            })));
        }

        var lines = File.ReadAllLines(Path);
        Assert.Equal(1000, lines.Length);
        Assert.All(lines, line => Assert.Equal("2026-01-01T00:00:00Z ".Length + 200, line.Length));
    }

    [Fact]
    public void A_file_moved_away_is_opened_anew_on_request()
    {
        using (var log = Open(new()))
        {
            File.Move(Path, Path + ".1");
            Write(log.CreateLogger(LogCategory.None), LogLevel.Information, "old");
            log.Reopen();
            Write(log.CreateLogger(LogCategory.None), LogLevel.Information, "new");
        }

        Assert.EndsWith("Z new\n", Text(), StringComparison.Ordinal);
        Assert.EndsWith("Z old\n", File.ReadAllText(Path + ".1"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_run_leaves_a_gap_and_cuts_a_large_file()
    {
        var line = new string('y', 99) + "\n";
        File.WriteAllText(Path, "first\n" + string.Concat(Enumerable.Repeat(line, 110_001)));
        using (new DebugLog(new() { Path = Path, Shrink = true }, new LogFilter(), _clock))
        {
        }

        var text = Text();
        Assert.Equal(10_000_000 + 5, text.Length);
        Assert.EndsWith("y\n\n\n\n\n\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_owner_can_read_it()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("File modes are a Unix matter.");
            return;
        }

        using (Open(new()))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
    }

    [Fact]
    public void A_folder_that_is_missing_is_an_error() =>
        Assert.Throws<IOException>(() => new DebugLog(new() { Path = "/nonexistent/debug.log" }, new LogFilter(), _clock));

    private DebugLog Open(DebugLogSettings settings, params string[] on)
    {
        var filter = new LogFilter();
        foreach (var name in on) Assert.True(filter.TrySwitch(name, on: true));
        return new DebugLog(settings with { Path = Path, IsShared = true }, filter, _clock);
    }

    private string Text() => File.ReadAllText(Path);

    private static void Write(ILogger logger, LogLevel level, string text) => logger.Log(level, default, text, null, (t, _) => t);
}
