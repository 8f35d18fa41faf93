using Dash.Common.Hosting;

namespace Dash.Common.Tests.Hosting;

public class PidFileTests
{
    [Fact]
    public void The_file_names_the_process_and_goes_with_it()
    {
        using TempDirectory directory = new();
        var path = Path.Combine(directory.Path, "node.pid");
        using (new PidFile(path))
        {
            Assert.Equal($"{Environment.ProcessId}\n", File.ReadAllText(path));
        }

        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named_as_by_dashd()
    {
        using TempDirectory directory = new();
        var path = Path.Combine(directory.Path, "nosuch", "node.pid");

        var error = Assert.Throws<StartupException>(() => new PidFile(path));

        Assert.Equal($"Unable to create the PID file '{path}': No such file or directory (2)", error.Message);
    }
}
