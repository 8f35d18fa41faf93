using System.Globalization;

namespace Dash.Functional.Framework;

/// <summary>Makes a process's writes to disk fail, or kills it at one of them, by means of strace.</summary>
public sealed class DiskFaults : IAsyncDisposable
{
    private readonly TestProcess _strace;
    private readonly string _notes;

    private DiskFaults(TestProcess strace, string notes) => (_strace, _notes) = (strace, notes);

    /// <summary>Calls that something happened to; known when it is over.</summary>
    public int Injected { get; private set; }

    private static string? Program { get; } =
        ((string[])["/usr/bin/strace", "/bin/strace", "/usr/local/bin/strace"]).FirstOrDefault(File.Exists);

    /// <summary>Skips the test where strace is missing or may not attach.</summary>
    public static void RequireTool()
    {
        if (Program is null) Assert.Skip("strace is not installed.");
    }

    /// <summary>From now on.</summary>
    /// <param name="process">Whose writes.</param>
    /// <param name="calls">System calls, as <c>pwrite64,fdatasync</c>.</param>
    /// <param name="what">What happens at them: <c>signal=KILL:when=2</c>, <c>error=EIO</c>.</param>
    public static async Task<DiskFaults> StartAsync(TestProcess process, string calls, string what)
    {
        var notes = Path.GetTempFileName();
        var strace = TestProcess.Start(Program!, [
            "-f", "-qq", "-o", notes, "-e", "trace=" + calls, "-e", $"inject={calls}:{what}",
            "-p", process.Id.ToString(CultureInfo.InvariantCulture),
        ]);
        DiskFaults faults = new(strace, notes);
        await Wait.Until("strace is attached", () => process.HasExited || IsTraced(process.Id) || strace.HasExited);
        if (strace.HasExited && !process.HasExited)
        {
            Assert.Skip("strace may not attach here: " + strace.Output);
        }

        return faults;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_strace.HasExited) await _strace.StopAsync();
        await _strace.DisposeAsync();
        if (File.Exists(_notes))
        {
            Injected = File.ReadLines(_notes).Count(static line => line.Contains("(INJECTED)", StringComparison.Ordinal));
            File.Delete(_notes);
        }
    }

    // Every thread of it.
    private static bool IsTraced(int pid)
    {
        try
        {
            return Directory.EnumerateDirectories($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/task").All(static task =>
                !File.ReadLines(Path.Combine(task, "status")).Any(static line => line.StartsWith("TracerPid:\t0", StringComparison.Ordinal)));
        }
        catch (IOException)
        {
            return false;
        }
    }
}
