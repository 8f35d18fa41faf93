using Dash.Common.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Common.Tests.Hosting;

public class ShellCommandTests
{
    [Fact]
    public async Task A_command_runs_in_a_shell()
    {
        using var directory = new TempDirectory();
        var path = System.IO.Path.Combine(directory.Path, "told");

        await ShellCommand.RunAsync($"echo one > '{path}' && echo two >> '{path}'", NullLogger.Instance, TestContext.Current.CancellationToken);

        Assert.Equal(["one", "two"], File.ReadAllLines(path));
    }

    [Fact]
    public void A_text_cannot_leave_its_quotes() =>
        Assert.Equal("tell 'it is over; rm -rf' twice 'it is over; rm -rf'", ShellCommand.Fill("tell %s twice %s", "it is over'; rm -rf`\"$"));
}
