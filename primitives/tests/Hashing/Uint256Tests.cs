using Dash.Primitives.Hashing;

namespace Dash.Primitives.Tests.Hashing;

public sealed class Uint256Tests
{
    private const string Text = "00000000000000000000000000000000000000000000000000000000000001ff";

    [Fact]
    public void Shows_the_wire_bytes_reversed()
    {
        var value = Uint256.Parse(Text);
        Assert.Equal(0xff, value.ToArray()[0]);
        Assert.Equal(1, value.ToArray()[1]);
        Assert.Equal(Text, value.ToString());
        Assert.Equal(0x1fful, value.LowWord);
        Assert.Equal(value, new Uint256(value.ToArray()));
        Assert.False(value.IsZero);
        Assert.True(Uint256.Zero.IsZero);
    }

    [Fact]
    public void Orders_as_a_little_endian_number()
    {
        for (var bit = 0; bit < 255; bit++)
        {
            var low = new byte[32];
            low.AsSpan(0, bit / 8).Fill(0xff);
            low[bit / 8] = (byte)((1 << (bit % 8)) - 1); // 2^bit - 1
            var high = new byte[32];
            high[bit / 8] = (byte)(1 << (bit % 8)); // 2^bit
            Assert.True(new Uint256(low) < new Uint256(high), $"2^{bit}");
            Assert.True(new Uint256(high) >= new Uint256(high));
            Assert.NotEqual(new Uint256(low), new Uint256(high));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("1ff")]
    [InlineData("0x000000000000000000000000000000000000000000000000000000000001ff")]
    [InlineData("g0000000000000000000000000000000000000000000000000000000000001ff")]
    [InlineData("00000000000000000000000000000000000000000000000000000000000001ff0")]
    public void Refuses_other_text(string text)
    {
        Assert.False(Uint256.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Uint256.Parse(text));
    }

    [Fact]
    public void Refuses_other_lengths()
    {
        Assert.Throws<ArgumentException>(() => new Uint256(new byte[31]));
        Assert.Throws<ArgumentException>(() => new Hash160(new byte[32]));
    }

    [Fact]
    public void Hash160_keeps_byte_order()
    {
        const string Hex = "0102030405060708090a0b0c0d0e0f1011121314";
        var value = Hash160.Parse(Hex);
        Assert.Equal(Hex, value.ToString());
        Assert.Equal(1, value.ToArray()[0]);
        Assert.True(value > Hash160.Parse("0101ffffffffffffffffffffffffffffffffffff"));
        Assert.True(value < Hash160.Parse("0102030405060708090a0b0c0d0e0f1011121315"));
        Assert.False(Hash160.TryParse(Hex.AsSpan(2), out _));
    }
}
