using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Dash.Ipc.Transports;

/// <summary>
/// A stream socket by the system calls alone, without the runtime's poller and the thread it wakes for each arrival. Reading waits in
/// the kernel, so it is for a thread that does nothing else; writing gives the socket what it takes and leaves a rest to a thread
/// of its own, so it never waits. One reader, one writer. The socket is its owner's to close.
/// </summary>
internal sealed class DirectSocketStream(Socket socket) : Stream
{
    private static readonly TimeSpan SenderStays = TimeSpan.FromSeconds(1);

    private readonly SafeSocketHandle _handle = socket.SafeHandle;

    // Two pairs of address and length, where the kernel finds them.
    private readonly nint[] _parts = GC.AllocateArray<nint>(4, pinned: true);

    // Protects the two below, and wakes the sender.
    private readonly object _gate = new();
    private Rest? _rest;
    private bool _hasSender;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Waits for bytes, in the calling thread.</summary>
    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            var received = LibC.Receive(_handle, buffer, buffer.Length, 0);
            if (received >= 0)
            {
                return (int)received;
            }

            Wait(Marshal.GetLastPInvokeError(), SelectMode.SelectRead);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>As the other: completed when it returns.</summary>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var sent = 0;
        while (sent < buffer.Length)
        {
            var taken = LibC.Send(_handle, buffer.Span[sent..], buffer.Length - sent, LibC.NoSignal | LibC.DontWait);
            if (taken >= 0)
            {
                sent += (int)taken;
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == LibC.WouldBlock)
            {
                return new ValueTask(LeaveToSender(buffer[sent..]));
            }

            if (error != LibC.Interrupted)
            {
                return ValueTask.FromException(Failure(error));
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Sends both, the second behind the first, in one go where that can be.</summary>
    internal ValueTask WriteAsync(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
    {
        var sent = SendBoth(first, second);
        return sent >= first.Length ? WriteAsync(second[(sent - first.Length)..]) : WriteApartAsync(first[sent..], second);
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Writing may have to wait: WriteAsync.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask WriteApartAsync(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
    {
        await WriteAsync(first).ConfigureAwait(false);
        await WriteAsync(second).ConfigureAwait(false);
    }

    // What the socket takes at once; also nothing, of which the next attempt will know why.
    private int SendBoth(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
    {
        if (!MemoryMarshal.TryGetArray(first, out var one) || one.Array is null || !MemoryMarshal.TryGetArray(second, out var two) || two.Array is null)
        {
            return 0;
        }

        var onePinned = GCHandle.Alloc(one.Array, GCHandleType.Pinned);
        var twoPinned = GCHandle.Alloc(two.Array, GCHandleType.Pinned);
        try
        {
            _parts[0] = onePinned.AddrOfPinnedObject() + one.Offset;
            _parts[1] = one.Count;
            _parts[2] = twoPinned.AddrOfPinnedObject() + two.Offset;
            _parts[3] = two.Count;
            LibC.MessageHeader message = new() { Parts = Marshal.UnsafeAddrOfPinnedArrayElement(_parts, 0), PartCount = 2 };
            return (int)Math.Max(0, LibC.SendMessage(_handle, message, LibC.NoSignal | LibC.DontWait));
        }
        finally
        {
            twoPinned.Free();
            onePinned.Free();
        }
    }

    private Task LeaveToSender(ReadOnlyMemory<byte> bytes)
    {
        Rest rest = new(bytes);
        lock (_gate)
        {
            _rest = rest;
            if (_hasSender)
            {
                Monitor.Pulse(_gate);
            }
            else
            {
                _hasSender = true;
                new Thread(Send) { IsBackground = true, Name = "ipc send" }.UnsafeStart();
            }
        }

        return rest.Sent.Task;
    }

    // Stays a while: where one message was larger than the socket's buffer, the next often is.
    private void Send()
    {
        while (TakeRest() is { } rest)
        {
            try
            {
                SendAll(rest.Bytes.Span);
                rest.Sent.SetResult();
            }
            catch (Exception failure) when (failure is IOException or SocketException or ObjectDisposedException)
            {
                rest.Sent.SetException(failure);
            }
        }
    }

    private Rest? TakeRest()
    {
        lock (_gate)
        {
            if (_rest is null)
            {
                Monitor.Wait(_gate, SenderStays);
            }

            var rest = _rest;
            _rest = null;
            _hasSender = rest is not null;
            return rest;
        }
    }

    private void SendAll(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var taken = LibC.Send(_handle, bytes, bytes.Length, LibC.NoSignal);
            if (taken >= 0)
            {
                bytes = bytes[(int)taken..];
            }
            else
            {
                Wait(Marshal.GetLastPInvokeError(), SelectMode.SelectWrite);
            }
        }
    }

    // A call that could not be served: is it worth another try?
    private void Wait(int error, SelectMode what)
    {
        if (error == LibC.WouldBlock)
        {
            socket.Poll(Timeout.InfiniteTimeSpan, what); // the runtime may have made the socket one that never waits
        }
        else if (error != LibC.Interrupted)
        {
            throw Failure(error);
        }
    }

    private static IOException Failure(int error) => new(new Win32Exception(error).Message);

    private sealed class Rest(ReadOnlyMemory<byte> bytes)
    {
        internal ReadOnlyMemory<byte> Bytes => bytes;

        internal TaskCompletionSource Sent { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
