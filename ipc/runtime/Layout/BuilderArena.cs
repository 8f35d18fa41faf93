using System.Buffers;

namespace Dash.Ipc.Layout;

/// <summary>
/// A message being built: segments rented from the pool, each a little larger than those before, so that nothing
/// written
/// ever moves. An object that does not fit beside its pointer goes to another segment behind a landing pad.
/// </summary>
internal sealed class BuilderArena : Arena, IDisposable
{
    /// <summary>Words of the first segment, when the caller does not know better: 8 KiB with the room before it.</summary>
    public const int FirstSegmentWords = 1023;

    /// <summary>Bytes before the first segment: room for the table of a message of one segment, so that its frame is in one piece.</summary>
    public const int Headroom = 8;

    /// <summary>
    /// Words of the largest message we build. Receivers refuse header and body of more than 8,388,608 words together;
    /// the rest is room for the segment table.
    /// </summary>
    public const int MaxWords = 8_388_000;

    /// <summary>Growing segments stop doubling here (8 MiB), so that a large message wastes little.</summary>
    private const int LargestStep = 1024 * 1024;

    // Most messages have one segment and no capability: lists are made when there is more.
    private readonly Segment _first;
    private List<Segment>? _segments;
    private List<CapabilityHandle?>? _capabilities;
    private int _totalWords;

    /// <param name="firstSegmentWords">Words of the first segment; its first is the root pointer.</param>
    public BuilderArena(int firstSegmentWords)
        : base(long.MaxValue, DefaultNesting)
    {
        var buffer = RentFirst(firstSegmentWords);
        _first = new Segment(0, buffer, Headroom, 0, (buffer.Length - Headroom) >> 3);
        BeginRoot();
    }

    public int SegmentCount => _segments?.Count ?? 1;

    /// <summary>Words in use, of all segments.</summary>
    public int TotalWords => _totalWords;

    /// <summary>The capability table, in the order the capabilities were set.</summary>
    public IList<CapabilityHandle?> Capabilities => _capabilities ?? (IList<CapabilityHandle?>)Array.Empty<CapabilityHandle?>();

    public override Segment SegmentAt(uint id) => id == 0 ? _first : _segments is not null && id < (uint)_segments.Count
        ? _segments[(int)id]
        : throw new IpcFormatException("Message contains a far pointer to a segment it does not have.");

    public override CapabilityHandle? CapabilityAt(uint index) =>
        _capabilities is not null && index < (uint)_capabilities.Count ? _capabilities[(int)index] : null;

    /// <summary>Adds a capability to the table and gives its index.</summary>
    public int AddCapability(CapabilityHandle capability)
    {
        (_capabilities ??= []).Add(capability);
        return _capabilities.Count - 1;
    }

    /// <summary>
    /// Allocates words for an object and points to it from a pointer that was null.
    /// </summary>
    /// <param name="segment">The pointer's segment.</param>
    /// <param name="position">Where the pointer stands.</param>
    /// <param name="words">Words of the object.</param>
    /// <param name="pointer">What the pointer says about the object; its offset is filled in here.</param>
    /// <returns>The object's segment and position; all of it is zero.</returns>
    public (Segment Segment, int Position) Allocate(Segment segment, int position, int words, WirePointer pointer) =>
        Allocate(segment, position, words, words, pointer);

    /// <summary>As the other; only the last <paramref name="cleared"/> words are zero, those before are the caller's to write.</summary>
    public (Segment Segment, int Position) Allocate(Segment segment, int position, int words, int cleared, WirePointer pointer)
    {
        if (words == 0 && pointer.Tag == WirePointer.StructTag)
        {
            // An empty struct is told from null by pointing at its own pointer.
            segment.SetPointer(position, pointer.WithOffset(-1));
            return (segment, position);
        }

        Count(words);
        if (segment.TryTake(words, cleared, out var place))
        {
            var offset = segment.WordOf(place) - segment.WordOf(position) - 1;
            segment.SetPointer(position, pointer.WithOffset(offset));
            return (segment, place);
        }

        Count(1);
        var last = _segments is null ? _first : _segments[^1];
        if (!last.TryTake(words + 1, cleared, out var pad))
        {
            last = AddSegment(Math.Max(words + 1, Math.Min(_totalWords, LargestStep)));
            last.TryTake(words + 1, cleared, out pad);
        }

        last.SetPointer(pad, pointer.WithOffset(0));
        segment.SetPointer(position, WirePointer.ForFar(last.Id, last.WordOf(pad)));
        return (last, pad + 8);
    }

    /// <summary>Begins another message; only after <see cref="Dispose"/>.</summary>
    public void Restart(int firstSegmentWords)
    {
        _first.Attach(RentFirst(firstSegmentWords));
        BeginRoot();
    }

    /// <summary>Whether nothing in the message is a secret, so that its memory need not be wiped.</summary>
    public bool IsPublic { get; set; }

    /// <summary>
    /// Wipes the segments, unless they are public, and gives them back; builders into this message must not be used any more.
    /// </summary>
    public void Dispose()
    {
        for (var i = 0; i < SegmentCount; i++)
        {
            var buffer = SegmentAt((uint)i).Detach(wipes: !IsPublic);
            if (buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        IsPublic = false;
        _segments = null;
        _capabilities = null; // not emptied: who took the table before goes on with it
    }

    // The root pointer is the first word of segment 0 and is there from the start.
    private void BeginRoot()
    {
        _first.TryTake(1, 1, out _);
        _totalWords = 1;
    }

    private Segment AddSegment(int words)
    {
        var segment = NewSegment((uint)SegmentCount, words);
        (_segments ??= [_first]).Add(segment);
        return segment;
    }

    private static byte[] RentFirst(int words) => ArrayPool<byte>.Shared.Rent((Math.Clamp(words, 1, MaxWords) << 3) + Headroom);

    private static Segment NewSegment(uint id, int words)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(words << 3);
        return new Segment(id, buffer, 0, 0, buffer.Length >> 3);
    }

    private void Count(int words)
    {
        if (words > MaxWords - _totalWords)
        {
            throw new IpcFormatException("Message is too large to be sent: more than 8388000 words.");
        }

        _totalWords += words;
    }
}
