using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace Dash.Common.Hosting;

/// <summary>
/// A daemon in the background (<c>-daemon</c>): the process that was called starts itself once more, free of the terminal,
/// and ends when that one is on its way (or, with <c>-daemonwait</c>, has started). .NET cannot fork.
/// </summary>
public sealed partial class Background : IDisposable
{
    private const string PipeVariable = "DASH_DAEMON_PIPE";
    private const int NullDevice = 2; // O_RDWR

    private readonly AnonymousPipeClientStream? _pipe;

    private Background(AnonymousPipeClientStream? pipe) => _pipe = pipe;

    /// <summary>Is this the process in the background?</summary>
    public bool IsDetached => _pipe is not null;

    /// <summary>Frees this process of the terminal if it was started to be in the background.</summary>
    public static Background Enter()
    {
        if (Environment.GetEnvironmentVariable(PipeVariable) is not { Length: > 0 } handle) return new Background(null);
        Environment.SetEnvironmentVariable(PipeVariable, null);
        _ = SetSid();
        Redirect(Open("/dev/null", NullDevice));
        return new Background(new AnonymousPipeClientStream(PipeDirection.Out, handle));
    }

    // Copies of the caller's streams under other numbers go too: who reads them would wait for the daemon's end.
    private static void Redirect(int device)
    {
        if (device < 0) return;
        const string Own = "/proc/self/fd";
        var pipes = Enumerable.Range(0, 3).Select(static number => LinkOf($"{Own}/{number}"))
            .Where(static link => link?.StartsWith("pipe:", StringComparison.Ordinal) == true).ToHashSet();
        int[] copies = Directory.Exists(Own)
            ? [.. Directory.GetFileSystemEntries(Own).Where(entry => pipes.Contains(LinkOf(entry)))
                .Select(static entry => int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture))]
            : [];
        foreach (var number in copies.Union([0, 1, 2])) _ = Dup2(device, number);
    }

    private static string? LinkOf(string entry)
    {
        try
        {
            return new FileInfo(entry).LinkTarget;
        }
        catch (IOException)
        {
            return null; // closed meanwhile
        }
    }

    /// <summary>Starts this program once more in the background.</summary>
    /// <param name="args">Its command line.</param>
    /// <returns>Whether it is on its way.</returns>
    public static async Task<bool> StartAsync(IReadOnlyList<string> args)
    {
        ArgumentNullException.ThrowIfNull(args);
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
        var start = new ProcessStartInfo
        {
            FileName = Environment.ProcessPath ?? throw new StartupException("The program does not know where it is."),
            UseShellExecute = false,
        };
        foreach (var arg in args) start.ArgumentList.Add(arg);
        start.Environment[PipeVariable] = pipe.GetClientHandleAsString();
        using var child = Process.Start(start) ?? throw new StartupException("The program could not be started in the background.");
        pipe.DisposeLocalCopyOfClientHandle();

        // One byte when it is on its way; the end of the pipe when it ended before.
        var token = new byte[1];
        return await pipe.ReadAsync(token).ConfigureAwait(false) == 1 && token[0] == 1;
    }

    /// <summary>Tells the process that was called that this one is on its way.</summary>
    public void TellStarted()
    {
        try
        {
            _pipe?.WriteByte(1);
            _pipe?.Dispose();
        }
        catch (IOException)
        {
            // Nobody waits any more.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _pipe?.Dispose();

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int SetSid();

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Dup2(int from, int to);
}
