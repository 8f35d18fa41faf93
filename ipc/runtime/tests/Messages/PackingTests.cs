using System.Buffers;
using Dash.Ipc.Layout;
using Dash.Ipc.Messages;

namespace Dash.Ipc.Tests.Messages;

public sealed class PackingTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("0000000000000000", "0000")]
    [InlineData("00000000000000000000000000000000", "0001")]
    [InlineData("0800000003000200", "510803" + "02")]
    [InlineData("0100000000000000", "0101")]
    [InlineData("0102030405060708", "ff010203040506070800")]
    [InlineData("01020304050607080102030405060708", "ff0102030405060708" + "01" + "0102030405060708")]
    [InlineData("0102030405060708" + "0102030405060008", "ff0102030405060708" + "01" + "0102030405060008")]
    [InlineData("0102030405060708" + "0102030405000008", "ff0102030405060708" + "00" + "9f010203040508")]
    public void Words_pack_as_the_specification_says(string words, string packed)
    {
        ArrayBufferWriter<byte> output = new();
        Packing.Pack(Convert.FromHexString(words), output);
        Assert.Equal(packed, Convert.ToHexStringLower(output.WrittenSpan));
        Assert.Equal(words, Convert.ToHexStringLower(Packing.Unpack(Convert.FromHexString(packed), 1000)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    public void What_arrives_in_pieces_unpacks_the_same(int piece)
    {
        Random random = new(piece);
        for (var round = 0; round < 50; round++)
        {
            var words = new byte[random.Next(600) * 8];
            for (var i = 0; i < words.Length; i++)
            {
                words[i] = random.Next(3) > round % 3 ? (byte)random.Next(1, 256) : (byte)0;
            }

            if (words.Length > 4000)
            {
                words.AsSpan(800, 2400).Clear(); // longer than one run
                random.NextBytes(words.AsSpan(3200));
            }

            ArrayBufferWriter<byte> packed = new();
            Packing.Pack(words, packed);
            ArrayBufferWriter<byte> output = new();
            Unpacker unpacker = new(output, words.Length);
            for (var rest = packed.WrittenSpan; !rest.IsEmpty; rest = rest[Math.Min(piece, rest.Length)..])
            {
                unpacker.Feed(rest[..Math.Min(piece, rest.Length)]);
            }

            Assert.True(unpacker.IsBetweenWords);
            Assert.True(output.WrittenSpan.SequenceEqual(words));
        }
    }

    [Fact]
    public void A_few_bytes_that_stand_for_many_zeros_are_refused_at_the_limit()
    {
        var bomb = Enumerable.Range(0, 10_000).Select(i => (byte)(i % 2 == 0 ? 0 : 255)).ToArray();
        Assert.Throws<IpcFormatException>(() => Packing.Unpack(bomb, 1 << 20));
        Assert.Equal(5000 * 256 * 8, Packing.Unpack(bomb, 5000 * 256 * 8).Length);
    }

    [Theory]
    [InlineData("00")]
    [InlineData("01")]
    [InlineData("ff01020304")]
    [InlineData("ff0102030405060708")]
    [InlineData("ff01020304050607080101")]
    public void A_stream_that_ends_within_a_word_is_refused(string packed) =>
        Assert.Throws<IpcFormatException>(() => Packing.Unpack(Convert.FromHexString(packed), 1000));
}
