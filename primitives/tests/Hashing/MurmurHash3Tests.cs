using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;

namespace Dash.Primitives.Tests.Hashing;

public sealed class MurmurHash3Tests
{
    [Theory]
    [InlineData(0x00000000u, 0x00000000u, "")]
    [InlineData(0x6a396f08u, 0xfba4c795u, "")]
    [InlineData(0x81f16f39u, 0xffffffffu, "")]
    [InlineData(0x514e28b7u, 0x00000000u, "00")]
    [InlineData(0xea3f0b17u, 0xfba4c795u, "00")]
    [InlineData(0xfd6cf10du, 0x00000000u, "ff")]
    [InlineData(0x16c6b7abu, 0x00000000u, "0011")]
    [InlineData(0x8eb51c3du, 0x00000000u, "001122")]
    [InlineData(0xb4471bf8u, 0x00000000u, "00112233")]
    [InlineData(0xe2301fa8u, 0x00000000u, "0011223344")]
    public void Gives_the_published_values(uint expected, uint seed, string data) =>
        Assert.Equal(expected, MurmurHash3.Hash(seed, Hex.Decode(data)));
}
