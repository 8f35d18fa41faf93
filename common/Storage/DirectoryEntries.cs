using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dash.Common.Storage;

/// <summary>Names of files: a file that was given another one has it after a power cut only when its directory is on disk.</summary>
public static partial class DirectoryEntries
{
    // Linux, <fcntl.h>: O_RDONLY | O_CLOEXEC, the same on x64 and arm64. .NET opens no directories.
    private const int ReadOnly = 0x80000;

    /// <summary>Has the names in the directory of a file written to disk, where the system can.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static void Flush(string file)
    {
        if (!OperatingSystem.IsLinux() || Path.GetDirectoryName(Path.GetFullPath(file)) is not { } directory)
        {
            return;
        }

        using var handle = Open(directory, ReadOnly);
        if (!handle.IsInvalid)
        {
            RandomAccess.FlushToDisk(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);
}
