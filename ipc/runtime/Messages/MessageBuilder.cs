using Dash.Ipc.Layout;

namespace Dash.Ipc.Messages;

/// <summary>
/// A message being built, in memory rented from the pool. Disposing wipes it and gives it back: after the frame was
/// written, or when the call was given up. One builder at a time; no builder of it may be used afterwards.
/// </summary>
public sealed class MessageBuilder : IDisposable
{
    private readonly BuilderArena _arena;
    private readonly bool _isPooled;
    private int _isDisposed;

    /// <summary>Creates an empty message: its root pointer is null.</summary>
    /// <param name="firstSegmentWords">Words of the first segment, when the size is known about.</param>
    public MessageBuilder(int firstSegmentWords = BuilderArena.FirstSegmentWords)
        : this(firstSegmentWords, isPooled: false)
    {
    }

    internal MessageBuilder(int firstSegmentWords, bool isPooled)
    {
        _arena = new BuilderArena(firstSegmentWords);
        _isPooled = isPooled;
    }

    /// <summary>What a sender keeps with the message; it stays through all of the builder's lives.</summary>
    internal object? Companion { get; set; }

    /// <summary>
    /// The capability table, in the order in which capabilities were set; the connection makes the payload's
    /// descriptors
    /// from it.
    /// </summary>
    public IList<CapabilityHandle?> Capabilities => _arena.Capabilities;

    /// <summary>Words in use, of all segments.</summary>
    public int TotalWords => _arena.TotalWords;

    /// <summary>
    /// Whether nothing in it is a secret. Memory that held anything else is wiped: here, and where the message was sent from.
    /// </summary>
    internal bool IsPublic
    {
        get => _arena.IsPublic;
        set => _arena.IsPublic = value;
    }

    /// <summary>The root pointer.</summary>
    public PointerBuilder Root => new(_arena, _arena.SegmentAt(0), BuilderArena.Headroom);

    internal int SegmentCount => _arena.SegmentCount;

    internal Segment SegmentAt(int index) => _arena.SegmentAt((uint)index);

    /// <summary>Makes a new root struct of a generated type.</summary>
    public T InitRoot<T>()
        where T : struct, IStructBuilder<T> => T.From(Root.InitStruct(T.DataWords, T.PointerCount));

    /// <summary>A copy of the message as its receiver would have it, with the same capabilities.</summary>
    public MessageReader ToReader(MessageLimits? limits = null)
    {
        var words = new int[SegmentCount];
        var buffer = GC.AllocateUninitializedArray<byte>(TotalWords << 3);
        var end = 0;
        for (var i = 0; i < words.Length; i++)
        {
            var used = SegmentAt(i).Used;
            used.CopyTo(buffer.AsSpan(end));
            end += used.Length;
            words[i] = SegmentAt(i).Words;
        }

        return new MessageReader(buffer, words, limits ?? MessageLimits.Default) { Capabilities = [.. Capabilities] };
    }

    /// <summary>The message's frame as bytes of its own.</summary>
    public byte[] ToFrame()
    {
        var writer = new System.Buffers.ArrayBufferWriter<byte>(StreamFraming.FrameSize(this));
        StreamFraming.Write(this, writer);
        return writer.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        _arena.Dispose();
        if (_isPooled)
        {
            MessagePool.Return(this);
        }
    }

    /// <summary>Begins the next life of a builder from the pool.</summary>
    internal void Restart(int firstSegmentWords)
    {
        _arena.Restart(firstSegmentWords);
        Volatile.Write(ref _isDisposed, 0);
    }
}
