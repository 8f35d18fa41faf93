namespace Dash.Ipc.Layout;

/// <summary>A received message: its segments lie in one array that nobody writes to again.</summary>
internal sealed class ReaderArena : Arena
{
    private readonly Segment[] _segments;

    /// <param name="buffer">The segments back to back.</param>
    /// <param name="segmentWords">Words of each segment; their sum fits the buffer.</param>
    /// <param name="limit">How much may be read.</param>
    public ReaderArena(byte[] buffer, ReadOnlySpan<int> segmentWords, ReadLimit limit)
        : base(limit)
    {
        _segments = new Segment[segmentWords.Length];
        var start = 0;
        for (var i = 0; i < segmentWords.Length; i++)
        {
            var words = segmentWords[i];
            _segments[i] = new Segment((uint)i, buffer, start, words, words);
            start += words << 3;
        }
    }

    /// <summary>The capability table; set by the connection once it has read the descriptors.</summary>
    public IReadOnlyList<CapabilityHandle?> Capabilities { get; set; } = [];

    /// <summary>Overwrites the whole message: it held a secret, and nobody reads it any more.</summary>
    public void Wipe()
    {
        foreach (var segment in _segments)
        {
            segment.Buffer.AsSpan(segment.Start, segment.Words << 3).Clear();
        }
    }

    public int SegmentCount => _segments.Length;

    public override Segment SegmentAt(uint id) => id < (uint)_segments.Length
        ? _segments[id]
        : throw new IpcFormatException("Message contains a far pointer to a segment it does not have.");

    public override CapabilityHandle? CapabilityAt(uint index) =>
        index < (uint)Capabilities.Count ? Capabilities[(int)index] : null;
}
