using Dash.Common.Logging;
using Microsoft.Extensions.Logging;

namespace Dash.Common.Tests.Logging;

public class LogFilterTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("ipc", "", "ipc")]
    [InlineData("ipc,net", "net", "ipc")]
    [InlineData("ipc,0", "", "")]
    [InlineData("none,ipc", "", "")]
    [InlineData("dash", "llmq,llmq-dkg,llmq-sigs,ehf,creditpool,netconn", "chainlocks,coinjoin,gobject,instantsend,mnpayments,mnsync,spork")]
    public void Options_choose_the_categories(string debug, string exclude, string expected)
    {
        var filter = new LogFilter();
        Assert.Empty(filter.Configure(Names(debug), Names(exclude), []));
        Assert.Equal(Names(expected), LogCategories.All.Where(filter.IsOn).Select(c => c.Name()));
        Assert.Equal(expected.Length > 0, filter.IsAnyOn);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("all")]
    [InlineData("")]
    public void One_name_stands_for_all(string name)
    {
        var filter = new LogFilter();
        Assert.Empty(filter.Configure([name], ["rand"], []));
        Assert.All(LogCategories.All, category => Assert.Equal(category != LogCategory.Rand, filter.IsOn(category)));
    }

    [Fact]
    public void Categories_are_switched_while_running()
    {
        var filter = new LogFilter();
        Assert.True(filter.TrySwitch("net", on: true));
        Assert.True(filter.Passes(LogCategory.Net, LogLevel.Debug));
        Assert.False(filter.Passes(LogCategory.Net, LogLevel.Trace));
        Assert.True(filter.TrySwitch("net", on: false));
        Assert.False(filter.Passes(LogCategory.Net, LogLevel.Debug));
        Assert.True(filter.Passes(LogCategory.Net, LogLevel.Information));
        Assert.False(filter.TrySwitch("nets", on: true));
    }

    [Fact]
    public void Levels_hold_for_all_or_for_one_category()
    {
        var filter = new LogFilter();
        Assert.Empty(filter.Configure(["1"], [], ["info", "net:trace"]));
        Assert.True(filter.Passes(LogCategory.Net, LogLevel.Trace));
        Assert.False(filter.Passes(LogCategory.Ipc, LogLevel.Debug));
        Assert.False(filter.Passes(LogCategory.Ipc, LogLevel.None));
    }

    [Fact]
    public void Unknown_names_are_warned_about()
    {
        Assert.Equal(
            ["Unsupported global logging level -loglevel=loud. Valid values: info, debug, trace.",
             $"Unsupported category-specific logging level -loglevel=net:loud. Expected -loglevel=<category>:<loglevel>. Valid categories: {LogFilter.Names}. Valid loglevels: info, debug, trace.",
             "Unsupported logging category -debug=abc.", "Unsupported logging category -debugexclude=xyz."],
            new LogFilter().Configure(["abc"], ["xyz"], ["loud", "net:loud"]));
    }

    private static string[] Names(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
