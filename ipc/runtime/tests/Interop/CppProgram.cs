using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Dash.Ipc.Tests.Interop;

/// <summary>
/// A program made with the C++ library, from sources beside the tests: built once and kept under <c>artifacts</c> as long as they
/// are the same. Tests that want it are skipped where it cannot be built. <c>CAPNP_PREFIX</c> in the environment names the folder of
/// another version of the library than the system's.
/// </summary>
/// <param name="name">The program's.</param>
/// <param name="schemas">Its schemas and those they use, from <c>ipc/</c> on.</param>
/// <param name="sources">The source, from <c>ipc/</c> on, and what it includes.</param>
internal sealed class CppProgram(string name, string[] schemas, string[] sources)
{
    private static readonly string[] Libraries = ["-lcapnp-rpc", "-lcapnp", "-lkj-async", "-lkj"];
    private static readonly string Prefix = Environment.GetEnvironmentVariable("CAPNP_PREFIX") is { Length: > 0 } given ? given : "/usr";

    // Protects the one below.
    private readonly Lock _gate = new();
    private Task<Built>? _building;

    /// <summary>Starts it with these arguments.</summary>
    internal async Task<Process> StartAsync(params string[] arguments)
    {
        return Start(await PathAsync(), null, arguments);
    }

    /// <summary>Where it is.</summary>
    internal async Task<string> PathAsync()
    {
        Task<Built> building;
        lock (_gate)
        {
            building = _building ??= Task.Run(BuildAsync);
        }

        var built = await building;
        Assert.SkipWhen(built.Missing is not null, built.Missing ?? "");
        return built.Path;
    }

    private async Task<Built> BuildAsync()
    {
        if (SourceFolder() is not { } root)
        {
            return new Built("", "The C++ sources are not beside the tests.");
        }

        if (!File.Exists(Path.Combine(Prefix, "include/capnp/rpc-twoparty.h")))
        {
            return new Built("", "The C++ library is not installed (Debian: apt install libcapnp-dev).");
        }

        var ipc = Path.Combine(root, "ipc");
        var folder = Path.Combine(root, "artifacts", name, HashOf(ipc, [.. schemas, .. sources], Prefix));
        var program = Path.Combine(folder, name);
        if (File.Exists(program))
        {
            return new Built(program, null);
        }

        Directory.CreateDirectory(folder);
        var prefixes = schemas.Select(schema => "--src-prefix=" + Path.GetDirectoryName(schema));
        var compiler = Prefix == "/usr" ? "capnp" : Path.Combine(Prefix, "bin/capnp");
        var plugin = Prefix == "/usr" ? "c++" : Path.Combine(Prefix, "bin/capnpc-c++");
        if (await FailureAsync(compiler, ipc,
            ["compile", "--no-standard-import", "-I", "interfaces", "-I", "runtime/Multiprocess", .. prefixes, $"-o{plugin}:{folder}", .. schemas])
            is { } schemaFailure)
        {
            return new Built("", schemaFailure);
        }

        // Under a name of its own first: another run of the tests may build it at the same time.
        var aside = program + "." + Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        if (await FailureAsync("g++", folder,
            ["-std=c++20", "-O2", "-pthread", "-I.", "-I" + Path.Combine(Prefix, "include"), "-L" + Path.Combine(Prefix, "lib"), "-I" + Path.GetDirectoryName(Path.Combine(ipc, sources[0])), "-o", aside, "-x", "c++",
             Path.Combine(ipc, sources[0]), .. Directory.GetFiles(folder, "*.capnp.c++"), .. Libraries]) is { } failure)
        {
            return new Built("", failure);
        }

        File.Move(aside, program, overwrite: true);
        return new Built(program, null);
    }

    private static async Task<string?> FailureAsync(string tool, string folder, IReadOnlyList<string> arguments)
    {
        Process process;
        try
        {
            process = Start(tool, folder, arguments);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return $"{tool} is not installed.";
        }

        using (process)
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var errors = await process.StandardError.ReadToEndAsync(CancellationToken.None);
            await process.WaitForExitAsync(CancellationToken.None);

            // Present, but it fails: that is a defect of ours and no reason to skip.
            return process.ExitCode == 0 ? null : throw new InvalidOperationException($"{tool}: {errors}{await output}");
        }
    }

    private static Process Start(string program, string? folder, IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }

    private static string HashOf(string folder, string[] files, string prefix)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(prefix));
        foreach (var file in files)
        {
            hash.AppendData(File.ReadAllBytes(Path.Combine(folder, file)));
        }

        return Convert.ToHexString(hash.GetHashAndReset())[..16];
    }

    private static string? SourceFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ipc", "runtime", "tests", "Interop", "interop.c++")))
            {
                return folder.FullName;
            }
        }

        return null;
    }

    /// <param name="Path">The program.</param>
    /// <param name="Missing">Why there is none; null if there is.</param>
    private sealed record Built(string Path, string? Missing);
}
