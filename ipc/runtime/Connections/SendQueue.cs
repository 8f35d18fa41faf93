using System.IO.Pipelines;
using System.Threading.Channels;
using Dash.Ipc.Messages;

namespace Dash.Ipc.Connections;

/// <summary>
/// Frames on their way to the peer, in order, written by one task. Putting one in never waits: a return or release must
/// never be stuck behind calls. Who starts a new call asks for room first.
/// </summary>
internal sealed class SendQueue(long softBytes, long hardBytes)
{
    /// <summary>Frames are gathered up to this before a write, about what a socket buffer takes.</summary>
    private const int FlushBytes = 128 * 1024;

    private readonly Channel<OutgoingFrame> _frames =
        Channel.CreateUnbounded<OutgoingFrame>(new UnboundedChannelOptions { SingleReader = true });

    // Protects _room.
    private readonly Lock _gate = new();
    private TaskCompletionSource? _room;
    private long _bytes;

    /// <summary>Bytes not yet handed to the stream.</summary>
    internal long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Puts a frame in line. After <see cref="Complete"/> it is dropped.</summary>
    /// <returns>False if the peer has let too much pile up to go on.</returns>
    internal bool Add(OutgoingFrame frame)
    {
        var bytes = Interlocked.Add(ref _bytes, frame.Size);
        if (!_frames.Writer.TryWrite(frame))
        {
            Interlocked.Add(ref _bytes, -frame.Size);
            frame.Release();
        }

        return bytes <= hardBytes;
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
    internal void Complete() => _frames.Writer.TryComplete();

    /// <summary>Writes until the queue is completed and empty, or the stream fails.</summary>
    internal async Task RunAsync(PipeWriter output)
    {
        try
        {
            while (await _frames.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                var unflushed = 0;
                while (_frames.Reader.TryRead(out var frame))
                {
                    var size = frame.Size;
                    StreamFraming.Write(frame.Message, output);
                    frame.Release();
                    unflushed += size;
                    if (unflushed >= FlushBytes)
                    {
                        await FlushAsync(output, unflushed).ConfigureAwait(false);
                        unflushed = 0;
                    }
                }

                await FlushAsync(output, unflushed).ConfigureAwait(false);
            }
        }
        finally
        {
            Complete();
            while (_frames.Reader.TryRead(out var frame))
            {
                frame.Release();
            }

            Interlocked.Exchange(ref _bytes, 0);
            SignalRoom();
        }
    }

    private async ValueTask FlushAsync(PipeWriter output, int written)
    {
        var flushed = await output.FlushAsync().ConfigureAwait(false);
        if (Interlocked.Add(ref _bytes, -written) <= softBytes)
        {
            SignalRoom();
        }

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
