using Dash.Ipc.Messages;

namespace Dash.Ipc.Connections;

/// <summary>
/// A built message and who still needs its memory: the queue until it is written, an answer until it is finished.
/// </summary>
internal sealed class OutgoingFrame(MessageBuilder message, int holders = 1)
{
    private int _holders = holders;

    internal MessageBuilder Message => message;

    /// <summary>Bytes on the wire.</summary>
    internal int Size { get; } = StreamFraming.FrameSize(message);

    internal void AddHolder() => Interlocked.Increment(ref _holders);

    internal void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            message.Dispose();
        }
    }
}
