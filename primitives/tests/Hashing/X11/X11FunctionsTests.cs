using Dash.Primitives.Hashing;
using Dash.Primitives.Hashing.X11;

namespace Dash.Primitives.Tests.Hashing.X11;

public sealed class X11FunctionsTests
{
    private delegate void HashFunction(ReadOnlySpan<byte> data, Span<byte> digest);

    [Theory] // the digest of 64 bytes, and the SHA-256 of all digests of 0 to 300 bytes behind each other
    [InlineData("Blake512",
        "e42ba01f9141d125901e88424708c704ff115fa33068a3e9ee50144bbd1e14ac" +
        "71ff84df8f884b711048453858766046be8d653f24a63952a862aff4e483d3e1",
        "92252152e7278a7bb8bc2fbe7d99c8d12cbfe6d8abd64c807af585c6f406951e")]
    [InlineData("Bmw512",
        "e09b24b316ebd3e00a1b658bea0903ff39757aec57be14c2357d55008706ed00" +
        "dab30932b0e9847f9992fba189defcbe92f354fbd978f52fcf3d8edf9846f036",
        "52befcda7372e26a1145e4c2555cde1ae3ab96f5abf4e3dd1b4513dc0e2ad6ff")]
    [InlineData("Groestl512",
        "d9db48221b13df5e3ed76e905b0d138abed3cc26c80cdc1ce5ee2264eca95f7c" +
        "e97a4b51e6d621105cbe74199693b0e1c2b83f16f0eaaa755cb82990643622cf",
        "49045b1de979f4ce5d0483a818cc3d57ca0c53902ea32076d37e7a7c7e2f4ebc")]
    [InlineData("Skein512",
        "d558d71c2528abe5b159261854347c14fdfe4c2166fb268ccc4ae746db7cf977" +
        "e6652838a15f824d6f9762e278c87253b57869282f72dd8bb963ab15127f5f38",
        "8862ff1efd86ea704686f56fa7e67943767bd9b9578a606e53b8ff056695ff83")]
    [InlineData("Jh512",
        "324b86a8d0d26b4d8d0b927561ee7f01e69644a75c21b1f9eaa062120f6be342" +
        "878bb942e4284fe847350085b6edd7e1f8ef898dd32683d288f36c7ba6d6b75c",
        "a20864b23c4e61986a79ac4f77e56f2005a5a9fa4c57d17f7f7aedd74937ea26")]
    [InlineData("Keccak512",
        "6ca5932d429e4bc0909ec83102b759176d802b63eb1ed614229652aa00e18fa0" +
        "1c09ff36d5abc02fc29f0d769cefa788e66bbb017aff11cf97395b5d5d03b0da",
        "92b7b138d2fc7d25696e0a10ff02798421db23ddd0ac7f6bb457333f4c9d1998")]
    [InlineData("Luffa512",
        "1832f1b41bdd5dad6787acc1dfbc5fe5f423c4cb09382c565e72117c49ea41f0" +
        "4cdc8310f934f8833c3a1bd5b91dc3264d1f8f41223c128db925fbc7767c04d1",
        "0b38138efe3d31bd9005daed8ea4389086a3604a113d49fedf47843eac4a55ee")]
    [InlineData("CubeHash512",
        "0707a32bb2f924c7b69b0dd4fc17b93965b3bf4cf631e5fa2e871afe46f0ce7b" +
        "5fb8eb09ba85ab1be9650aee9422be1e89c57ddd602b5832163b6904fade5414",
        "690b18b78aa31d0811dffe4e790de11246e82257a1f160198485babd01609859")]
    [InlineData("Shavite512",
        "8b54fdabbe7f6ae4c486bbc1657a917dcb5208db87d1a80c445d944aa64b3e8b" +
        "64d9812722d337ba72ce956002cab76bbe3a56f0d765b93e7cd193df8fac8957",
        "318fcba34e68c1df1e17e64ad2542979ed7ac353efbcc6180aa9da4b1e3a1b0f")]
    [InlineData("Simd512",
        "5ab7185803e036ed95132387a3e877a8ee1c0df7f9fb9b634abc8c33404e6a75" +
        "7149f3ea3973fed1e0510327c3f5aea4896970cbfe06cd2dfecf14c5d7cf227f",
        "94166ac448aa28c58aa9795638236ad2c6df7f474a253fbc4d07766e905fb665")]
    [InlineData("Echo512",
        "b9725c1b901f0034c78538a577b0f36e1c34421a1df4df3bb031d539dd7b013e" +
        "39c272c5cef603b76bd4f476c32a1e5ff941363ee4edf95ed404831c65ccd0d9",
        "f0ccae9cd4f1bfff3004be3ba83851383465d7f29d6bc96db4043217a5dc0b4f")]
    public void Gives_the_digests_of_the_reference_implementation(string name, string of64Bytes, string ofAllLengths)
    {
        var hash = Function(name);
        var digest = new byte[64];
        hash(Message(64), digest);
        Assert.Equal(of64Bytes, Convert.ToHexStringLower(digest));

        var all = new byte[301 * 64];
        for (var length = 0; length <= 300; length++)
        {
            hash(Message(length), all.AsSpan(64 * length, 64));
        }

        Assert.Equal(ofAllLengths, Convert.ToHexStringLower(Hashes.Sha256(all).ToArray()));

        // The digest may be written over the message.
        var shared = Message(64);
        hash(shared, shared);
        Assert.Equal(digest, shared);
    }

    private static byte[] Message(int length)
    {
        var message = new byte[length];
        for (var i = 0; i < length; i++)
        {
            message[i] = (byte)((7 * i) + length);
        }

        return message;
    }

    private static HashFunction Function(string name) => name switch
    {
        "Blake512" => Blake512.Hash,
        "Bmw512" => Bmw512.Hash,
        "Groestl512" => Groestl512.Hash,
        "Skein512" => Skein512.Hash,
        "Jh512" => Jh512.Hash,
        "Keccak512" => Keccak512.Hash,
        "Luffa512" => Luffa512.Hash,
        "CubeHash512" => CubeHash512.Hash,
        "Shavite512" => Shavite512.Hash,
        "Simd512" => Simd512.Hash,
        "Echo512" => Echo512.Hash,
        _ => throw new ArgumentException(name),
    };
}
