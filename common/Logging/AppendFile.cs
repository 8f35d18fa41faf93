using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dash.Common.Logging;

/// <summary>
/// A file to which several processes append whole pieces. .NET's own append mode keeps a position of its own and would
/// overwrite what others wrote; on Linux the file is therefore opened with O_APPEND.
/// </summary>
internal sealed partial class AppendFile : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Linux, <fcntl.h>: O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, the same on x64 and arm64.
    private const int AppendFlags = 0x1 | 0x40 | 0x400 | 0x80000;

    private readonly SafeFileHandle? _handle;
    private readonly FileStream? _stream;

    /// <exception cref="IOException">The file cannot be opened.</exception>
    public AppendFile(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            _handle = Open(path, AppendFlags, (uint)OwnerOnly);
            if (_handle.IsInvalid) throw new IOException(Marshal.GetLastPInvokeErrorMessage() + ": " + path);
        }
        else
        {
            _stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
    }

    /// <summary>Appends the bytes in one piece. A full disk must not end the program: what cannot be written is lost.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_stream is not null)
        {
            _stream.Write(bytes);
            return;
        }

        while (bytes.Length > 0)
        {
            var written = Write(_handle!, bytes, (nuint)bytes.Length); // not null: no stream
            if (written <= 0) return;
            bytes = bytes[(int)written..];
        }
    }

    public void Dispose()
    {
        _handle?.Dispose();
        _stream?.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial SafeFileHandle Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, nuint count);
}
