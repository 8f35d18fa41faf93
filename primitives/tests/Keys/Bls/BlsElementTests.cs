using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Keys.Bls;

namespace Dash.Primitives.Tests.Keys.Bls;

public sealed class BlsElementTests
{
    // The generators of both groups in the form of the IETF draft.
    private const string FirstGenerator =
        "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb";

    private const string SecondGenerator =
        "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
        + "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8";

    [Fact]
    public void A_public_key_is_the_same_point_in_both_schemes()
    {
        var bytes = Hex.Decode(FirstGenerator);

        Assert.True(BlsPublicKey.TryParse(bytes, BlsScheme.Basic, out var key));

        Assert.True(key.IsOnCurve);
        Assert.Equal(bytes, key.ToBytes(BlsScheme.Basic));
        var legacy = key.ToBytes(BlsScheme.Legacy);
        Assert.Equal("17" + FirstGenerator[2..], Hex.Encode(legacy));
        Assert.True(BlsPublicKey.TryParse(legacy, BlsScheme.Legacy, out var again));
        Assert.Equal(key, again);
        Assert.False(BlsPublicKey.TryParse(legacy, BlsScheme.Basic, out _));
        Assert.False(BlsPublicKey.TryParse(bytes, BlsScheme.Legacy, out var asLegacy) && asLegacy.Equals(key));
    }

    [Fact]
    public void A_key_of_dashd_has_the_forms_dashd_gives_it()
    {
        // The public key of the secret 11…11, as "bls fromsecret" replies.
        const string Rest = "248533cef0908a5ebe52c3b487471301bf6369010e6167f63dd74feddac2dfb5336a59a331d38eb0e454d6f6fcb1a4";
        Assert.True(BlsPublicKey.TryParse(Hex.Decode("17" + Rest), BlsScheme.Legacy, out var legacy));
        Assert.True(BlsPublicKey.TryParse(Hex.Decode("97" + Rest), BlsScheme.Basic, out var basic));

        Assert.Equal(legacy, basic);
        Assert.True(basic.IsOnCurve);
    }

    [Fact]
    public void A_signature_has_its_halves_the_other_way_round_in_the_legacy_scheme()
    {
        var bytes = Hex.Decode(SecondGenerator);

        Assert.True(BlsSignature.TryParse(bytes, BlsScheme.Basic, out var signature));

        Assert.True(signature.IsOnCurve);
        Assert.Equal(bytes, signature.ToBytes(BlsScheme.Basic));
        Assert.Equal(
            SecondGenerator[96..] + "13" + SecondGenerator[2..96], Hex.Encode(signature.ToBytes(BlsScheme.Legacy)));
        Assert.True(BlsSignature.TryParse(signature.ToBytes(BlsScheme.Legacy), BlsScheme.Legacy, out var again));
        Assert.Equal(signature, again);
    }

    [Theory]
    [InlineData(BlsScheme.Legacy)]
    [InlineData(BlsScheme.Basic)]
    public void The_sign_survives_a_change_of_scheme(BlsScheme scheme)
    {
        Assert.True(BlsPublicKey.TryParse(Hex.Decode(FirstGenerator), BlsScheme.Basic, out var key));
        var bytes = key.ToBytes(scheme);
        bytes[0] ^= scheme == BlsScheme.Legacy ? (byte)0x80 : (byte)0x20;

        Assert.True(BlsPublicKey.TryParse(bytes, scheme, out var negative));

        Assert.NotEqual(key, negative);
        Assert.Equal(bytes, negative.ToBytes(scheme));
        var other = scheme == BlsScheme.Legacy ? BlsScheme.Basic : BlsScheme.Legacy;
        Assert.True(BlsPublicKey.TryParse(negative.ToBytes(other), other, out var again));
        Assert.Equal(negative, again);
    }

    [Fact]
    public void Zeros_infinity_and_numbers_that_are_too_big_are_no_points()
    {
        foreach (var scheme in new[] { BlsScheme.Legacy, BlsScheme.Basic })
        {
            Assert.False(BlsPublicKey.TryParse(new byte[48], scheme, out _));
            Assert.False(BlsPublicKey.TryParse([0xc0, .. new byte[47]], scheme, out _));
            Assert.False(BlsPublicKey.TryParse([0x9f, .. Enumerable.Repeat((byte)0xff, 47)], scheme, out _));
            Assert.False(BlsSignature.TryParse(new byte[96], scheme, out _));
            Assert.False(BlsSignature.TryParse([0xc0, .. new byte[95]], scheme, out _));
            Assert.False(BlsSignature.TryParse(new byte[95], scheme, out _));
        }
    }

