using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Dash.Ipc.Transports;

/// <summary>The system calls that sockets and child processes need and .NET has no name for. Linux.</summary>
internal static partial class LibC
{
    internal const int OpenDirectory = 0x10000;
    internal const int OpenCloseOnExec = 0x80000;
    internal const int LockExclusive = 2;

    /// <summary>AF_UNIX and SOCK_STREAM | SOCK_CLOEXEC.</summary>
    internal const int FamilyUnix = 1;
    internal const int StreamCloseOnExec = 1 | 0x80000;

    private const int GetStatusFlags = 3;
    private const int SetStatusFlags = 4;
    private const int NonBlocking = 0x800;
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint TypeAndModeAndOwner = 0x1 | 0x2 | 0x8;
    private const int FormatMask = 0xF000;
    private const int FormatSocket = 0xC000;

    internal enum FileKind
    {
        Absent,
        Socket,
        Other,
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    internal static partial uint GetEffectiveUserId();

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    internal static partial int Lock(int descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Rename(string from, string to);

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    internal static partial int SocketPair(int family, int type, int protocol, Span<int> descriptors);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    internal static partial int FileControl(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int FileControl(SafeSocketHandle socket, int command, int argument);

    /// <summary>MSG_NOSIGNAL: a peer that is gone is an error, not a signal.</summary>
    internal const int NoSignal = 0x4000;

    /// <summary>MSG_DONTWAIT.</summary>
    internal const int DontWait = 0x40;

    internal const int Interrupted = 4;
    internal const int WouldBlock = 11;

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    internal static partial nint Receive(SafeSocketHandle socket, Span<byte> buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    internal static partial nint Send(SafeSocketHandle socket, ReadOnlySpan<byte> bytes, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    internal static partial nint SendMessage(SafeSocketHandle socket, in MessageHeader message, int flags);

    /// <summary>Lets system calls on a socket wait for what they are to do, whatever made it otherwise before.</summary>
    internal static void MakeBlocking(SafeSocketHandle socket)
    {
        var flags = FileControl(socket, GetStatusFlags, 0);
        if (flags >= 0 && (flags & NonBlocking) != 0)
        {
            FileControl(socket, SetStatusFlags, flags & ~NonBlocking);
        }
    }

    /// <summary>What is at <paramref name="path"/>, links not followed.</summary>
    internal static FileKind KindOf(string path)
    {
        Span<byte> buffer = stackalloc byte[256];
        if (StatX(CurrentDirectory, path, NoFollow, TypeAndModeAndOwner, buffer) != 0)
        {
            return FileKind.Absent;
        }

        var mode = BitConverter.ToUInt16(buffer[28..]); // struct statx: stx_mode
        return (mode & FormatMask) == FormatSocket ? FileKind.Socket : FileKind.Other;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, Span<byte> buffer);

    /// <summary>struct msghdr: the bytes are in several places.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct MessageHeader
    {
        internal nint Name;
        internal uint NameLength;

        /// <summary>Where pairs of address and length stand.</summary>
        internal nint Parts;
        internal nint PartCount;
        internal nint Control;
        internal nint ControlLength;
        internal int Flags;
    }
}
