using System.Diagnostics;

namespace Dash.Primitives.Tests.Hashing.X11;

/// <summary>
/// The other tests of X11 once more, in a process that may not use what the processor has beyond the usual.
/// </summary>
public sealed class PortablePathTests
{
    [Fact]
    public async Task Without_the_processors_help_every_answer_is_the_same()
    {
        var ct = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Dash.Primitives.Tests"))
        {
            RedirectStandardOutput = true,
            ArgumentList =
            {
                "-noLogo", "-noColor",
                "-class", typeof(X11HashTests).FullName!, // a class has a name
                "-class", typeof(X11FunctionsTests).FullName!,
                "-class", typeof(AesRoundTests).FullName!,
                "-class", typeof(IntrinsicsTests).FullName!,
            },
            Environment = { [IntrinsicsTests.Switch] = "0" },
        };

        using var process = Process.Start(start);
        Assert.NotNull(process);
        var output = await process.StandardOutput.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);

        Assert.True(process.ExitCode == 0, output);
        Assert.Contains("Errors: 0, Failed: 0", output, StringComparison.Ordinal);
        Assert.Contains("Total:", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Total: 0", output, StringComparison.Ordinal);
    }
}
