using Dash.Ipc.Messages;

namespace Dash.Ipc.Connections;

/// <summary>
/// A built message and who still needs its memory: the queue until it is written, an answer until it is finished. Goes with its
/// message through all its lives in the pool.
/// </summary>
internal sealed class OutgoingFrame
{
    private int _holders;

    private OutgoingFrame(MessageBuilder message) => Message = message;

    internal MessageBuilder Message { get; }

    /// <summary>Bytes on the wire.</summary>
    internal int Size { get; private set; }

    /// <summary>The frame of a message that is complete.</summary>
    internal static OutgoingFrame Of(MessageBuilder message, int holders = 1)
    {
        if (message.Companion is not OutgoingFrame frame)
        {
            message.Companion = frame = new OutgoingFrame(message);
        }

        frame.Size = StreamFraming.FrameSize(message);
        frame._holders = holders;
        return frame;
    }

    internal void AddHolder() => Interlocked.Increment(ref _holders);

    internal void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            Message.Dispose();
        }
    }
}
