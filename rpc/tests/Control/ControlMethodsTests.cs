using System.Buffers;
using System.Text;
using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Rpc.Control;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Methods;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Rpc.Tests.Control;

public sealed class ControlMethodsTests
{
    private readonly Clock _clock = new();
    private readonly RpcTable _table = new();
    private readonly RpcDispatcher _dispatcher;
    private readonly List<string> _happened = [];

    public ControlMethodsTests()
    {
        _dispatcher = new RpcDispatcher(_table, NullLoggerFactory.Instance) { ChecksResults = true };
        _dispatcher.Warmup.Finish();
        _table.Add([Samples.Pay, Samples.Nothing, Samples.List, Samples.Broken], call => new RpcCall(call));
        _table.Add(ControlMethods.All(Context(hasMockTime: true)), call => new RpcCall(call));
    }

    [Fact]
    public async Task Help_lists_visible_methods_by_category()
    {
        const string expected =
            "\"== Control ==\\ndebug \\\"category\\\"\\ngetmemoryinfo ( \\\"mode\\\" )\\ngetrpcinfo\\nhelp ( \\\"command\\\" \\\"subcommand\\\" )\\nlogging ( [\\\"include_category\\\",...] " +
            "[\\\"exclude_category\\\",...] )\\nstop\\nuptime\\n\\n== Money ==\\nnothing\\npay \\\"address\\\" amount ( \\\"comment\\\" verbose )\"";
        Assert.Equal(expected, await ResultAsync("help"));
    }

