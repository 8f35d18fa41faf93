using Dash.Primitives.Hashing;

namespace Dash.Primitives.Tests.Hashing;

public sealed class SipHashTests
{
    [Theory] // SipHash's reference implementation: bytes 0, 1, 2, ... under the key 00 01 .. 0f
    [InlineData(0, 0x726fdb47dd0e0e31)]
    [InlineData(1, 0x74f839c593dc67fd)]
    [InlineData(2, 0x0d6c8009d9a94f5a)]
    [InlineData(3, 0x85676696d7fb7e2d)]
    [InlineData(4, 0xcf2794e0277187b7)]
    [InlineData(5, 0x18765564cd99a68d)]
    [InlineData(6, 0xcbc9466e58fee3ce)]
    [InlineData(7, 0xab0200f58b01d137)]
    [InlineData(8, 0x93f5f5799a932462)]
    [InlineData(15, 0xa129ca6149be45e5)]
    public void Gives_the_published_values(int length, ulong expected)
    {
        var data = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        Assert.Equal(expected, SipHash.Hash(0x0706050403020100, 0x0f0e0d0c0b0a0908, data));
    }
}
