using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Dash.Ipc.Layout;

namespace Dash.Ipc.Messages;

/// <summary>
/// Messages on a byte stream: a table with the number of segments and their sizes, then the segments.
/// <code>
/// u32 segments - 1 | u32 words of segment 0 | ... | u32 0 if needed to end on 8 bytes | segment 0 | segment 1 | ...
/// </code>
/// </summary>
public static class StreamFraming
{
    private const int WordBytes = 8;

    /// <summary>
    /// Takes one message from the front of what has arrived. Memory is taken for the message only when it is there in
    /// whole, whatever its table announces.
    /// </summary>
    /// <param name="buffer">What has arrived; moved behind the message if there was one.</param>
    /// <param name="limits">What is refused.</param>
    /// <param name="message">The message, or null while it is incomplete.</param>
    /// <returns>False if more bytes are needed.</returns>
    /// <exception cref="IpcFormatException">No message can come of these bytes.</exception>
    public static bool TryRead(
        ref ReadOnlySequence<byte> buffer, MessageLimits limits, [NotNullWhen(true)] out MessageReader? message)
    {
        MessageReader? none = null;
        return TryRead(ref buffer, limits, ref none, out message);
    }

    /// <summary>The same with a reader that is used again; the limits are those it was made with.</summary>
    internal static bool TryRead(
        ref ReadOnlySequence<byte> buffer, MessageLimits limits, ref MessageReader? spare, [NotNullWhen(true)] out MessageReader? message)
    {
        ArgumentNullException.ThrowIfNull(limits);
        message = null;
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryReadLittleEndian(out int lastSegment))
        {
            return false;
        }

        // The field is one less than the count: 0xffffffff would be no segment at all.
        var count = (uint)lastSegment + 1L;
        if (count > uint.MaxValue)
        {
            throw new IpcFormatException("Message did not contain a root pointer.");
        }

        if (count > limits.MaxSegments)
        {
            throw new IpcFormatException("Message has too many segments.");
        }

        Span<int> sizes = count <= 16 ? stackalloc int[(int)count] : new int[count];
        var total = 0L;
        for (var i = 0; i < sizes.Length; i++)
        {
            if (!reader.TryReadLittleEndian(out int size))
            {
                return false;
            }

            total += (uint)size;
            if (total > limits.MaxWords)
            {
                throw new IpcFormatException("Message is too large.");
            }

            sizes[i] = size;
        }

        if (sizes[0] == 0)
        {
            throw new IpcFormatException("Message did not contain a root pointer.");
        }

        if (count % 2 == 0 && !reader.TryReadLittleEndian(out int _))
        {
            return false;
        }

        var bytes = total * WordBytes;
        if (reader.Remaining < bytes)
        {
            return false;
        }

        var body = GC.AllocateUninitializedArray<byte>((int)bytes);
        reader.TryCopyTo(body);
        reader.Advance(bytes);
        buffer = buffer.Slice(reader.Position);
        message = spare ?? new MessageReader(limits);
        message.Begin(body, sizes);
        spare = null;
        return true;
    }

    /// <summary>Bytes of the message's frame.</summary>
    public static int FrameSize(MessageBuilder message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return TableSize(message.SegmentCount) + (message.TotalWords * WordBytes);
    }

    /// <summary>Writes the message's frame.</summary>
    public static void Write(MessageBuilder message, IBufferWriter<byte> writer)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(writer);
        if (message.SegmentCount == 1)
        {
            writer.Write(WholeFrame(message).Span);
            return;
        }

        WriteTable(message, writer);
        for (var i = 0; i < message.SegmentCount; i++)
        {
            writer.Write(message.SegmentAt(i).Used);
        }
    }

    /// <summary>The frame of a message of one segment, in the message's own memory.</summary>
    internal static ReadOnlyMemory<byte> WholeFrame(MessageBuilder message)
    {
        var segment = message.SegmentAt(0);
        var table = segment.Buffer.AsSpan(0, BuilderArena.Headroom);
        BinaryPrimitives.WriteInt32LittleEndian(table, 0);
        BinaryPrimitives.WriteInt32LittleEndian(table[4..], segment.Words);
        return segment.Buffer.AsMemory(0, BuilderArena.Headroom + (segment.Words * WordBytes));
    }

    /// <summary>Writes the beginning of the message's frame: what stands before its segments.</summary>
    internal static void WriteTable(MessageBuilder message, IBufferWriter<byte> writer)
    {
        var count = message.SegmentCount;
        var size = TableSize(count);
        var table = writer.GetSpan(size)[..size];
        table.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(table, count - 1);
        for (var i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(table[(4 + (4 * i))..], message.SegmentAt(i).Words);
        }

        writer.Advance(size);
    }

    // A count of segments and their sizes, four bytes each, filled up to words.
    private static int TableSize(int segments) => (segments + 2) / 2 * WordBytes;
}
