using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;

namespace Dash.Primitives.Tests.Keys;

public sealed class PrivateKeyTests
{
    private const byte MainnetPrefix = 204;
    private const string FirstSecret = "7qh6LYnLN2w2ntz2wwUhRUEgkQ2j8XB16FGw77ZRDZmC29bn7cD";
    private const string FirstCompressed = "XBuxZHH6TqXUuaSjbVTFR1DQSYecxCB9QA1Koyx5tTc3ddhqEnhm";
    private const string SecondSecret = "7rve4MxeWFQHGbSYH6J2yaaZd3MBUqoDEwN6ZAZ6ZHmhTT4r3hW";
    private const string SecondCompressed = "XHMkZqWcY6Zkoq1j42NBijD8z5N5FtNy2Wx7WyAfXX2HZgxry8cr";

    private const string FirstR = "5dbbddda71772d95ce91cd2d14b592cfbc1dd0aabd6a394b6c2d377bbe59d31d";
    private const string FirstS = "14ddda21494a4e221f0824f0b8b924c43fa43c0ad57dccdaa11f81a6bd4582f6";
    private const string SecondR = "52d8a32079c11e79db95af63bb9600c5b04f21a9ca33dc129c2bfa8ac9dc1cd5";
    private const string SecondS = "61d8ae5e0f6c1a16bde3719c64c2fd70e404b6428ab9a69566962e8771b5944d";

    private static readonly Uint256 Message = Hashes.Sha256d("Very deterministic message"u8);

    [Theory]
    [InlineData(FirstSecret, "30440220" + FirstR + "0220" + FirstS)]
    [InlineData(FirstCompressed, "30440220" + FirstR + "0220" + FirstS)]
    [InlineData(SecondSecret, "30440220" + SecondR + "0220" + SecondS)]
    [InlineData(SecondCompressed, "30440220" + SecondR + "0220" + SecondS)]
    public void Signs_as_Core_does(string wif, string expected)
    {
        using var key = Decode(wif);
        Assert.Equal(expected, Convert.ToHexStringLower(key.Sign(Message)));
    }

    [Theory]
    [InlineData(FirstSecret, "1c" + FirstR + FirstS)]
    [InlineData(FirstCompressed, "20" + FirstR + FirstS)]
    [InlineData(SecondSecret, "1c" + SecondR + SecondS)]
    [InlineData(SecondCompressed, "20" + SecondR + SecondS)]
    public void Signs_recoverably_as_Core_does(string wif, string expected)
    {
        using var key = Decode(wif);
        var signature = key.SignCompact(Message);
        Assert.Equal(expected, Convert.ToHexStringLower(signature));
        Assert.True(PublicKey.TryRecover(Message, signature, out var recovered));
        Assert.Equal(key.PublicKey, recovered);
        Assert.True(!PublicKey.TryRecover(Hashes.Sha256d("another"u8), signature, out var other) || other != recovered);
        Assert.False(PublicKey.TryRecover(Message, signature.AsSpan(1), out _));
    }

    [Fact]
    public void Every_signature_has_a_small_r_and_verifies_for_its_key_only()
    {
        using var key = Decode(FirstCompressed);
        using var other = Decode(SecondCompressed);
        for (byte n = 0; n < 64; n++)
        {
            var hash = Hashes.Sha256d([n]);
            var signature = key.Sign(hash);
            Assert.InRange(signature.Length, 60, 70);
            Assert.True(signature[4] < 0x80);
            Assert.True(PublicKey.IsLowS(signature));
            Assert.True(key.PublicKey.Verify(hash, signature));
            Assert.True(key.PublicKey.ToUncompressed().Verify(hash, signature));
            Assert.False(other.PublicKey.Verify(hash, signature));
            Assert.False(key.PublicKey.Verify(Message, signature));
        }
    }

    [Fact]
    public void Der_is_what_wallet_files_keep()
    {
        var secret = new byte[32];
        secret[31] = 1;
        using var key = PrivateKey.FromBytes(secret);
        var der = key.ToDer();
        Assert.Equal(214, der.Length);
        Assert.Equal("c03320314552e7f9a27125c951ed2b6aae1dcda5d39721c270e8a776731e69b7", Convert.ToHexStringLower(Hashes.Sha256(der).ToArray()));

        using var uncompressed = PrivateKey.FromBytes(secret, compressed: false);
        var longer = uncompressed.ToDer();
        Assert.Equal(279, longer.Length);
        Assert.Equal("2a0d25df535fe76f85542ca72ef877020836ad228d84e567715e763e544ba19c", Convert.ToHexStringLower(Hashes.Sha256(longer).ToArray()));

        Assert.True(PrivateKey.TryFromDer(der, compressed: true, out var read));
        Assert.Equal(key.PublicKey, read.PublicKey);
        Assert.True(PrivateKey.TryFromDer(longer, compressed: false, out read));
        Assert.Equal(uncompressed.PublicKey, read.PublicKey);
        for (var length = 0; length < der.Length; length++)
        {
            Assert.False(PrivateKey.TryFromDer(der.AsSpan(0, length), compressed: true, out _), $"{length} bytes");
        }
    }

    [Fact]
    public void Zero_and_the_order_are_no_keys()
    {
        Assert.False(PrivateKey.TryFromBytes(new byte[32], compressed: true, out _));
        var order = Convert.FromHexString("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
        Assert.False(PrivateKey.TryFromBytes(order, compressed: true, out _));
        order[31]--;
        Assert.True(PrivateKey.TryFromBytes(order, compressed: true, out _));
        Assert.False(PrivateKey.TryFromBytes(new byte[31], compressed: true, out _));
        Assert.Throws<ArgumentException>(() => PrivateKey.FromBytes(new byte[32]));
    }

    [Fact]
    public void A_disposed_key_is_gone()
    {
        var key = PrivateKey.Generate();
        Assert.Equal("***", key.ToString());
        using var copy = key.Clone();
        var publicKey = key.PublicKey;
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Sign(Message));
        Assert.Throws<ObjectDisposedException>(() => key.CopyTo(new byte[32]));
        Assert.True(publicKey.Verify(Message, copy.Sign(Message)));
    }

    [Theory]
    [InlineData(FirstSecret, false)]
    [InlineData(FirstCompressed, true)]
    public void Wif_goes_both_ways(string wif, bool compressed)
    {
        using var key = Decode(wif);
        Assert.Equal(compressed, key.IsCompressed);
        Assert.Equal(wif, Wif.Encode(key, MainnetPrefix));
        Assert.False(Wif.TryDecode(wif, 239, out _));
        Assert.False(Wif.TryDecode(wif[..^1] + "x", MainnetPrefix, out _));
        Assert.False(Wif.TryDecode("Xta1praZQjyELweyMByXyiREw1ZRsjXzVP", MainnetPrefix, out _));
    }

    private static PrivateKey Decode(string wif)
    {
        Assert.True(Wif.TryDecode(wif, MainnetPrefix, out var key));
        return key;
    }
}
