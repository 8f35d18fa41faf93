using System.IO.MemoryMappedFiles;

namespace Dash.Functional.Framework;

/// <summary>
/// Makes a daemon's calls that change the disk fail, or kills it at one of them: a library that is loaded into it
/// (<c>disk-faults.c</c>) counts them, whatever thread makes them, and does what it is told here.
/// </summary>
public sealed class DiskFaults : IDisposable
{
    private static readonly Lazy<Task<string?>> Library = new(CompileAsync);

    private readonly TempDirectory _directory = new();
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _control;

    private DiskFaults(string library)
    {
        var path = _directory["control"];
        File.WriteAllBytes(path, new byte[Environment.SystemPageSize]);
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open);
        _control = _file.CreateViewAccessor();
        Variables = new Dictionary<string, string> { ["LD_PRELOAD"] = library, ["DASH_DISK_FAULTS"] = path };
    }

    /// <summary>The environment of the process that is to have them.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; }

    /// <summary>Calls that were made since the last <see cref="Begin"/>, of the kinds that count.</summary>
    public long Made => _control.ReadInt64(32);

    /// <summary>Calls among them that something happened to.</summary>
    public long Hit => _control.ReadInt64(40);

    /// <summary>Faults that have not begun; skips the test where there is no compiler for the library.</summary>
    public static async Task<DiskFaults> PrepareAsync()
    {
        var library = await Library.Value;
        Assert.SkipWhen(library is null, "gcc is not installed.");
        return new DiskFaults(library);
    }

    /// <summary>From now on, until what this gives is disposed.</summary>
    /// <param name="calls">Which calls count.</param>
    /// <param name="fault">What happens.</param>
    /// <param name="first">At which of them.</param>
    /// <param name="last">Up to which of them.</param>
    public IDisposable Begin(DiskCalls calls, DiskFault fault, long first = 1, long last = long.MaxValue)
    {
        _control.Write(4, (int)calls);
        _control.Write(8, first);
        _control.Write(16, last);
        _control.Write(24, fault.What);
        _control.Write(28, fault.Error);
        _control.Write(32, 0L);
        _control.Write(40, 0L);
        Arm(true);
        return new Span(this);
    }

    public void Dispose()
    {
        _control.Dispose();
        _file.Dispose();
        _directory.Dispose();
    }

    private void Arm(bool isArmed)
    {
        Thread.MemoryBarrier();
        _control.Write(0, isArmed ? 1 : 0);
    }

    private static async Task<string?> CompileAsync()
    {
        var compiler = ((string[])["/usr/bin/gcc", "/bin/gcc", "/usr/local/bin/gcc"]).FirstOrDefault(File.Exists);
        if (compiler is null)
        {
            return null;
        }

        var library = Path.Combine(AppContext.BaseDirectory, "disk-faults.so");
        var made = Path.Combine(AppContext.BaseDirectory, Path.GetRandomFileName());
        var source = Path.Combine(AppContext.BaseDirectory, "disk-faults.c");
        var (code, _, error) = await TestProcess.RunAsync(compiler, null, "-std=gnu11", "-shared", "-fPIC", "-O1", "-o", made, source, "-ldl");
        Assert.True(code == 0, error);
        File.Move(made, library, overwrite: true); // another run of the tests may be using it
        return library;
    }

    private sealed class Span(DiskFaults faults) : IDisposable
    {
        public void Dispose() => faults.Arm(false);
    }
}
