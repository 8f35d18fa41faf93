namespace Dash.Ipc.Layout;

/// <summary>
/// The segments of one message and its capability table; readers and builders hold it and find words through it.
/// </summary>
internal abstract class Arena(long words, int nesting) : ReadLimit(words, nesting)
{
    /// <summary>How much of the message may be walked: the arena keeps that account itself.</summary>
    public ReadLimit Limit => this;

    /// <summary>The segment with that id.</summary>
    /// <exception cref="IpcFormatException">The message has no such segment.</exception>
    public abstract Segment SegmentAt(uint id);

    /// <summary>The capability with that index; null if the table has no such entry.</summary>
    public abstract CapabilityHandle? CapabilityAt(uint index);

    /// <summary>
    /// Follows the pointer at a byte position, through a far pointer if it is one. The target's bounds are not checked
    /// yet: they depend on what the pointer says it is.
    /// </summary>
    /// <param name="segment">The pointer's segment.</param>
    /// <param name="position">Where the pointer stands in the segment's buffer.</param>
    public Target Follow(Segment segment, int position)
    {
        var pointer = segment.PointerAt(position);
        if (!pointer.IsFar)
        {
            return new Target(segment, pointer, segment.WordOf(position) + 1L + pointer.Offset);
        }

        var padSegment = SegmentAt(pointer.SegmentId);
        var padWords = pointer.IsDoubleFar ? 2 : 1;
        if (pointer.LandingPad + (long)padWords > padSegment.Words)
        {
            throw new IpcFormatException("Message contains out-of-bounds far pointer.");
        }

        Limit.Charge(padWords);
        var padPosition = padSegment.ByteOf(pointer.LandingPad);
        var pad = padSegment.PointerAt(padPosition);
        if (!pointer.IsDoubleFar)
        {
            return pad.IsFar
                ? throw new IpcFormatException("Message contains a far pointer that leads to a far pointer.")
                : new Target(padSegment, pad, pointer.LandingPad + 1L + pad.Offset);
        }

        var tag = padSegment.PointerAt(padPosition + 8);
        if (!pad.IsFar || pad.IsDoubleFar || tag.IsFar)
        {
            throw new IpcFormatException("Message contains a malformed double-far pointer.");
        }

        return new Target(SegmentAt(pad.SegmentId), tag, pad.LandingPad);
    }

    /// <summary>
    /// Where a pointer leads: the segment, the pointer that says what is there, and the first word, unchecked.
    /// </summary>
    public readonly record struct Target(Segment Segment, WirePointer Pointer, long Word)
    {
        /// <summary>
        /// Checks that the words lie in the segment and gives the first byte's position in its buffer.
        /// </summary>
        public int Bounded(long words)
        {
            if (Word < 0 || Word + words > Segment.Words)
            {
                throw new IpcFormatException("Message contains out-of-bounds pointer.");
            }

            return Segment.ByteOf(Word);
        }
    }
}
