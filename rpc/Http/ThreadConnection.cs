using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Dash.Common.Concurrency;
using Microsoft.AspNetCore.Connections;

namespace Dash.Rpc.Http;

/// <summary>
/// A connection whose thread waits for bytes in the kernel and gives them to Kestrel, which answers on that thread unless
/// something has to be waited for. Sending never waits: what the kernel does not take at once is sent by the runtime's poller.
/// </summary>
internal sealed partial class ThreadConnection : DefaultConnectionContext
{
    private const int DontWait = 0x40; // MSG_DONTWAIT
    private const int NoSignal = 0x4000; // MSG_NOSIGNAL

    // A request in one piece; a long one comes in larger ones.
    private const int ShortRead = 4096;
    private const int LongRead = 1 << 16;

    // What may lie here unread or unsent before the other side has to wait: Kestrel's own numbers.
    private const int UnreadLimit = 1 << 20;
    private const int UnsentLimit = 1 << 16;

    // What is sent in one go: with the usual 4 kB, a list of megabytes is thousands of system calls.
    private const int SentPiece = 1 << 16;

    private readonly Socket _socket;
    private readonly Pipe _input = new(Options(UnreadLimit, piece: -1));
    private readonly Pipe _output = new(Options(UnsentLimit, SentPiece));
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action _left;
    private Task _sending = Task.CompletedTask;
    private int _isShut;

    /// <summary>A connection that was accepted.</summary>
    /// <param name="socket">Its socket, which belongs to the connection from now on.</param>
    /// <param name="number">Tells it from others.</param>
    /// <param name="left">Called when its thread ends.</param>
    public ThreadConnection(Socket socket, long number, Action left)
        : base(number.ToString("X", CultureInfo.InvariantCulture))
    {
        _socket = socket;
        _left = left;
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        ConnectionClosed = _closed.Token;
        Transport = new Side(_input.Reader, _output.Writer);
        Application = new Side(_output.Reader, _input.Writer);
    }

    /// <summary>Begins to receive and to send.</summary>
    public void Start()
    {
        _sending = SendAsync();
        new Thread(Receive) { IsBackground = true, Name = "http" }.UnsafeStart();
    }

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        Shut();
        _output.Reader.CancelPendingRead();
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _input.Reader.CompleteAsync();
        await _output.Writer.CompleteAsync();
        await _sending;
        await _ended.Task;
        _socket.Dispose();
        _closed.Dispose();
        await base.DisposeAsync();
    }

    private static PipeOptions Options(int limit, int piece) => new(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline,
        pauseWriterThreshold: limit, resumeWriterThreshold: limit / 2, minimumSegmentSize: piece, useSynchronizationContext: false);

    private void Receive()
    {
        ThreadTurns.AskShort();
        Exception? failure = null;
        try
        {
            var size = ShortRead;
            while (true)
            {
                var memory = _input.Writer.GetMemory(size);
                var count = _socket.Receive(memory.Span);
                if (count == 0)
                {
                    break;
                }

                ThreadTurns.NoteCall();
                size = count < memory.Length ? ShortRead : LongRead;
                _input.Writer.Advance(count);

                // Kestrel goes on in here, until it has to wait for something.
                var flush = _input.Writer.FlushAsync(CancellationToken.None);
                var result = flush.IsCompletedSuccessfully ? flush.Result : flush.AsTask().GetAwaiter().GetResult();
                if (result.IsCompleted || result.IsCanceled)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            failure = new ConnectionResetException(e.Message, e);
        }

        _input.Writer.Complete(Volatile.Read(ref _isShut) != 0 ? null : failure);
        _left();
        ThreadPool.UnsafeQueueUserWorkItem(
            static connection =>
            {
                try
                {
                    connection._closed.Cancel();
                }
                catch (AggregateException)
                {
                    // What others do on hearing it is no reason not to end.
                }

                connection._ended.SetResult();
            },
            this,
            preferLocal: false);
    }

    private async Task SendAsync()
    {
        Exception? failure = null;
        var reader = _output.Reader;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync();
                if (read.IsCanceled)
                {
                    break;
                }

                foreach (var piece in read.Buffer)
                {
                    var sent = SendNow(piece.Span);
                    while (sent < piece.Length)
                    {
                        sent += await _socket.SendAsync(piece[sent..], SocketFlags.None);
                    }
                }

                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            failure = e;
        }

        Shut();
        await reader.CompleteAsync(failure);
        _input.Writer.CancelPendingFlush();
    }

    // What the kernel takes without waiting; also nothing, and the next attempt knows why.
    private int SendNow(ReadOnlySpan<byte> bytes) =>
        OperatingSystem.IsLinux() ? (int)Math.Max(0, Send(_socket.SafeHandle, bytes, bytes.Length, DontWait | NoSignal)) : 0;

    // Wakes the thread, too.
    private void Shut()
    {
        if (Interlocked.Exchange(ref _isShut, 1) != 0)
        {
            return;
        }

        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The client was faster.
        }
    }

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(SafeSocketHandle socket, ReadOnlySpan<byte> bytes, nint length, int flags);

    private sealed record Side(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
