using System.Globalization;
using System.Numerics;
using Dash.Primitives.Blocks;

namespace Dash.Primitives.Tests.Blocks;

public sealed class CompactTargetTests
{
    [Theory]
    [InlineData(0x00000000u, "0", 0x00000000u)]
    [InlineData(0x01003456u, "0", 0x00000000u)]
    [InlineData(0x01123456u, "12", 0x01120000u)]
    [InlineData(0x02008000u, "80", 0x02008000u)]
    [InlineData(0x05009234u, "92340000", 0x05009234u)]
    [InlineData(0x04123456u, "12345600", 0x04123456u)]
    [InlineData(0x1e0ffff0u, "0ffff0000000000000000000000000000000000000000000000000000000", 0x1e0ffff0u)]
    public void Decodes_and_encodes(uint bits, string hex, uint again)
    {
        Assert.True(CompactTarget.TryDecode(bits, out var target));
        Assert.Equal(BigInteger.Parse("0" + hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture), target);
        Assert.Equal(again, CompactTarget.Encode(target));
    }

    [Theory]
    [InlineData(0x04923456u)]
    [InlineData(0x01fedcbau)]
    [InlineData(0xff123456u)]
    [InlineData(0x23000100u)]
    public void Refuses_negative_and_too_long(uint bits)
    {
        Assert.False(CompactTarget.TryDecode(bits, out _));
        Assert.Equal(BigInteger.Zero, CompactTarget.Work(bits));
    }

    [Fact]
    public void The_easiest_target_is_two_hashes_of_work() =>
        Assert.Equal(2, CompactTarget.Work(0x207fffff));
}
