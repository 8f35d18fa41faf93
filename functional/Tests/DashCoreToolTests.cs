using System.Text;
using System.Text.RegularExpressions;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>
/// The offline tool in several hundred situations says and leaves what Dash Core's says and leaves, but for what docs/wallet.md
/// lists. Runs where the environment variable DASHD names a dashd that has its dash-wallet beside it.
/// </summary>
public sealed partial class DashCoreToolTests(ToolSource source) : IClassFixture<ToolSource>
{
    private const int FirstSignal = 128;

    [Fact]
    public Task Options_and_words() => SayTheSameAsync(ToolSituations.CommandLines());

    [Theory]
    [InlineData("info")]
    [InlineData("create")]
    [InlineData("dump")]
    [InlineData("createfromdump")]
    [InlineData("salvage")]
    [InlineData("wipetxes")]
    public Task Names_and_files(string command) => SayTheSameAsync(ToolSituations.Names(command).Concat(ToolSituations.Files(command)));

    [Fact]
    public Task Kinds_of_wallets_and_networks() => SayTheSameAsync(ToolSituations.Creations());

    [Fact]
    public Task Files_for_dumps() => SayTheSameAsync(ToolSituations.DumpFiles());

    [Fact]
    public Task What_a_dump_holds() => SayTheSameAsync(ToolSituations.Dumps());

    [Fact]
    public Task Records_that_are_odd() => SayTheSameAsync(ToolSituations.Records());

    private async Task SayTheSameAsync(IEnumerable<ToolSituation> situations)
    {
        if (ToolSource.Theirs is not { } tool)
        {
            Assert.Skip("no dash-wallet of Dash Core: set the environment variable DASHD to the path of a dashd with one beside it");
            return;
        }

        StringBuilder wrong = new();
        foreach (var situation in situations)
        {
            var (_, theirs) = await source.TellAsync(tool, situation);
            var (code, ours) = await source.TellAsync(Programs.Wallet, situation);
            if (code is < 0 or >= FirstSignal)
            {
                wrong.AppendLine($"{situation.Name}: ours crashes\n{ours}");
            }
            else if (Plain(theirs) == ours != (situation.Difference is null))
            {
                wrong.AppendLine(situation.Difference is null
                    ? $"{situation.Name}\n--- Dash Core\n{theirs}\n--- ours\n{ours}"
                    : $"{situation.Name}: the same, though listed ({situation.Difference})\n{ours}");
            }
        }

        Assert.True(wrong.Length == 0, wrong.ToString());
    }

    // An exception that nobody caught is told in a line here.
    private static string Plain(string told) => Exception().Replace(told, "errors: Error: $1\n\n");

    [GeneratedRegex("""errors: \s*\*+\n"[^"]*" raised an exception\nException: type=[^,]*, what="((?:[^"]|\n)*?)"\nNo debug information(?:.|\n)*?-printcrashinfo=\S+\n*""")]
    private static partial Regex Exception();
}
