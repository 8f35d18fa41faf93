using Dash.Primitives.Encoding;

namespace Dash.Primitives.Tests.Encoding;

public sealed class SpanReaderTests
{
    [Theory]
    [InlineData(0ul, "00")]
    [InlineData(252ul, "fc")]
    [InlineData(253ul, "fdfd00")]
    [InlineData(0xfffful, "fdffff")]
    [InlineData(0x10000ul, "fe00000100")]
    [InlineData(0x100000000ul, "ff0000000001000000")]
    public void Counts_have_one_form(ulong value, string hex)
    {
        var writer = new ByteWriter();
        writer.WriteCompactSize(value);

        Assert.Equal(hex, Hex.Encode(writer.WrittenSpan));
        Assert.Equal(hex.Length / 2, CompactSize.LengthOf(value));
        var reader = new SpanReader(writer.WrittenSpan);
        Assert.Equal(value, reader.ReadCompactSizeUnbounded());
    }

    [Theory]
    [InlineData("fdfc00")]
    [InlineData("feffff0000")]
    [InlineData("ffffffffff00000000")]
    [InlineData("fe01000002")]
    [InlineData("fd01")]
    [InlineData("")]
    public void Other_counts_are_refused(string hex) =>
        Assert.Throws<EncodingException>(() => new SpanReader(Hex.Decode(hex)).ReadCompactSize());

    [Theory]
    [InlineData(0ul, "00")]
    [InlineData(127ul, "7f")]
    [InlineData(128ul, "8000")]
    [InlineData(255ul, "807f")]
    [InlineData(16511ul, "ff7f")]
    [InlineData(65535ul, "82fe7f")]
    [InlineData(4294967296ul, "8efefeff00")]
    [InlineData(ulong.MaxValue, "80fefefefefefefefe7f")]
    public void Database_numbers_have_one_form(ulong value, string hex)
    {
        var writer = new ByteWriter();
        writer.WriteVarInt(value);

        Assert.Equal(hex, Hex.Encode(writer.WrittenSpan));
        var reader = new SpanReader(writer.WrittenSpan);
        Assert.Equal(value, reader.ReadVarInt());
    }

    [Fact]
    public void What_is_written_is_read()
    {
        var writer = new ByteWriter(1);
        writer.WriteByte(7);
        writer.WriteBool(true);
        writer.WriteUInt16(0x1234);
        writer.WriteUInt16BigEndian(9999);
        writer.WriteInt16(-2);
        writer.WriteInt32(-3);
        writer.WriteUInt32(uint.MaxValue);
        writer.WriteInt64(long.MinValue);
        writer.WriteUInt64(ulong.MaxValue);
        writer.WriteVarBytes([1, 2, 3]);
        writer.WriteString("Žluť");

        var reader = new SpanReader(writer.WrittenSpan);
        Assert.Equal(7, reader.PeekByte());
        Assert.Equal(7, reader.ReadByte());
        Assert.True(reader.ReadBool());
        Assert.Equal(0x1234, reader.ReadUInt16());
        Assert.Equal(9999, reader.ReadUInt16BigEndian());
        Assert.Equal(-2, reader.ReadInt16());
        Assert.Equal(-3, reader.ReadInt32());
        Assert.Equal(uint.MaxValue, reader.ReadUInt32());
        Assert.Equal(long.MinValue, reader.ReadInt64());
        Assert.Equal(ulong.MaxValue, reader.ReadUInt64());
        Assert.Equal([1, 2, 3], reader.ReadVarBytes().ToArray());
        Assert.Equal("Žluť", reader.ReadString());
        reader.ExpectEnd();
        Assert.Equal(writer.Length, reader.Position);
    }

    [Fact]
    public void A_count_of_more_than_there_can_be_is_refused() =>
        Assert.Throws<EncodingException>(() => new SpanReader(Hex.Decode("fdffff0000")).ReadCount(2));
}
