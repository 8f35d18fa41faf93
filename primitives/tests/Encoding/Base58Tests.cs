using System.Text.Json;
using Dash.Primitives.Encoding;

namespace Dash.Primitives.Tests.Encoding;

public sealed class Base58Tests
{
    [Fact]
    public void Agrees_with_the_published_pairs_both_ways()
    {
        using var json = JsonDocument.Parse(SharedVectors.Read("base58_encode_decode.json"));
        var count = 0;
        foreach (var row in VectorRows.OfLength(json, "base58_encode_decode.json", 2))
        {
            var bytes = Convert.FromHexString(row[0].GetString()!);
            var text = row[1].GetString()!;
            Assert.Equal(text, Base58.Encode(bytes));
            Assert.True(Base58.TryDecode(text, 256, out var decoded), text);
            Assert.Equal(bytes, decoded);
            count++;
        }

        Assert.True(count >= 10, $"{count} rows");
    }

    [Theory]
    [InlineData("invalid\0", 100)]
    [InlineData("bad0IOl", 100)]
    [InlineData("good\0bad0IOl", 100)]
    [InlineData("a b", 100)]
    [InlineData("111", 2)]
    [InlineData("2g", 0)]
    [InlineData("5Q", 0)]
    public void Refuses_foreign_letters_and_long_results(string text, int maxLength) =>
        Assert.False(Base58.TryDecode(text, maxLength, out _));

    [Fact]
    public void Ignores_white_space_around_the_text()
    {
        Assert.True(Base58.TryDecode(" \t\n\v\f\r skip \r\f\v\n\t ", 3, out var bytes));
        Assert.Equal("971a55", Convert.ToHexStringLower(bytes));
        Assert.False(Base58.TryDecode(" \t\n\v\f\r skip \r\f\v\n\t a", 3, out _));
    }

    [Fact]
    public void Gives_back_any_bytes()
    {
        var random = new Random(58);
        for (var length = 0; length < 200; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            bytes.AsSpan(0, random.Next(Math.Min(4, length + 1))).Clear();
            var text = Base58.Encode(bytes);
            Assert.True(Base58.TryDecode(text, length, out var decoded));
            Assert.Equal(bytes, decoded);
            Assert.True(length == 0 || !Base58.TryDecode(text, length - 1, out _));

            var check = Base58Check.Encode(bytes);
            Assert.True(Base58Check.TryDecode(check, length, out var payload));
            Assert.Equal(bytes, payload);
        }
    }

    [Fact]
    public void Check_notices_one_changed_letter()
    {
        const string Good = "XdAUmwtig27HBG6WfYyHAzP8n6XC9jESEw";
        Assert.True(Base58Check.TryDecode(Good, 21, out var payload));
        Assert.Equal(76, payload[0]);
        Assert.Equal(21, payload.Length);
        Assert.False(Base58Check.TryDecode(Good.Replace('U', 'V'), 21, out _));
        Assert.False(Base58Check.TryDecode(Good, 20, out _));
        Assert.False(Base58Check.TryDecode("", 21, out _));
        Assert.False(Base58Check.TryDecode("3QJ", 21, out _));
    }

    [Fact]
    public void Any_bytes_are_written_as_the_number_that_they_are()
    {
        const string alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
        var random = new Random(58);
        for (var length = 0; length < 400; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes.AsSpan(random.Next(Math.Min(length, 6) + 1)));
            var text = "";
            for (var left = new System.Numerics.BigInteger(bytes, isUnsigned: true, isBigEndian: true); left > 0; left /= 58)
            {
                text = alphabet[(int)(left % 58)] + text;
            }

            text = new string('1', bytes.TakeWhile(static value => value == 0).Count()) + text;
            Assert.Equal(text, Base58.Encode(bytes));
        }
    }
}
