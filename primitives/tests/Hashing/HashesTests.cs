using Dash.Primitives.Hashing;

namespace Dash.Primitives.Tests.Hashing;

public sealed class HashesTests
{
    [Theory]
    [InlineData("", "9c1185a5c5e9fc54612808977ee8f548b2258d31")]
    [InlineData("a", "0bdc9d2d256b3ee9daae347be6f4dc835a467ffe")]
    [InlineData("abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc")]
    [InlineData("message digest", "5d0689ef49d2fae572b881b123a85ffa21595f36")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "12a053384a9c0c88e405a06c27dcf49ada62eb2b")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "b0e20b6e3116640286ed3a87a5713079b21f5189")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901234567890", "9b752e45573d4b39f4dbd3323cab82bf63326bfb")]
    public void Ripemd160_gives_the_published_digests(string text, string expected)
    {
        var digest = new byte[20];
        Hashes.Ripemd160(System.Text.Encoding.ASCII.GetBytes(text), digest);
        Assert.Equal(expected, Convert.ToHexStringLower(digest));
    }

    [Fact]
    public void Ripemd160_of_a_million_letters()
    {
        var data = new byte[1_000_000];
        Array.Fill(data, (byte)'a');
        var digest = new byte[20];
        Hashes.Ripemd160(data, digest);
        Assert.Equal("52783243c1697bdbe16d37f97f68f08325dc1528", Convert.ToHexStringLower(digest));
    }

    [Fact]
    public void Sha256d_hashes_twice_and_shows_reversed()
    {
        // The double hash of nothing starts 5df6e0e2 on the wire and therefore ends so on the screen.
        Assert.Equal("56944c5d3f98413ef45cf54545538103cc9f298e0575820ad3591376e2e0f65d", Hashes.Sha256d([]).ToString());
        var bytes = new byte[32];
        Hashes.Sha256d([], bytes);
        Assert.Equal(Hashes.Sha256d([]), new Uint256(bytes));
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Convert.ToHexStringLower(Hashes.Sha256([]).ToArray()));
    }

    [Fact]
    public void Hash160_is_ripemd_of_sha()
    {
        var key = Convert.FromHexString("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
        Assert.Equal("751e76e8199196d454941c45d1b3a323f1433bd6", Hashes.Hash160(key).ToString());
    }

    [Fact]
    public void HmacSha512_follows_rfc_4231()
    {
        var mac = new byte[64];
        Hashes.HmacSha512("Jefe"u8, "what do ya want for nothing?"u8, mac);
        Assert.StartsWith("164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554", Convert.ToHexStringLower(mac), StringComparison.Ordinal);
    }
}
