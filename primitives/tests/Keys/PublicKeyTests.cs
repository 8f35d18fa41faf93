using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;

namespace Dash.Primitives.Tests.Keys;

public sealed class PublicKeyTests
{
    private const string X = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
    private const string Y = "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8";

    private static readonly Uint256 Message = Hashes.Sha256d("a message"u8);

    [Theory]
    [InlineData("02" + X, true)]
    [InlineData("03" + X, true)]
    [InlineData("04" + X + Y, true)]
    [InlineData("06" + X + Y, true)]
    [InlineData("07" + X + Y, false)] // hybrid with the wrong parity
    [InlineData("04" + Y + X, false)]
    [InlineData("04" + X, false)]
    [InlineData("02" + X + Y, false)]
    [InlineData("05" + X, false)]
    [InlineData("02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", false)]
    [InlineData("", false)]
    public void Reads_points_of_the_curve_only(string hex, bool valid)
    {
        Assert.Equal(valid, PublicKey.TryParse(Convert.FromHexString(hex), out var key));
        if (key is not null)
        {
            Assert.Equal(hex, key.ToString());
            Assert.Equal(hex.Length == 66, key.IsCompressed);
            Assert.Equal(hex, Convert.ToHexStringLower(key.ToArray()));
            Assert.Equal(Hashes.Hash160(key.Bytes), key.Id);
        }
    }

    [Fact]
    public void Equal_bytes_are_equal_keys()
    {
        Assert.True(PublicKey.TryParse(Convert.FromHexString("02" + X), out var one));
        Assert.True(PublicKey.TryParse(Convert.FromHexString("02" + X), out var same));
        Assert.True(PublicKey.TryParse(Convert.FromHexString("03" + X), out var other));
        Assert.True(one == same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.True(one != other);
        Assert.Equal("04" + X + Y, one.ToUncompressed().ToString());
    }

    [Fact]
    public void Verifies_what_the_old_network_accepted()
    {
        using var key = PrivateKey.FromBytes(Convert.FromHexString(X));
        var der = key.Sign(Message);
        var r = der.AsSpan(4, der[3]).ToArray();
        var s = der.AsSpan(6 + der[3]).ToArray();
        Assert.True(key.PublicKey.Verify(Message, Der(r, s)));
        Assert.True(key.PublicKey.Verify(Message, Der([0, 0, 0, .. r], [0, .. s])), "padded numbers");
        Assert.True(key.PublicKey.Verify(Message, [.. Der(r, s), 1, 2, 3]), "junk behind");
        Assert.True(key.PublicKey.Verify(Message, [0x30, 0x00, .. Der(r, s).AsSpan(2)]), "wrong outer length");
        Assert.True(key.PublicKey.Verify(Message, [0x30, 0x82, 0x00, 0x44, .. Der(r, s).AsSpan(2)]), "long outer length");
        Assert.True(
            key.PublicKey.Verify(Message, [0x30, 0x46, 0x02, 0x83, 0, 0, (byte)r.Length, .. r, 0x02, (byte)s.Length, .. s]),
            "long inner length");

        Assert.False(key.PublicKey.Verify(Message, []));
        Assert.False(key.PublicKey.Verify(Message, [0x30]));
        Assert.False(key.PublicKey.Verify(Message, Der(r, s).AsSpan(0, 40)));
        Assert.False(key.PublicKey.Verify(Message, Der([1, .. new byte[32]], s)), "r over 32 bytes");
        Assert.False(key.PublicKey.Verify(Message, Der([0], [0])));
        Assert.False(key.PublicKey.Verify(Message, Der(s, r)));
    }

    [Fact]
    public void Accepts_a_high_s_but_tells_it()
    {
        using var key = PrivateKey.FromBytes(Convert.FromHexString(X));
        var der = key.Sign(Message);
        var order = System.Numerics.BigInteger.Parse(
            "0fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
            System.Globalization.NumberStyles.HexNumber,
            System.Globalization.CultureInfo.InvariantCulture);
        var s = new System.Numerics.BigInteger(der.AsSpan(6 + der[3]), isUnsigned: true, isBigEndian: true);
        var twin = Der(der.AsSpan(4, der[3]).ToArray(), (order - s).ToByteArray(isUnsigned: false, isBigEndian: true));
        Assert.True(key.PublicKey.Verify(Message, twin));
        Assert.True(PublicKey.IsLowS(der));
        Assert.False(PublicKey.IsLowS(twin));
    }

    private static byte[] Der(byte[] r, byte[] s) =>
        [0x30, (byte)(4 + r.Length + s.Length), 0x02, (byte)r.Length, .. r, 0x02, (byte)s.Length, .. s];
}
