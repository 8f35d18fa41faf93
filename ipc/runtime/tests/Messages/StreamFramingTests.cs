using System.Buffers;
using Dash.Ipc.Layout;
using Dash.Ipc.Messages;

namespace Dash.Ipc.Tests.Messages;

public sealed class StreamFramingTests
{
    [Fact]
    public void A_frame_arriving_byte_by_byte_is_read_when_it_is_whole()
    {
        var frame = Message("hello", 1).ToFrame();
        for (var n = 0; n < frame.Length; n++)
        {
            var part = Split(frame.AsMemory(0, n), 1);
            Assert.False(StreamFraming.TryRead(ref part, MessageLimits.Default, out _));
            Assert.Equal(n, part.Length);
        }

        var whole = Split(frame, 1);
        Assert.True(StreamFraming.TryRead(ref whole, MessageLimits.Default, out var message));
        Assert.Equal("hello", message.Root.GetText());
        Assert.True(whole.IsEmpty);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public void Frames_back_to_back_are_read_one_after_another(int chunk)
    {
        var bytes = Enumerable.Range(0, 4).SelectMany(i => Message($"message {i}", i + 1).ToFrame()).ToArray();
        var buffer = Split(bytes.Concat(Message("last", 1).ToFrame()[..10]).ToArray(), chunk);
        var texts = new List<string>();

        while (StreamFraming.TryRead(ref buffer, MessageLimits.Default, out var message))
        {
            texts.Add(message.Root.GetText());
        }

        Assert.Equal(["message 0", "message 1", "message 2", "message 3"], texts);
        Assert.Equal(10, buffer.Length);
    }

    [Fact]
    public void Segments_without_words_are_fine_unless_it_is_the_first()
    {
        Assert.Equal(3, Read(1, 3, 0).TotalWords);
        Assert.Equal(2, Read(2, 2, 0, 0).TotalWords);
        Assert.Contains("root pointer", Error(1, 0, 3), StringComparison.Ordinal);
    }

    [Fact]
    public void No_segment_at_all_is_no_message()
    {
        Assert.Contains("root pointer", Error(0xffffffff), StringComparison.Ordinal);
    }

    [Fact]
    public void Five_hundred_and_eleven_segments_are_the_most()
    {
        Assert.Equal(1, Read([510, 1, .. new uint[510]]).TotalWords);
        Assert.Contains("segments", Error(511), StringComparison.Ordinal);
        Assert.Contains("segments", Error(0xfffffffe), StringComparison.Ordinal);
    }

    [Fact]
    public void What_announces_too_much_is_refused_at_once()
    {
        Assert.Contains("too large", Error(0, (8 * 1024 * 1024) + 1), StringComparison.Ordinal);
        Assert.Contains("too large", Error(1, 1, 8 * 1024 * 1024), StringComparison.Ordinal);
        Assert.Contains("too large", Error(2, 0xffffffff, 0xffffffff, 0xffffffff), StringComparison.Ordinal);
    }

    [Fact]
    public void An_announced_size_costs_nothing_until_the_bytes_are_there()
    {
        byte[] table = [0, 0, 0, 0, 0, 0, 0x80, 0];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            var buffer = new ReadOnlySequence<byte>(table);
            Assert.False(StreamFraming.TryRead(ref buffer, MessageLimits.Default, out _));
        }

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Fact]
    public void A_message_of_many_segments_is_written_with_its_table()
    {
        using var message = Message(new string('x', 50_000), 1);
        var frame = message.ToFrame();

        Assert.Equal(StreamFraming.FrameSize(message), frame.Length);
        Assert.Equal(new string('x', 50_000), MessageReader.Parse(frame).Root.GetText());
    }

    [Fact]
    public void A_frame_with_something_behind_it_is_not_one_frame()
    {
        var frame = Message("x", 1).ToFrame();

        Assert.Throws<IpcFormatException>(() => MessageReader.Parse(frame.Concat(new byte[1]).ToArray()));
        Assert.Throws<IpcFormatException>(() => MessageReader.Parse(frame.AsMemory(1)));
    }

    private static MessageBuilder Message(string text, int firstSegmentWords)
    {
        var message = new MessageBuilder(firstSegmentWords);
        message.Root.SetText(text);
        return message;
    }

    private static MessageReader Read(params uint[] table)
    {
        var buffer = Table(table);
        Assert.True(StreamFraming.TryRead(ref buffer, MessageLimits.Default, out var message));
        return message;
    }

    private static string Error(params uint[] table)
    {
        var buffer = Table(table);
        return Assert.Throws<IpcFormatException>(
            () => StreamFraming.TryRead(ref buffer, MessageLimits.Default, out _)).Message;
    }

    // The table's numbers, its padding, and up to 64 words of body.
    private static ReadOnlySequence<byte> Table(uint[] numbers)
    {
        var bytes = numbers.SelectMany(BitConverter.GetBytes).ToList();
        bytes.AddRange(new byte[bytes.Count % 8]);
        var body = numbers.Skip(1).Sum(n => (long)n);
        bytes.AddRange(new byte[Math.Min(body, 64) * 8]);
        return new ReadOnlySequence<byte>(bytes.ToArray());
    }

    private static ReadOnlySequence<byte> Split(ReadOnlyMemory<byte> bytes, int chunk)
    {
        if (bytes.IsEmpty)
        {
            return default;
        }

        var first = new Chunk(bytes[..Math.Min(chunk, bytes.Length)], 0);
        var last = first;
        for (var i = chunk; i < bytes.Length; i += chunk)
        {
            last = last.Append(bytes.Slice(i, Math.Min(chunk, bytes.Length - i)));
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Chunk : ReadOnlySequenceSegment<byte>
    {
        public Chunk(ReadOnlyMemory<byte> memory, long start)
        {
            Memory = memory;
            RunningIndex = start;
        }

        public Chunk Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Chunk(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
