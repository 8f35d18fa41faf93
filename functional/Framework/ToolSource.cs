using System.Diagnostics;

namespace Dash.Functional.Framework;

/// <summary>Wallets made by Dash Core, of several kinds, with a dump of each; and what the two tools say of copies of them.</summary>
public sealed class ToolSource : IAsyncLifetime
{
    private readonly TempDirectory _source = new();

    /// <summary>Dash Core's tool, beside the daemon that the environment variable DASHD names; null elsewhere.</summary>
    public static string? Theirs => Programs.Dashd is { } dashd && Path.Combine(Path.GetDirectoryName(dashd) ?? "", "dash-wallet") is var tool && File.Exists(tool)
        ? tool
        : null;

    public async ValueTask InitializeAsync()
    {
        if (Theirs is not { } tool) return;
        await using (var dashd = new TestDashd(_source.Path))
        {
            await dashd.StartAsync();
            await dashd.Rpc.CallAsync("createwallet", "plain", false, false, "", false, true, false);
            await dashd.Rpc.CallAsync("createwallet", "encrypted", false, false, "open", false, true, false);
            await dashd.Rpc.CallAsync("createwallet", "watch", true, true, "", false, true, false);
            var address = await dashd.Rpc.Wallet("plain").TextAsync("getnewaddress", "a label");
            await dashd.Rpc.CallAsync("generatetoaddress", 3, address);
            await dashd.StopAsync();
        }

        foreach (var (name, arguments) in ((string, string[])[])[("small", ["create"]), ("plain", []), ("encrypted", []), ("watch", [])])
        {
            if (arguments.Length > 0) await Succeed(["-wallet=" + name, .. arguments]);
            await Succeed(["-wallet=" + name, "-dumpfile=" + Path.Combine(_source.Path, name + ".dump"), "dump"]);
        }

        async Task Succeed(string[] arguments)
        {
            var (code, output, error) = await TestProcess.RunAsync(tool, null, ["-regtest", "-datadir=" + _source.Path, .. arguments]);
            Assert.True(code == 0, $"{string.Join(' ', arguments)}: {output}{error}");
        }
    }

    public ValueTask DisposeAsync()
    {
        _source.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>What a tool says and leaves, as a text: exit code, output, errors, files, and the records of the wallets.</summary>
    public async Task<(int Code, string Told)> TellAsync(string tool, ToolSituation situation)
    {
        using var temp = new TempDirectory();
        ToolDirectory directory = new(temp.Path, _source.Path);
        Directory.CreateDirectory(directory.Wallets);
        situation.Prepare(directory);
        var info = new ProcessStartInfo(tool)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = temp.Path,
        };
        info.Environment["HOME"] = directory.File("home");
        foreach (var argument in situation.Arguments) info.ArgumentList.Add(argument.Replace("{dir}", temp.Path, StringComparison.Ordinal));
        using var process = Process.Start(info) ?? throw new InvalidOperationException("could not start " + tool);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Wait.Patience);
        await process.WaitForExitAsync(patience.Token);
        var records = await RecordsAsync(directory, situation);
        var told = $"exit code {process.ExitCode}\noutput: {await output}\nerrors: {await error}\n{directory.List()}{records}";
        return (process.ExitCode, told.Replace(temp.Path, "{dir}", StringComparison.Ordinal));
    }

    // Of what came out of a dump: Dash Core's own dump of it.
    private static async Task<string> RecordsAsync(ToolDirectory directory, ToolSituation situation)
    {
        if (!situation.Arguments.Contains("createfromdump") || !File.Exists(directory.Data("w")) || Theirs is not { } tool) return "";
        var (code, _, _) = await TestProcess.RunAsync(tool, null, "-regtest", "-datadir=" + directory.Path, "-wallet=w", "-dumpfile=" + directory.File("out.dump"), "dump");
        return code == 0 ? string.Join('\n', File.ReadAllLines(directory.File("out.dump")).SkipLast(1).Order(StringComparer.Ordinal)) : $"dump: {code}";
    }
}
