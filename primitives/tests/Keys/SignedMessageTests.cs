using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;

namespace Dash.Primitives.Tests.Keys;

public sealed class SignedMessageTests
{
    private const string Secret = "cP53pDbR5WtAD8dYAW9hhTjuvvTVaEiQBdrz9XPrgLBeRFiyCbQr";

    // What dashd 23.1.2 replies to signmessagewithprivkey.
    [Theory]
    [InlineData("A message of Dash", "IJZPMDuVl/UN/f3hprI0L+FibDkXeTBxtFmASygdffBCbWXbDop4Y1Sc+QI8p0MLIEzVdAIITzBz1+pKLWijOdg=")]
    [InlineData("größe", "IDp2GzfXNFeMXof25btDLhFgE5ZLHBPfAkZNYwZSPEbgCc09TtbkbHKBHsNAY+JBiAtC0zNxseh3cGGh0p7X9nQ=")]
    [InlineData("", "H4AW0w5xksthQVdnGR3kEB4WUJjaLSRxhQGwyHJW5HN5GSbmTVjKpfvrTGf5OIjA0rso7AoXGylrH05nrYJYVyk=")]
    public void Signatures_are_those_of_dashd(string message, string expected)
    {
        Assert.True(Wif.TryDecode(Secret, ChainParams.Regtest.Prefixes.Wif, out var key));

        Assert.Equal(expected, SignedMessage.Sign(key, message));
        Assert.Equal(SignedMessageVerdict.Ok, SignedMessage.Verify(key.PublicKey.Id, expected, message));
    }

    [Fact]
    public void Each_failure_has_its_verdict()
    {
        using var key = PrivateKey.FromBytes([.. new byte[31], 5]);
        var signature = SignedMessage.Sign(key, "a");

        Assert.Equal(SignedMessageVerdict.NotSigned, SignedMessage.Verify(key.PublicKey.Id, signature, "b"));
        Assert.Equal(SignedMessageVerdict.NotSigned, SignedMessage.Verify(Hash160.Zero, signature, "a"));
        Assert.Equal(SignedMessageVerdict.MalformedSignature, SignedMessage.Verify(key.PublicKey.Id, signature + "=", "a"));
        Assert.Equal(SignedMessageVerdict.MalformedSignature, SignedMessage.Verify(key.PublicKey.Id, " " + signature, "a"));
        Assert.Equal(SignedMessageVerdict.PublicKeyNotRecovered, SignedMessage.Verify(key.PublicKey.Id, "AAAA", "a"));
        Assert.Equal(
            SignedMessageVerdict.PublicKeyNotRecovered,
            SignedMessage.Verify(key.PublicKey.Id, Convert.ToBase64String(new byte[65]), "a"));
    }

    [Fact]
    public void A_key_that_is_not_compressed_is_recovered_as_such()
    {
        using var key = PrivateKey.FromBytes([.. new byte[31], 5], compressed: false);

        Assert.Equal(
            SignedMessageVerdict.Ok, SignedMessage.Verify(key.PublicKey.Id, SignedMessage.Sign(key, "a"), "a"));
    }
}
