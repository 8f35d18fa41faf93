using Dash.Ipc.Layout;

namespace Dash.Ipc.Messages;

/// <summary>
/// A received message. It owns its memory, which is collected like any object: readers, data and texts taken from it
/// may
/// be kept. One reader at a time.
/// </summary>
public sealed class MessageReader
{
    private readonly ReaderArena _arena;

    internal MessageReader(MessageLimits limits) => _arena = new ReaderArena(limits.TraversalWords, limits.Nesting);

    internal MessageReader(byte[] buffer, ReadOnlySpan<int> segmentWords, MessageLimits limits)
        : this(limits) => Begin(buffer, segmentWords);

    /// <summary>
    /// The capability table that capability pointers index into; empty until the connection has made it from the
    /// payload's descriptors.
    /// </summary>
    public IReadOnlyList<CapabilityHandle?> Capabilities
    {
        get => _arena.Capabilities;
        set => _arena.Capabilities = value;
    }

    /// <summary>Words of all segments.</summary>
    public int TotalWords { get; private set; }

    /// <summary>The root pointer.</summary>
    /// <exception cref="IpcFormatException">The first segment has no word.</exception>
    public PointerReader Root
    {
        get
        {
            var first = _arena.SegmentAt(0);
            return first.Words > 0
                ? new PointerReader(_arena, first, first.ByteOf(0), _arena.Limit.Nesting)
                : throw new IpcFormatException("Message did not contain a root pointer.");
        }
    }

    /// <summary>The root struct, read by a generated reader.</summary>
    public T GetRoot<T>()
        where T : struct, IStructReader<T> => T.From(Root.GetStruct());

    /// <summary>Reads a message, the first or another one.</summary>
    /// <param name="buffer">The segments back to back.</param>
    /// <param name="segmentWords">Words of each.</param>
    internal void Begin(byte[] buffer, ReadOnlySpan<int> segmentWords)
    {
        _arena.Begin(buffer, segmentWords);
        TotalWords = 0;
        foreach (var words in segmentWords)
        {
            TotalWords += words;
        }
    }

    /// <summary>Lets go of the message.</summary>
    internal void Empty() => _arena.Begin([], [0]);

    /// <summary>Overwrites the message: it held a secret, and nobody reads it, or what was taken from it, any more.</summary>
    internal void Wipe() => _arena.Wipe();

    /// <summary>Reads a message from its frame; nothing may follow it.</summary>
    /// <exception cref="IpcFormatException">The bytes are not exactly one frame.</exception>
    public static MessageReader Parse(ReadOnlyMemory<byte> frame, MessageLimits? limits = null)
    {
        var buffer = new System.Buffers.ReadOnlySequence<byte>(frame);
        return StreamFraming.TryRead(ref buffer, limits ?? MessageLimits.Default, out var message) && buffer.IsEmpty
            ? message
            : throw new IpcFormatException("The bytes are not exactly one message.");
    }
}
