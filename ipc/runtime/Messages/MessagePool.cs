using System.Collections.Concurrent;

namespace Dash.Ipc.Messages;

/// <summary>
/// Builders that are used again and again, for messages whose life is known to the letter: built, sent, let go. What a builder
/// held is wiped when it comes back.
/// </summary>
internal static class MessagePool
{
    // A burst of calls has about as many under way; each costs some 200 bytes while it lies here.
    private const int MaxKept = 512;

    private static readonly ConcurrentQueue<MessageBuilder> Idle = new();
    private static int _kept;

    internal static MessageBuilder Rent(int firstSegmentWords)
    {
        if (!Idle.TryDequeue(out var message))
        {
            return new MessageBuilder(firstSegmentWords, isPooled: true);
        }

        Interlocked.Decrement(ref _kept);
        message.Restart(firstSegmentWords);
        return message;
    }

    internal static void Return(MessageBuilder message)
    {
        if (Interlocked.Increment(ref _kept) <= MaxKept)
        {
            Idle.Enqueue(message);
        }
        else
        {
            Interlocked.Decrement(ref _kept);
        }
    }
}
