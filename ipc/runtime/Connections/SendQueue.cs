using System.Buffers;
using System.IO.Pipelines;
using Dash.Ipc.Messages;
using Dash.Ipc.Transports;

namespace Dash.Ipc.Connections;

/// <summary>
/// Frames on their way to the peer, in order. Putting one in never waits: a return or release must never be stuck behind
/// calls. Who starts a new call asks for room first.
/// </summary>
/// <remarks>
/// There is one writer at a time, and whoever finds none becomes it: a thread of the pool, or, when little is under way, the
/// very thread that made the frame, which saves waking another one. What piles up meanwhile goes out in one write. Frames
/// that nobody waits for, finishes and releases, are held back for one write and travel behind what goes then, or a moment later:
/// the call comes first, and its peer's answer to the one before is not freed at the moment in which the next is made.
/// </remarks>
/// <param name="output">The stream.</param>
/// <param name="softBytes">Above this, new calls wait.</param>
/// <param name="hardBytes">Above this, the peer is given up.</param>
internal sealed class SendQueue(PipeWriter output, long softBytes, long hardBytes) : IThreadPoolWorkItem, IDisposable
{
    /// <summary>Frames are gathered up to this before a write, about what a socket buffer takes.</summary>
    private const int FlushBytes = 128 * 1024;

    // Who makes a call now and then makes the next one sooner: a write for what is held back alone would get in its way.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(25);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Protects all below but _bytes.
    private readonly Lock _gate = new();
    private readonly Queue<OutgoingFrame> _frames = new();
    private readonly Queue<OutgoingFrame> _later = new();
    private long _laterTaken;
    private long _takenBefore; // when the timer was set
    private int _ready;
    private TaskCompletionSource? _room;
    private ITimer? _timer;
    private bool _isTimerSet;
    private bool _isWriting;
    private bool _isComplete;
    private long _bytes;

    /// <summary>When a frame should leave.</summary>
    internal enum Urgency
    {
        /// <summary>Behind those of the next write but one, or when none came for a while.</summary>
        Whenever,

        /// <summary>With the next one that leaves; who put it in sees to a <see cref="Write"/>.</summary>
        Gathered,

        /// <summary>At once, by a thread of the pool.</summary>
        Now,

        /// <summary>At once, by the thread that put it in, which calls <see cref="Write"/> when it holds no lock.</summary>
        ByCaller,
    }

    /// <summary>Bytes not yet handed to the stream.</summary>
    internal long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Completes when nothing more is written; fails if the stream did.</summary>
    internal Task Ended => _ended.Task;

    /// <summary>How many of those that go behind all others have had their turn: nothing put in from here on comes before these.</summary>
    internal long LaterTaken => Interlocked.Read(ref _laterTaken);

