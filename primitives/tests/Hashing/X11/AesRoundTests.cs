using System.Runtime.Intrinsics;
using Dash.Primitives.Hashing.X11;

namespace Dash.Primitives.Tests.Hashing.X11;

public sealed class AesRoundTests
{
    [Fact]
    public void Agrees_with_fips_197()
    {
        // FIPS 197, appendix B: the first round's start, its state after ShiftRows, its key and its result.
        var start = Bytes("193de3bea0f4e22b9ac68d2ae9f84808");
        var shifted = Bytes("d4bf5d30e0b452aeb84111f11e2798e5");
        var key = Bytes("a0fafe1788542cb123a339392a6c7605");
        var result = Bytes("a49c7ff2689f352b6b5bea43026a5049");
        Assert.Equal(shifted, AesRound.PortableLast(start));
        Assert.Equal(shifted, AesRound.Last(start));
        Assert.Equal(result, AesRound.PortableFull(start, key));
        Assert.Equal(result, AesRound.Full(start, key));
    }

    [Fact]
    public void The_portable_round_is_the_processors()
    {
        var random = new Random(197);
        var bytes = new byte[32];
        for (var i = 0; i < 1000; i++)
        {
            random.NextBytes(bytes);
            var state = Vector128.Create(bytes, 0);
            var key = Vector128.Create(bytes, 16);
            Assert.Equal(AesRound.Full(state, key), AesRound.PortableFull(state, key));
            Assert.Equal(AesRound.Last(state), AesRound.PortableLast(state));
        }
    }

    private static Vector128<byte> Bytes(string hex) => Vector128.Create(Convert.FromHexString(hex));
}