    [Fact]
    public async Task Memory_for_secrets_is_told()
    {
        using Primitives.Keys.SecretBytes secret = new(new byte[32]);
        using var reply = System.Text.Json.JsonDocument.Parse(await ResultAsync("getmemoryinfo"));
        var locked = reply.RootElement.GetProperty("locked");
        Assert.True(locked.GetProperty("used").GetInt64() >= 32);
        Assert.Equal(
            locked.GetProperty("total").GetInt64(), locked.GetProperty("used").GetInt64() + locked.GetProperty("free").GetInt64());
        Assert.Contains("mallocinfo mode not available", await ReplyAsync("getmemoryinfo", "[\"mallocinfo\"]"), StringComparison.Ordinal);
        Assert.Contains("unknown mode x", await ReplyAsync("getmemoryinfo", "[\"x\"]"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Debug_switches_to_the_named_categories()
    {
        Assert.Equal("\"Debug mode: net, rpc\"", await ResultAsync("debug", "[\"rpc+net+nonsense\"]"));
        Assert.Equal("\"Debug mode: \"", await ResultAsync("debug", "[\"0+net\"]"));
    }

    [Fact]
    public async Task Help_explains_one_method_of_either_process()
    {
        Assert.StartsWith("\"coins list ( count )\\n\\nLists coins.", await ResultAsync("help", "[\"coins\",\"list\"]"), StringComparison.Ordinal);
        Assert.Equal("\"help: unknown command: x\"", await ResultAsync("help", "[\"x\"]"));
        Assert.Contains("JSON value of type null is not of expected type string", await ReplyAsync("help", "[null]"), StringComparison.Ordinal);
        FakeRemote remote = new("{\"result\":\"far\\n\",\"error\":null,\"id\":1}\n", "getbalance");
        using var attached = _table.Attach(remote);
        Assert.Equal("\"far\\n\"", await ResultAsync("help", "[\"getbalance\"]"));
        Assert.Equal("{\"method\":\"help\",\"params\":[\"getbalance\"],\"id\":1}", remote.Asked[0].Request);
    }

    [Fact]
    public async Task Help_merges_the_list_of_the_attached_process()
    {
        FakeRemote remote = new(
            "{\"result\":\"== Control ==\\nhelp\\nstop\\n\\n== Wallet ==\\ngetbalance ( x )\",\"error\":null,\"id\":1}\n", "getbalance");
        using var attached = _table.Attach(remote);
        var list = await ResultAsync("help");
        Assert.EndsWith("verbose )\\n\\n== Wallet ==\\ngetbalance ( x )\"", list, StringComparison.Ordinal);
        Assert.Single(list.Split("\\n"), "stop");
    }

    [Fact]
    public async Task The_conversion_table_has_every_name_of_every_argument()
    {
        var table = await ResultAsync("help", "[\"dump_all_command_conversions\"]");
        Assert.Contains(
            "[\"pay\",0,\"address\",true],[\"pay\",1,\"amount\",false],[\"pay\",2,\"comment\",true],[\"pay\",2,\"note\",true]",
            table,
            StringComparison.Ordinal);
        Assert.DoesNotContain("coins list", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_conversion_table_is_that_of_dashd()
    {
        var table = await ResultAsync("help", "[\"dump_all_command_conversions\"]");
        Assert.Contains("[\"verifyislock\",3,\"maxHeight\",false]", table, StringComparison.Ordinal);
        Assert.DoesNotContain("broken", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_says_so_and_asks_the_daemon()
    {
        Assert.Equal("\"Dash Core stopping\"", await ResultAsync("stop", "{\"wait\":0}"));
        Assert.Equal(["stop"], _happened);
        Assert.DoesNotContain("wait", await ResultAsync("help", "[\"stop\"]"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uptime_follows_mock_time()
    {
        await ResultAsync("setmocktime", "[1000100]");
        Assert.Equal("100", await ResultAsync("uptime"));
        Assert.Equal(["mocktime 1000100"], _happened);
    }

    [Fact]
    public async Task Getrpcinfo_sees_itself()
    {
        var info = await ResultAsync("getrpcinfo");
        Assert.StartsWith("{\"active_commands\":[{\"method\":\"getrpcinfo\",\"duration\":", info, StringComparison.Ordinal);
        Assert.EndsWith("}],\"logpath\":\"/log/debug.log\"}", info, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logging_switches_categories()
    {
        Assert.Contains("\"net\":false,", await ResultAsync("logging"), StringComparison.Ordinal);
        var switched = await ResultAsync("logging", "[[\"all\"],[\"http\"]]");
        Assert.Contains("\"http\":false,", switched, StringComparison.Ordinal);
        Assert.Contains("\"net\":true,", switched, StringComparison.Ordinal);
        Assert.Contains("{\"code\":-8,\"message\":\"unknown logging category x\"}", await ReplyAsync("logging", "[[\"x\"]]"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Echo_gives_back_what_came()
    {
        Assert.Equal("[1.50,\"x\",null,{\"a\":[]}]", await ResultAsync("echo", "[1.50,\"x\",null,{\"a\":[]}]"));
        Assert.Equal("[null,5]", await ResultAsync("echojson", "{\"arg1\":5}"));
        Assert.Contains(
            "Internal bug detected: request.params[9].get_str() != \\\"trigger_internal_bug\\\"",
            await ReplyAsync("echo", "{\"arg9\":\"trigger_internal_bug\"}"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("setmocktime", "[99999999999999]", "{\"code\":-8,\"message\":\"Mocktime must be at most 4294967295: 99999999999999.\"}")]
    [InlineData("setmocktime", "[-1]", "{\"code\":-8,\"message\":\"Mocktime cannot be negative: -1.\"}")]
    [InlineData("mockscheduler", "[0]", "{\"code\":-1,\"message\":\"delta_time must be between 1 and 3600 seconds (1 hr)\"}")]
    [InlineData("mockscheduler", "[3601]", "{\"code\":-1,\"message\":\"delta_time must be between 1 and 3600 seconds (1 hr)\"}")]
    public async Task Times_out_of_range_are_refused(string method, string parameters, string error) =>
        Assert.Contains(error, await ReplyAsync(method, parameters), StringComparison.Ordinal);

    [Fact]
    public async Task Mockscheduler_brings_work_nearer()
    {
        Assert.Equal("null", await ResultAsync("mockscheduler", "[60]"));
        Assert.Equal(["advance 60"], _happened);
    }

    [Theory]
    [InlineData("setmocktime")]
    [InlineData("mockscheduler")]
    public async Task On_real_networks_time_cannot_be_set(string method)
    {
        RpcTable table = new();
        table.Add(ControlMethods.All(Context(hasMockTime: false)), call => new RpcCall(call));
        RpcDispatcher dispatcher = new(table, NullLoggerFactory.Instance);
        dispatcher.Warmup.Finish();
        Assert.Contains(
            $"{{\"code\":-1,\"message\":\"{method} is for regression testing (-regtest mode) only\"}}",
            await ReplyAsync(method, "[1]", dispatcher),
            StringComparison.Ordinal);
    }

    private ControlContext Context(bool hasMockTime) => new()
    {
        Table = _table,
        Active = _dispatcher.Active,
        Clock = _clock,
        StartedAt = 1_000_000,
        LogPath = "/log/debug.log",
        LogFilter = new LogFilter(),
        Stop = () => _happened.Add("stop"),
        HasMockTime = hasMockTime,
        AnnounceMockTime = (time, _) =>
        {
            _happened.Add($"mocktime {time}");
            return Task.CompletedTask;
        },
        AdvanceScheduler = (span, _) =>
        {
            _happened.Add($"advance {span.TotalSeconds}");
            return Task.CompletedTask;
        },
    };

    private async Task<string> ResultAsync(string method, string parameters = "[]")
    {
        var reply = await ReplyAsync(method, parameters);
        const string start = "{\"result\":";
        const string end = ",\"error\":null,\"id\":null}\n";
        Assert.EndsWith(end, reply, StringComparison.Ordinal);
        return reply[start.Length..^end.Length];
    }

    private async Task<string> ReplyAsync(string method, string parameters, RpcDispatcher? dispatcher = null)
    {
        ArrayBufferWriter<byte> reply = new();
        var request = Encoding.UTF8.GetBytes($"{{\"method\":\"{method}\",\"params\":{parameters}}}");
        await (dispatcher ?? _dispatcher).ExecuteAsync(request, "/", "", reply, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(reply.WrittenSpan);
    }
}
