namespace Dash.Ipc.Layout;

/// <summary>A received message: its segments lie in one array that nobody writes to again.</summary>
/// <param name="words">Words that may be walked of one message.</param>
/// <param name="nesting">Levels of pointers.</param>
internal sealed class ReaderArena(long words, int nesting) : Arena(words, nesting)
{
    // Most messages have one segment.
    private readonly Segment _first = new(0, [], 0, 0, 0);
    private readonly long _words = words;
    private Segment[] _others = [];

    /// <summary>Begins another message; nobody may read the one before any more.</summary>
    /// <param name="buffer">The segments back to back.</param>
    /// <param name="segmentWords">Words of each segment, of which there is one at least; their sum fits the buffer.</param>
    public void Begin(byte[] buffer, ReadOnlySpan<int> segmentWords)
    {
        Left = _words;
        Capabilities = [];
        _first.Attach(buffer, segmentWords[0]);
        _others = segmentWords.Length > 1 ? new Segment[segmentWords.Length - 1] : [];
        var start = segmentWords[0] << 3;
        for (var i = 1; i < segmentWords.Length; i++)
        {
            _others[i - 1] = new Segment((uint)i, buffer, start, segmentWords[i], segmentWords[i]);
            start += segmentWords[i] << 3;
        }
    }

    /// <summary>The capability table; set by the connection once it has read the descriptors.</summary>
    public IReadOnlyList<CapabilityHandle?> Capabilities { get; set; } = [];

    /// <summary>Overwrites the whole message: it held a secret, and nobody reads it any more.</summary>
    public void Wipe()
    {
        for (var i = 0u; i < SegmentCount; i++)
        {
            var segment = SegmentAt(i);
            segment.Buffer.AsSpan(segment.Start, segment.Words << 3).Clear();
        }
    }

    public int SegmentCount => 1 + _others.Length;

    public override Segment SegmentAt(uint id) => id == 0
        ? _first
        : id <= (uint)_others.Length ? _others[id - 1] : throw new IpcFormatException("Message contains a far pointer to a segment it does not have.");

    public override CapabilityHandle? CapabilityAt(uint index) =>
        index < (uint)Capabilities.Count ? Capabilities[(int)index] : null;
}
