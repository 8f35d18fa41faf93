using System.Buffers;
using System.Text;
using Dash.Rpc.Protocol;

namespace Dash.Rpc.Tests.Protocol;

public class ReplyBufferTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(3_000_000)]
    public void What_was_written_comes_out_in_order(int length)
    {
        var bytes = Pattern(length);
        using var buffer = ReplyBuffer.Rent();
        for (var at = 0; at < length; at += 1000)
        {
            buffer.Write(bytes.AsSpan(at, Math.Min(1000, length - at)));
        }

        Assert.Equal(length, buffer.Length);
        Assert.Equal(bytes, buffer.ToArray());
        Assert.Equal(bytes[(length / 2)..], buffer.ToArray(length / 2));
        Assert.Equal(length <= 4096, buffer.TryGetSingle(out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(4096)]
    [InlineData(5000)]
    [InlineData(99_999)]
    [InlineData(100_000)]
    public void What_was_taken_back_is_gone_and_writing_goes_on_there(int mark)
    {
        var bytes = Pattern(100_000);
        using var buffer = ReplyBuffer.Rent();
        buffer.Write(bytes);
        buffer.Truncate(mark);
        Assert.Equal(mark, buffer.Length);
        buffer.Write("end"u8);
        Assert.Equal([.. bytes[..mark], .. "end"u8], buffer.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Truncate(mark + 4));
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(4096, 4096)]
    [InlineData(4097, 4096)]
    [InlineData(1_000_000, 1000)]
    [InlineData(1_000_000, 1 << 18)]
    [InlineData(1_000_000, 2_000_000)]
    public void What_was_written_can_be_taken_from_the_beginning(int length, int most)
    {
        var bytes = Pattern(length);
        using (var buffer = ReplyBuffer.Rent())
        {
            buffer.Write(bytes);
            using var kept = buffer.Keep(0);
            List<byte> taken = [];
            var piece = new byte[most];
            for (int count; (count = buffer.Take(piece)) > 0;)
            {
                Assert.Equal(Math.Min(most, length - taken.Count), count);
                taken.AddRange(piece.AsSpan(0, count));
            }

            Assert.Equal(bytes, taken);
            using var other = ReplyBuffer.Rent();
            other.Write(kept); // what others keep stays theirs
            Assert.Equal(bytes, other.ToArray());
        }

        using var again = ReplyBuffer.Rent();
        again.Write("new"u8);
        Assert.Equal("new"u8.ToArray(), again.ToArray());
    }

    [Fact]
    public void A_buffer_that_was_given_back_is_empty_when_it_comes_again()
    {
        using (var first = ReplyBuffer.Rent())
        {
            first.Write(Pattern(20_000));
        }

        using var second = ReplyBuffer.Rent();
        using var third = ReplyBuffer.Rent();
        Assert.NotSame(second, third);
        Assert.Equal(0, second.Length);
        Assert.Empty(second.Pieces());
    }

    [Fact]
    public void A_writer_that_failed_leaves_the_next_one_alone()
    {
        using var buffer = ReplyBuffer.Rent();
        var failed = buffer.BeginJson();
        failed.WriteStartArray();
        failed.WriteStringValue(new string('x', 10_000));
        buffer.Truncate(0);

        var writer = buffer.BeginJson();
        Assert.NotSame(failed, writer);
        writer.WriteNumberValue(5);
        ReplyBuffer.EndJson(writer);
        Assert.Equal("5", Encoding.UTF8.GetString(buffer.ToArray()));
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(100, 4096)]
    [InlineData(100, 1_000_000)]
    [InlineData(5000, 1_000_000)]
    public void What_is_kept_stays_whatever_else_is_written(int from, int length)
    {
        var bytes = Pattern(length);
        KeptReply kept;
        using (var first = ReplyBuffer.Rent())
        {
            first.Write(bytes);
            kept = first.Keep(from);
            first.Write("and more"u8);
            Assert.Equal([.. bytes, .. "and more"u8], first.ToArray());
        }

        Assert.Equal(length - from, kept.Length);
        foreach (var mark in new[] { 3, 3 + ((length - from) / 2), 3 + length - from })
        {
            using var second = ReplyBuffer.Rent();
            second.Write("abc"u8);
            second.Write(kept);
            second.Truncate(mark);
            second.Write(new byte[10_000]); // over nothing that is kept
            Assert.Equal([.. "abc"u8, .. bytes[from..(from + mark - 3)], .. new byte[10_000]], second.ToArray());
        }

        using var third = ReplyBuffer.Rent();
        third.Write(kept);
        Assert.Equal(bytes[from..], third.ToArray());
    }

    private static byte[] Pattern(int length) => [.. Enumerable.Range(0, length).Select(static i => (byte)(i * 7 / 3))];
}
