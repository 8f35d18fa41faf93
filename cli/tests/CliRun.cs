using Dash.Rpc.Client;

namespace Dash.Cli.Tests;

/// <summary>Runs dash-cli in a data directory of its own.</summary>
internal sealed class CliRun : IDisposable
{
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("dash-cli-").FullName;

    public string Input { get; set; } = "";

    public string Output { get; private set; } = "";

    public string Error { get; private set; } = "";

    public void Write(string name, string text)
    {
        var path = Path.Combine(Directory, name);
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>The exit code of a run against <paramref name="server"/> on regtest.</summary>
    public Task<int> RunAsync(FakeServer server, params string[] args) =>
        RunAsync(["-regtest", $"-rpcport={server.Port}", .. args]);

    public async Task<int> RunAsync(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        using var input = new StringReader(Input);
        using var terminal = new CliTerminal(input, output, error, IsInputTerminal: false, IsOutputTerminal: false);
        var program = new CliProgram(terminal, CliArguments.Convert, new HurriedTime());
        var code = await program.RunAsync([$"-datadir={Directory}", .. args], TestContext.Current.CancellationToken);
        Output = output.ToString();
        Error = error.ToString();
        return code;
    }

    /// <summary>Waits are over at once.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
