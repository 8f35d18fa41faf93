using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;

namespace Dash.Primitives.Tests.Blocks;

public sealed class CompressedHeadersTests
{
    [Theory]
    [InlineData("mainnet-headers-1886799.bin")]
    [InlineData("testnet-headers-942249.bin")]
    public void Real_headers_come_back_and_take_half_the_space(string file)
    {
        var bytes = SharedVectors.Read(file);
        var headers = Enumerable.Range(0, 1000)
            .Select(i => BlockHeader.Parse(bytes.AsSpan(i * BlockHeader.Size, BlockHeader.Size)))
            .ToArray();
        var writer = new ByteWriter();

        CompressedHeaders.Write(writer, headers);

        Assert.InRange(writer.Length, 39_000, 50_000);
        var reader = new SpanReader(writer.WrittenSpan);
        Assert.Equal(headers, CompressedHeaders.Read(ref reader, 8000));
        Assert.True(reader.IsAtEnd);
    }

    [Fact]
    public void A_time_that_goes_back_is_read_as_a_difference_too()
    {
        var first = new BlockHeader(1, default, default, 1000, 0x207fffff, 1);
        var writer = new ByteWriter();
        CompressedHeaders.Write(writer, [first]);
        byte[] bytes = [2, .. writer.WrittenSpan[1..], 1, .. new byte[32], 0xff, 0xff, 4, 0, 0, 0];

        var reader = new SpanReader(bytes);
        var headers = CompressedHeaders.Read(ref reader, 2);

        Assert.Equal(999u, headers[1].Time);
    }

    [Fact]
    public void The_parts_that_repeat_are_left_out()
    {
        var first = new BlockHeader(0x20000000, default, default, 1000, 0x207fffff, 1);
        var second = new BlockHeader(0x20000000, first.Hash, default, 1150, 0x207fffff, 2);
        var third = new BlockHeader(0x20000004, second.Hash, default, 1_000_000, 0x1e0ffff0, 3);
        var fourth = new BlockHeader(0x20000000, third.Hash, default, 999_999, 0x1e0ffff0, 4);
        var writer = new ByteWriter();

        CompressedHeaders.Write(writer, [first, second, third, fourth]);

        var zeros = new string('0', 64);
        Assert.Equal(
            "04"
            + "38" + "00000020" + zeros + zeros + "e8030000" + "ffff7f20" + "01000000"
            + "01" + zeros + "9600" + "02000000"
            + "30" + "04000020" + zeros + "40420f00" + "f0ff0f1e" + "03000000"
            + "12" + zeros + "3f420f00" + "04000000", // dashd writes a time that goes back whole
            Hex.Encode(writer.WrittenSpan));
        var reader = new SpanReader(writer.WrittenSpan);
        Assert.Equal([first, second, third, fourth], CompressedHeaders.Read(ref reader, 4));
    }

    [Fact]
    public void The_eighth_version_pushes_the_oldest_out()
    {
        var headers = new List<BlockHeader>();
        foreach (var version in (int[])[1, 2, 3, 4, 5, 6, 7, 1, 8, 2, 1])
        {
            headers.Add(new BlockHeader(version, headers.Count == 0 ? default : headers[^1].Hash, default, 5, 6, 7));
        }

        var writer = new ByteWriter();

        CompressedHeaders.Write(writer, headers);

        var reader = new SpanReader(writer.WrittenSpan);
        Assert.Equal(headers, CompressedHeaders.Read(ref reader, 100));

        // 1 stands seventh and is named; 2 fell off when 8 came and is sent again.
        const int Head = 1 + 81;
        const int WithVersion = 1 + 4 + 32 + 2 + 4;
        Assert.Equal(7, writer.WrittenSpan[Head + (6 * WithVersion)] & 7);
        Assert.Equal(0, writer.WrittenSpan[Head + (7 * WithVersion) - 4 + WithVersion] & 7);
    }

    [Theory]
    [InlineData("0100")] // the first without anything
    [InlineData("0139")] // a version that was not sent
    [InlineData("02")]
    public void What_cannot_be_is_refused(string hex)
    {
        byte[] bytes = [.. Hex.Decode(hex), .. new byte[80]];
        Assert.Throws<EncodingException>(() =>
        {
            var reader = new SpanReader(bytes);
            CompressedHeaders.Read(ref reader, 8000);
        });
    }

    [Fact]
    public void More_than_asked_for_are_refused()
    {
        var header = new BlockHeader(1, default, default, 1, 1, 1);
        var writer = new ByteWriter();
        CompressedHeaders.Write(writer, [header, header with { Previous = header.Hash }]);
        Assert.Throws<EncodingException>(() =>
        {
            var reader = new SpanReader(writer.WrittenSpan);
            CompressedHeaders.Read(ref reader, 1);
        });
    }
}
