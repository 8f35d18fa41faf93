using Dash.Primitives.Encoding;

namespace Dash.Primitives.Tests.Encoding;

public sealed class ByteWriterTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(300)]
    public void What_is_written_comes_out_whatever_room_there_was_at_first(int room)
    {
        var mine = Enumerable.Repeat((byte)0xaa, room).ToArray();
        foreach (var writer in (ByteWriter[])[new ByteWriter(room), new ByteWriter(mine)])
        {
            List<byte> expected = [];
            for (var i = 0; i < 200; i++)
            {
                writer.WriteByte((byte)i);
                expected.Add((byte)i);
                writer.WriteBytes([1, 2, 3]);
                expected.AddRange([1, 2, 3]);
                Assert.Equal(expected.Count, writer.Length);
            }

            Assert.Equal(expected, writer.ToArray());
            Assert.True(writer.WrittenMemory.Span.SequenceEqual(writer.WrittenSpan));
            writer.Clear();
            writer.WriteUInt16(0x0102);
            Assert.Equal([2, 1], writer.ToArray());
        }
    }

    [Fact]
    public void A_writer_in_an_array_of_the_caller_writes_there_while_it_fits()
    {
        var room = new byte[4];
        var writer = new ByteWriter(room);
        writer.WriteUInt32(0x04030201);
        Assert.Equal([1, 2, 3, 4], room);
        writer.WriteByte(5);
        Assert.Equal([1, 2, 3, 4], room);
        Assert.Equal([1, 2, 3, 4, 5], writer.ToArray());
    }

    [Fact]
    public void More_than_was_asked_room_for_cannot_be_counted_as_written()
    {
        var writer = new ByteWriter(4);
        Assert.True(writer.GetSpan(10).Length >= 10);
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(1 << 20));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(-1));
        Assert.Equal(0, writer.Length);
    }
}
