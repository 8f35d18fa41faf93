using System.Diagnostics;

namespace Dash.Ipc.Tests.Support;

/// <summary>The reference implementation's own tool; who asks for it is skipped where it isn't installed.</summary>
internal static class CapnpTool
{
    internal static async Task<byte[]> RunAsync(
        string command, string schema, string type, byte[] input, params string[] options)
    {
        var ct = TestContext.Current.CancellationToken;
        var ipc = SourceFolder();
        var start = new ProcessStartInfo("capnp")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = ipc,
        };
        foreach (var argument in (string[])[command, "-I", "interfaces", .. Options(command, options), schema, type])
        {
            start.ArgumentList.Add(argument);
        }

        Process process;
        try
        {
            process = Process.Start(start) ?? throw new InvalidOperationException("capnp did not start");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("The capnp tool is not installed (Debian: apt install capnproto).");
            throw;
        }

        using (process)
        {
            var output = new MemoryStream();
            var reading = process.StandardOutput.BaseStream.CopyToAsync(output, ct);
            var errors = process.StandardError.ReadToEndAsync(ct);
            try
            {
                await process.StandardInput.BaseStream.WriteAsync(input, ct);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended early, and says why.
            }

            await process.WaitForExitAsync(ct);
            await reading;
            Assert.True(process.ExitCode == 0, await errors);
            return output.ToArray();
        }
    }

    // What comes first for each command; decoded messages on one line, whatever its length.
    private static string[] Options(string command, string[] options) =>
        command == "decode" ? ["--short"] : [.. options.Where(option => option.Length > 0)];

    private static string SourceFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ipc", "runtime", "Connections", "rpc.capnp")))
            {
                return Path.Combine(folder.FullName, "ipc");
            }
        }

        Assert.Skip("The schemas are not beside the tests.");
        return "";
    }
}
