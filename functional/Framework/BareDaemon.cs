using System.Text.Json;

namespace Dash.Functional.Framework;

/// <summary>dash-node or dashd with the options of a test, and no others but where its data is and where it is called.</summary>
public sealed class BareDaemon(string program, string dataDirectory, IReadOnlyList<string> options) : TestDaemon(dataDirectory)
{
    public override string CookieFile => Path.Combine(NetworkDirectory, ".cookie");

    public override string LogFile => Path.Combine(NetworkDirectory, "debug.log");

    protected override string Program => program;

    protected override bool KeepsConnections => false;

    protected override IEnumerable<string> Arguments =>
        ["-regtest", "-datadir=" + DataDirectory, "-rpcport=" + Port, "-printtoconsole=0", "-disablewallet", .. options];

    /// <summary>Starts the process; false if it ended before it answered calls.</summary>
    public async Task<bool> TryStartAsync()
    {
        await LaunchAsync();
        const string Started = "init message: Done loading"; // calls are answered some time before
        var runs = false;
        await Wait.Until(
            $"{Path.GetFileName(program)} answers or ends",
            async () => Process!.HasExited || (runs = File.Exists(LogFile) && ReadLog().Contains(Started, StringComparison.Ordinal) && await AnswersAsync()),
            LastLog);
        if (!runs) await Process!.WaitForExitAsync("to end");
        return runs;
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return File.Exists(CookieFile) && (await Rpc.CallAsync("uptime")).GetInt64() >= 0;
        }
        catch (JsonException)
        {
            return false; // a server that ends says so in words of its own
        }
    }
}