    /// <summary>Puts a frame in line. After <see cref="Complete"/> it is dropped.</summary>
    /// <returns>False if the peer has let too much pile up to go on.</returns>
    internal bool Add(OutgoingFrame frame, Urgency urgency)
    {
        var startsWriting = false;
        var bytes = 0L;
        lock (_gate)
        {
            if (_isComplete)
            {
                frame.Release();
                return true;
            }

            bytes = Interlocked.Add(ref _bytes, frame.Size);
            (urgency == Urgency.Whenever ? _later : _frames).Enqueue(frame);
            switch (urgency)
            {
                case Urgency.Now when !_isWriting:
                    startsWriting = _isWriting = true;
                    break;
                case Urgency.Whenever when !_isTimerSet:
                    _timer ??= TimeProvider.System.CreateTimer(
                        static state => ((SendQueue)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                    SetTimer();
                    break;
                default:
                    break;
            }
        }

        if (startsWriting)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        return bytes <= hardBytes;
    }

    /// <summary>Writes what is in line and is not held back, unless somebody is at it. Never blocks; under no lock.</summary>
    internal void Write()
    {
        lock (_gate)
        {
            if (_isWriting || _frames.Count == 0)
            {
                return;
            }

            _isWriting = true;
        }

        _ = WriteAllAsync(); // its failure is Ended's
    }

    /// <summary>Returns when there is room for another call, or the queue has ended.</summary>
    internal ValueTask WaitForRoomAsync(CancellationToken ct)
    {
        if (Bytes <= softBytes)
        {
            return ValueTask.CompletedTask;
        }

        Task room;
        lock (_gate)
        {
            room = (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        if (Bytes <= softBytes)
        {
            SignalRoom(); // the writer may have looked before we waited
        }

        return new ValueTask(room.WaitAsync(ct));
    }

    /// <summary>Nothing more will be added; what is in line is still written.</summary>
    internal void Complete()
    {
        lock (_gate)
        {
            if (_isComplete)
            {
                return;
            }

            _isComplete = true;
            if (_isWriting)
            {
                return; // whoever writes sees it
            }

            _isWriting = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => _ = WriteAllAsync(); // its failure is Ended's

    public void Dispose() => _timer?.Dispose();

    private void SetTimer()
    {
        _isTimerSet = true;
        _takenBefore = _laterTaken;
        _timer!.Change(Patience, Timeout.InfiniteTimeSpan); // made before
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            _isTimerSet = false;
            if (_later.Count == 0)
            {
                return;
            }

            if (_takenBefore != _laterTaken)
            {
                SetTimer(); // they go with others
                return;
            }

            _ready = _later.Count;
            if (_isWriting)
            {
                return;
            }

            _isWriting = true;
        }

        _ = WriteAllAsync(); // its failure is Ended's
    }

    // Until nothing is in line; only by the one who set _isWriting.
    private async Task WriteAllAsync()
    {
        try
        {
            var unflushed = 0;
            while (true)
            {
                OutgoingFrame? frame;
                lock (_gate)
                {
                    if (_frames.TryDequeue(out frame))
                    {
                        // one that somebody waits for
                    }
                    else if ((_ready > 0 || _isComplete) && _later.TryDequeue(out frame))
                    {
                        _ready--;
                        Interlocked.Increment(ref _laterTaken);
                    }
                    else if (unflushed == 0)
                    {
                        _isWriting = false;
                        _ready = _later.Count;
                        if (_isComplete)
                        {
                            _ended.TrySetResult();
                        }

                        return;
                    }
                }

                if (frame is not null)
                {
                    unflushed += frame.Size;
                    if (!frame.Message.IsPublic)
                    {
                        (output as WipingPipeWriter)?.MarkSecret();
                    }

                    if (frame.Size < FlushBytes / 2)
                    {
                        StreamFraming.Write(frame.Message, output);
                        frame.Release();
                    }
                    else
                    {
                        await WriteLargeAsync(frame).ConfigureAwait(false);
                    }
                }

                if (frame is null || unflushed >= FlushBytes)
                {
                    await FlushAsync(unflushed).ConfigureAwait(false);
                    unflushed = 0;
                }
            }
        }
        catch (Exception failure)
        {
            Abandon(failure);
        }
    }

    // From the message's own memory: copying it first would cost more than the system calls saved.
    private async ValueTask WriteLargeAsync(OutgoingFrame frame)
    {
        try
        {
            if (frame.Message.SegmentCount == 1)
            {
                Check(await output.WriteAsync(StreamFraming.WholeFrame(frame.Message)).ConfigureAwait(false));
                return;
            }

            StreamFraming.WriteTable(frame.Message, output);
            for (var i = 0; i < frame.Message.SegmentCount; i++)
            {
                var segment = frame.Message.SegmentAt(i);
                if (segment.Words * 8 < FlushBytes / 4)
                {
                    output.Write(segment.Used);
                }
                else
                {
                    Check(await output.WriteAsync(segment.UsedMemory).ConfigureAwait(false));
                }
            }
        }
        finally
        {
            frame.Release();
        }
    }

    // The writer keeps its role, so that nobody tries again.
    private void Abandon(Exception failure)
    {
        lock (_gate)
        {
            _isComplete = true;
            while (_frames.TryDequeue(out var frame) || _later.TryDequeue(out frame))
            {
                frame.Release();
            }
        }

        Interlocked.Exchange(ref _bytes, 0);
        SignalRoom();
        _ended.TrySetException(failure);
    }

    private async ValueTask FlushAsync(int written)
    {
        var flushed = await output.FlushAsync().ConfigureAwait(false);
        if (Interlocked.Add(ref _bytes, -written) <= softBytes && Volatile.Read(ref _room) is not null)
        {
            SignalRoom();
        }

        Check(flushed);
    }

    private static void Check(FlushResult flushed)
    {
        if (flushed.IsCompleted || flushed.IsCanceled)
        {
            throw new IOException("The peer has stopped reading.");
        }
    }

    private void SignalRoom()
    {
        lock (_gate)
        {
            _room?.TrySetResult();
            _room = null;
        }
    }
}
