using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Dash.Common.Concurrency;
using Microsoft.AspNetCore.Connections;

namespace Dash.Rpc.Http;

/// <summary>
/// A connection that a thread of its own or one of the crowd's receives for, and gives what came to Kestrel, which answers on that
/// thread unless something has to be waited for. Sending never waits: what the kernel does not take at once is sent by the runtime's poller.
/// </summary>
internal sealed partial class CallConnection : DefaultConnectionContext, ICallConnection
{
    private const int TryAgain = 11; // EAGAIN

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

    // How often a client that sends no more is looked at while its requests are worked on.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly Socket _socket;
    private readonly Pipe _input = new(Options(UnreadLimit, piece: -1));
    private readonly Pipe _output = new(Options(UnsentLimit, SentPiece));
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConnectionCrowd _crowd;
    private Task _sending = Task.CompletedTask;
    private CancellationTokenSource? _callsEnded;
    private string? _user;
    private int _size = ShortRead;
    private int _isShut;
    private int _hasEnded;
    private Timer? _looks;

    // Set once, each by one thread, and read by others.
    private volatile bool _sendsNoMore;
    private volatile bool _isDisposing;

    /// <summary>A connection that was accepted.</summary>
    /// <param name="socket">Its socket, which belongs to the connection from now on.</param>
    /// <param name="crowd">All connections.</param>
    public CallConnection(Socket socket, ConnectionCrowd crowd)
    {
        _socket = socket;
        _crowd = crowd;
        Caller = crowd.Strangers;
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        ConnectionClosed = _closed.Token;
        Transport = new Side(new WholeReader(_input.Reader), _output.Writer);
        Application = new Side(_output.Reader, _input.Writer);
        Features.Set<ICallConnection>(this);
    }

    /// <summary>Its socket, for the crowd.</summary>
    public SafeSocketHandle Handle => _socket.SafeHandle;

    /// <summary>Tells it from others.</summary>
    public long Number { get; private set; }

    /// <summary>Whose it is. Changes while a request is worked on; the crowd's gate protects what is in there.</summary>
    public Caller Caller { get; private set; }

    /// <summary>The crowd's.</summary>
    public CrowdState State { get; set; }

    /// <summary>Whether nothing comes after what is there to read. The crowd's.</summary>
    public bool IsEnding { get; set; }

    /// <summary>Whether a thread of its own receives, now. Any thread.</summary>
    public bool HasThread { get; private set; }

    /// <summary>Begins to receive and to send.</summary>
    public void Start()
    {
        Number = _crowd.Enter(this);
        ConnectionId = Number.ToString("X", CultureInfo.InvariantCulture);
        _sending = SendAsync();
        try
        {
            _crowd.Serve(this);
        }
        catch (SocketException e)
        {
            End(e);
        }
    }

    /// <inheritdoc/>
    public CancellationToken Ended =>
        (_callsEnded ??= CancellationTokenSource.CreateLinkedTokenSource(_closed.Token, _crowd.Stopping)).Token;

    /// <inheritdoc/>
    public bool IsGone()
    {
        if (!_sendsNoMore || OtherEnd.IsHeld(LocalEndPoint, RemoteEndPoint))
        {
            return false;
        }

        Leave();
        return true;
    }

    /// <inheritdoc/>
    public void BelongTo(string user)
    {
        if (!ReferenceEquals(user, _user))
        {
            _user = user;
            Caller = _crowd.Move(this, user);
        }
    }

    /// <summary>Receives what there is. On a thread of the crowd, one at a time.</summary>
    /// <returns>Whether it rests now, has more, or goes another way.</returns>
    public CrowdState ServeOnce()
    {
        if (!IsEnding && _crowd.TryLeaveForThread(this))
        {
            HasThread = true;
            new Thread(Receive) { IsBackground = true, Name = "http" }.UnsafeStart();
            return CrowdState.Away;
        }

        try
        {
            var memory = _input.Writer.GetMemory(_size);
            var count = ReceiveNow(memory.Span);
            if (count < 0)
            {
                return CrowdState.Resting;
            }

            if (count > 0)
            {
                var flush = Take(count, memory.Length);
                if (!flush.IsCompleted)
                {
                    _ = GoOnAsync(flush); // ends with the connection's end, or comes back to the crowd
                    return CrowdState.Away;
                }

                var result = flush.Result;
                if (!result.IsCompleted && !result.IsCanceled)
                {
                    return _size == LongRead || IsEnding ? CrowdState.Ready : CrowdState.Resting;
                }

                End(null);
            }
            else
            {
                EndInput();
            }
        }
        catch (SocketException e)
        {
            End(e);
        }

        return CrowdState.Away;
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
        _isDisposing = true;
        await _input.Reader.CompleteAsync();
        await _output.Writer.CompleteAsync();
        await _sending;
        if (_sendsNoMore)
        {
            Leave(); // nobody receives who would
        }

        await _ended.Task;
        _socket.Dispose();
        _callsEnded?.Dispose();
        _closed.Dispose();
        await base.DisposeAsync();
    }

