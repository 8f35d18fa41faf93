using System.Runtime.InteropServices;

namespace Dash.WalletServer.Storage;

/// <summary>
/// Which file it is, by whatever name, link or hard link it is reached. Two names of one file have equal ones. Finding out does not open the
/// file, which a loaded wallet would not survive (<see cref="WalletDatabase"/>).
/// </summary>
internal readonly partial record struct FileIdentity
{
    // Linux, <fcntl.h> and <linux/stat.h>: relative to the working directory, STATX_INO.
    private const int WorkingDirectory = -100;
    private const uint WantsInode = 0x100;
    private const uint WantsType = 0x1;

    // <linux/stat.h>: S_IFMT, S_IFREG.
    private const int TypeBits = 0xF000;
    private const int RegularType = 0x8000;

    // <errno.h>: an old kernel, or a container's filter of calls.
    private const int NotPermitted = 1;
    private const int NoSuchCall = 38;

    private readonly ulong _inode;
    private readonly ulong _device;
    private readonly string? _path;

    private FileIdentity(ulong inode, ulong device, string? path) => (_inode, _device, _path) = (inode, device, path);

    /// <summary>That of the file a path leads to; null if it leads to none, or the system does not let us there.</summary>
    public static FileIdentity? Of(string path)
    {
        if (path.Length == 0 || !File.Exists(path))
        {
            return null;
        }

        return TryAsk(path, WantsInode, out var answer)
            ? answer is { } status ? new FileIdentity(status.Inode, ((ulong)status.Major << 32) | status.Minor, null) : null
            : ByPath(path);
    }

    /// <summary>
    /// Does a path lead to a file that has an end, and not to a pipe, which waits for somebody, or a device? Where the system does not tell,
    /// all but directories are taken for files.
    /// </summary>
    public static bool IsRegular(string path) =>
        File.Exists(path) && (!TryAsk(path, WantsType, out var answer) || (answer is { } status && (status.Mode & TypeBits) == RegularType));

    // False where the system does not tell of any file; no answer where there is none, or it does not let us there.
    private static bool TryAsk(string path, uint wanted, out FileStatus? answer)
    {
        answer = null;
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            if (Status(WorkingDirectory, path, 0, wanted, out var status) == 0)
            {
                answer = status;
                return true;
            }

            return Marshal.GetLastPInvokeError() is not (NoSuchCall or NotPermitted);
        }
        catch (EntryPointNotFoundException)
        {
            return false; // an old C library
        }
    }

    /// <summary>Where the system does not tell: the path without links. Hard links are different files then.</summary>
    internal static FileIdentity? ByPath(string path)
    {
        try
        {
            return new FileIdentity(0, 0, WithoutLinks(Path.GetFullPath(path)));
        }
        catch (IOException)
        {
            return null; // a link to nothing, or to itself
        }
    }

    private static string WithoutLinks(string path)
    {
        if (Path.GetDirectoryName(path) is not { } parent)
        {
            return path;
        }

        var here = Path.Combine(WithoutLinks(parent), Path.GetFileName(path));
        return File.ResolveLinkTarget(here, returnFinalTarget: true) is { } target ? WithoutLinks(target.FullName) : here;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Status(int directory, string path, int flags, uint wanted, out FileStatus status);

    // struct statx, the same for all processors.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileStatus
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(136)]
        public uint Major;

        [FieldOffset(140)]
        public uint Minor;
    }
}
