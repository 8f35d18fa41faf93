using Dash.Primitives.Hashing;
using Dash.Primitives.Hashing.X11;

namespace Dash.Primitives.Tests.Hashing.X11;

public sealed class X11HashTests
{
    private const int HeaderSize = 80;

    [Theory]
    [InlineData("mainnet-headers-1886799.bin", "0000000000000008c04991eabb862cdad9af263cde296b908ec7e999854f5948")]
    [InlineData("testnet-headers-942249.bin", "000000cb0a50e2e5eb5abfa0969788018f240157ae89b24c8c2e408ee3fe1928")]
    public void The_hash_of_a_header_is_the_name_the_next_one_calls_it_by(string file, string last)
    {
        var headers = SharedVectors.Read(file);
        var count = headers.Length / HeaderSize;
        Assert.Equal(5000, count);

        // Where the processor may not help, it takes a hundred times longer: one in twenty is told.
        var step = IntrinsicsTests.AreOff ? 20 : 1;
        for (var i = count % step; i < count; i += step)
        {
            var hash = X11Hash.Hash(headers.AsSpan(HeaderSize * i, HeaderSize));
            var expected = i + 1 < count
                ? new Uint256(headers.AsSpan((HeaderSize * (i + 1)) + 4, Uint256.Size))
                : Uint256.Parse(last);
            Assert.True(hash == expected, $"header {i} of {file}: {hash} instead of {expected}");
        }
    }

    [Fact]
    public void The_genesis_block_has_its_name()
    {
        // Mainnet: version 1, no previous block, the coinbase's hash, 1390095618, 0x1e0ffff0, 28917698.
        var header = Convert.FromHexString(
            "01000000" + new string('0', 64) + "c762a6567f3cc092f0684bb62b7e00a84890b990f07cc71a6bb58d64b98e02e0" +
            "022ddb52f0ff0f1ec23fb901");
        Assert.Equal(
            "00000ffd590b1485b3caadc19b22e6379c733355108f107a430458cdf3407ab6", X11Hash.Hash(header).ToString());
        var bytes = new byte[32];
        X11Hash.Hash(header, bytes);
        Assert.Equal(X11Hash.Hash(header), new Uint256(bytes));
    }
}