    private static PipeOptions Options(int limit, int piece) => new(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline,
        pauseWriterThreshold: limit, resumeWriterThreshold: limit / 2, minimumSegmentSize: piece, useSynchronizationContext: false);

    // On a thread of its own.
    private void Receive()
    {
        ThreadTurns.AskShort();
        try
        {
            while (true)
            {
                var memory = _input.Writer.GetMemory(_size);
                var count = _socket.Receive(memory.Span);
                if (count == 0)
                {
                    EndInput();
                    return;
                }

                // Kestrel goes on in here, until it has to wait for something.
                _crowd.NoteOther();
                var flush = Take(count, memory.Length);
                var result = flush.IsCompletedSuccessfully ? flush.Result : flush.AsTask().GetAwaiter().GetResult();
                if (result.IsCompleted || result.IsCanceled)
                {
                    break;
                }

                if (Caller.IsCrowd)
                {
                    HasThread = false;
                    _crowd.EndThread(this);
                    _crowd.Serve(this);
                    return;
                }
            }

            End(null);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            End(e);
        }
    }

    private ValueTask<FlushResult> Take(int count, int room)
    {
        ThreadTurns.NoteCall();
        _size = count < room ? ShortRead : LongRead;
        _input.Writer.Advance(count);
        return _input.Writer.FlushAsync(CancellationToken.None);
    }

    // More than may lie here unread: the crowd looks at it again when that has changed.
    private async Task GoOnAsync(ValueTask<FlushResult> flush)
    {
        var result = await flush;
        try
        {
            if (!result.IsCompleted && !result.IsCanceled)
            {
                _crowd.GoOn(this);
                return;
            }

            End(null);
        }
        catch (SocketException e)
        {
            End(e);
        }
    }

    private void End(Exception? failure)
    {
        var isOwn = Volatile.Read(ref _isShut) != 0;
        _input.Writer.Complete(isOwn || failure is null ? null : new ConnectionResetException(failure.Message, failure));
        LeaveThread();
        Leave();
    }

    // The client sends no more. Whether it still waits for answers to what it sent is another question: dashd answers anyway, but a
    // payment that waits for its turn must not be made for one who gave up. Most have nothing to wait for, and Kestrel ends in here.
    private void EndInput()
    {
        _sendsNoMore = true;
        LeaveThread();
        _input.Writer.Complete();
        if (_isDisposing || Volatile.Read(ref _isShut) != 0)
        {
            Leave();
            return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static connection => connection.StartLooking(), this, preferLocal: false);
    }

    private void StartLooking()
    {
        if (!_isDisposing && !IsGone())
        {
            // What follows may have ended it already: then it looks once more at an end that nobody has.
            Timer looks = new(static connection => ((CallConnection)connection!).IsGone(), this, Look, Look);
            if (Interlocked.Exchange(ref _looks, looks) is not null || Volatile.Read(ref _hasEnded) != 0)
            {
                looks.Dispose();
            }
        }
    }

    private void LeaveThread()
    {
        if (HasThread)
        {
            HasThread = false;
            _crowd.EndThread(this);
        }
    }

    // Once.
    private void Leave()
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) != 0)
        {
            return;
        }

        Volatile.Read(ref _looks)?.Dispose();
        _crowd.Leave(this);
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

    // What came; -1 for nothing yet.
    private int ReceiveNow(Span<byte> bytes)
    {
        var count = (int)Receive(_socket.SafeHandle, bytes, bytes.Length, DontWait);
        return count >= 0 || Marshal.GetLastPInvokeError() == TryAgain ? count : throw new SocketException(Marshal.GetLastPInvokeError());
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

        if (_sendsNoMore)
        {
            Leave(); // nobody receives who would
        }
    }

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(SafeSocketHandle socket, ReadOnlySpan<byte> bytes, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(SafeSocketHandle socket, Span<byte> bytes, nint length, int flags);

    private sealed record Side(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
