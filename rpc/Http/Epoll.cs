using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dash.Rpc.Http;

/// <summary>
/// Waits in the kernel for many sockets at once (Linux). Each socket has a number; news of it are told once, to one of those who
/// wait. Any thread.
/// </summary>
internal sealed partial class Epoll : IDisposable
{
    /// <summary>Bytes for one piece of news, at most.</summary>
    public const int EventSize = 16;

    /// <summary>The number of the news that <see cref="WakeAll"/> is.</summary>
    public const long Wake = 0;

    private const int CloseOnExec = 0x80000;
    private const int Add = 1;
    private const int Remove = 2;
    private const int Change = 3;
    private const uint CanRead = 0x001;
    private const uint Failed = 0x008;
    private const uint HungUp = 0x010;
    private const uint WritesNoMore = 0x2000;
    private const uint OnlyOnce = 1u << 31; // EPOLLET: when something comes, not as long as it is there

    private const int Interrupted = 4; // EINTR

    // struct epoll_event is packed on x64 only: the mask, then the number.
    private static readonly int NumberAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    private readonly Handle _epoll = new(Create(CloseOnExec));
    private readonly Handle _waker = new(CreateCounter(1, CloseOnExec));

    /// <summary>Tells of a socket from now on, and at once if there is something to read.</summary>
    public void Watch(SafeSocketHandle socket, long number) => Control(Add, socket, number);

    /// <summary>Tells once more of a socket that is watched, if there is something to read.</summary>
    public void Repeat(SafeSocketHandle socket, long number) => Control(Change, socket, number);

    /// <summary>Tells no more of a socket.</summary>
    public void Forget(SafeSocketHandle socket) => _ = Control(_epoll, Remove, socket, ref MemoryMarshal.GetReference(stackalloc byte[EventSize]));

    /// <summary>From now on nobody who waits does so for long.</summary>
    public void WakeAll()
    {
        Span<byte> wanted = stackalloc byte[EventSize];
        Write(wanted, CanRead, Wake);
        _ = ControlCounter(_epoll, Add, _waker, ref MemoryMarshal.GetReference(wanted));
    }

    /// <summary>Waits for news.</summary>
    /// <param name="events">Takes them, <see cref="EventSize"/> bytes for each.</param>
    /// <param name="most">So many at most.</param>
    /// <param name="milliseconds">How long it waits: 0 does not, -1 for any time.</param>
    /// <returns>How many there are, to be read with <see cref="Read"/>.</returns>
    public int Wait(Span<byte> events, int most, int milliseconds)
    {
        var count = Wait(_epoll, ref MemoryMarshal.GetReference(events), most, milliseconds);
        return count >= 0 ? count
            : Marshal.GetLastPInvokeError() == Interrupted ? 0
            : throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>One piece of news: which socket, and whether there will be nothing more to read than there is.</summary>
    public static (long Number, bool IsEnding) Read(ReadOnlySpan<byte> events, int index)
    {
        var one = events[(index * (NumberAt + sizeof(long)))..];
        return (MemoryMarshal.Read<long>(one[NumberAt..]), (MemoryMarshal.Read<uint>(one) & (Failed | HungUp | WritesNoMore)) != 0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _epoll.Dispose();
        _waker.Dispose();
    }

    private void Control(int what, SafeSocketHandle socket, long number)
    {
        Span<byte> wanted = stackalloc byte[EventSize];
        Write(wanted, CanRead | WritesNoMore | OnlyOnce, number);
        if (Control(_epoll, what, socket, ref MemoryMarshal.GetReference(wanted)) != 0)
        {
            throw new SocketException(Marshal.GetLastPInvokeError());
        }
    }

    private static void Write(Span<byte> one, uint mask, long number)
    {
        MemoryMarshal.Write(one, mask);
        MemoryMarshal.Write(one[NumberAt..], number);
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial nint Create(int flags);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial nint CreateCounter(uint value, int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(Handle epoll, int what, SafeSocketHandle socket, ref byte wanted);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int ControlCounter(Handle epoll, int what, Handle counter, ref byte wanted);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(Handle epoll, ref byte events, int most, int milliseconds);

    private sealed partial class Handle : SafeHandleMinusOneIsInvalid
    {
        public Handle(nint descriptor)
            : base(ownsHandle: true)
        {
            SetHandle(descriptor);
            if (IsInvalid)
            {
                throw new Win32Exception(Marshal.GetLastPInvokeError());
            }
        }

        protected override bool ReleaseHandle() => Close((int)handle) == 0;

        [LibraryImport("libc", EntryPoint = "close")]
        private static partial int Close(int descriptor);
    }
}