    [Fact]
    public void About_half_of_all_numbers_are_points()
    {
        var onFirst = 0;
        var onSecond = 0;
        for (byte i = 1; i <= 60; i++)
        {
            Assert.True(BlsPublicKey.TryParse([0x80, .. new byte[46], i], BlsScheme.Basic, out var key));
            Assert.True(BlsSignature.TryParse([0x80, .. new byte[94], i], BlsScheme.Basic, out var signature));
            onFirst += key.IsOnCurve ? 1 : 0;
            onSecond += signature.IsOnCurve ? 1 : 0;
        }

        // How many of them are, by exponentiation as a second opinion.
        Assert.Equal(CountByExponentiation(), onFirst);
        Assert.InRange(onFirst, 15, 45);
        Assert.InRange(onSecond, 15, 45);
    }

    private static int CountByExponentiation()
    {
        var prime = System.Numerics.BigInteger.Parse(
            "01a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab",
            System.Globalization.NumberStyles.HexNumber,
            System.Globalization.CultureInfo.InvariantCulture);
        return Enumerable.Range(1, 60).Count(x =>
            System.Numerics.BigInteger.ModPow((x * x * x) + 4, (prime - 1) / 2, prime).IsOne);
    }

    [Fact]
    public void The_basic_scheme_asks_for_the_group_of_prime_order_and_the_legacy_one_does_not()
    {
        Assert.True(BlsPublicKey.TryParse(Hex.Decode(FirstGenerator), BlsScheme.Basic, out var good));
        Assert.True(good.IsValid(BlsScheme.Basic));
        Assert.True(BlsSignature.TryParse(Hex.Decode(SecondGenerator), BlsScheme.Basic, out var signature));
        Assert.True(signature.IsValid(BlsScheme.Basic));

        // A signature of dashd's library: a secret made of 32 fives, the message 010203.
        Assert.True(BlsSignature.TryParse(
            Hex.Decode("8576f387e7ffb1e5b4db515ee2afdbdc9b30b6a7b2b5b723a36d0ce0e418cd7dfe8854f52d3aa816b2bcd59b228d050e"
                + "0b3327490e26bcc74dc2f4c5a02a11fe1cfe7c9b1214bd3ee9ee83f7a8b90a82615d5faf6e5152de2d4ab1691785a9ca"),
            BlsScheme.Basic,
            out var real));
        Assert.True(real.IsValid(BlsScheme.Basic));

        // Of small x some are on the curves, and none of those is in the group, which is one part in many.
        var points = 0;
        for (byte i = 1; i <= 30; i++)
        {
            Assert.True(BlsPublicKey.TryParse([0x80, .. new byte[46], i], BlsScheme.Basic, out var key));
            Assert.True(BlsSignature.TryParse([0x80, .. new byte[94], i], BlsScheme.Basic, out var sign));
            points += (key.IsOnCurve ? 1 : 0) + (sign.IsOnCurve ? 1 : 0);
            Assert.False(key.IsValid(BlsScheme.Basic));
            Assert.False(sign.IsValid(BlsScheme.Basic));
            Assert.True(key.IsValid(BlsScheme.Legacy));

            // dashd's library takes every x, and finds a wrong one only where it can't write the sign of y again.
            Assert.True(BlsSignature.TryParse([.. new byte[95], i], BlsScheme.Legacy, out var plain));
            Assert.True(plain.IsValid(BlsScheme.Legacy));
            Assert.True(BlsSignature.TryParse([0x80, .. new byte[94], i], BlsScheme.Legacy, out var signed));
            Assert.Equal(signed.IsOnCurve, signed.IsValid(BlsScheme.Legacy));
        }

        Assert.InRange(points, 10, 50);
    }

    [Fact]
    public void A_commitment_keeps_no_signature_of_the_other_scheme_and_is_refused_with_one_of_none()
    {
        var signature = Hex.Decode(SecondGenerator);
        Assert.True(BlsSignature.TryParse(signature, BlsScheme.Basic, out var point));
        var good = new ChainLock { Height = 1, BlockHash = default, Signature = signature };
        Assert.True(ChainLock.TryParse(good.ToBytes(), out var read));
        Assert.Equal(signature, read.Signature.ToArray());

        var legacy = good with { Signature = point.ToBytes(BlsScheme.Legacy) };
        Assert.True(ChainLock.TryParse(legacy.ToBytes(), out read));
        Assert.False(read.Signature.Span.ContainsAnyExcept((byte)0));

        // On the curve of neither.
        var outside = good with { Signature = new byte[] { 0xa0 }.Concat(new byte[94]).Append((byte)1).ToArray() };
        Assert.False(ChainLock.TryParse(outside.ToBytes(), out _));
    }

    [Fact]
    public void A_secret_key_is_below_the_order()
    {
        Assert.False(BlsSecretKey.TryFromBytes(new byte[32], out _));
        Assert.False(BlsSecretKey.TryFromBytes(
            Hex.Decode("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001"), out _));
        var largest = Hex.Decode("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000000");
        Assert.True(BlsSecretKey.TryFromBytes(largest, out var key));
        var copy = new byte[32];
        key.CopyTo(copy);
        Assert.Equal(largest, copy);
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.CopyTo(copy));
        Assert.Equal("***", key.ToString());
    }
}
