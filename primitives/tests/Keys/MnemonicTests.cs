using System.Text.Json;
using Dash.Primitives.Keys;

namespace Dash.Primitives.Tests.Keys;

public sealed class MnemonicTests
{
    private const string Zeros =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    private static ReadOnlySpan<byte> PrivateVersion => [0x04, 0x88, 0xad, 0xe4];

    [Fact]
    public void Agrees_with_the_published_vectors()
    {
        using var json = JsonDocument.Parse(SharedVectors.Read("bip39_vectors.json"));
        var count = 0;
        foreach (var row in json.RootElement.EnumerateArray())
        {
            var entropy = Convert.FromHexString(row[0].GetString()!);
            var words = row[1].GetString()!;
            Assert.Equal(words, Mnemonic.FromEntropy(entropy));
            Assert.True(Mnemonic.Check(words), words);
            using var seed = Mnemonic.ToSeed(words, "TREZOR");
            Assert.Equal(row[2].GetString(), Convert.ToHexStringLower(seed.Span));
            using var master = ExtendedPrivateKey.FromSeed(seed);
            Assert.Equal(row[3].GetString(), master.Encode(PrivateVersion));
            count++;
        }

        Assert.True(count >= 20, $"{count} rows");
    }

    [Theory]
    [InlineData(128, 12)]
    [InlineData(160, 15)]
    [InlineData(192, 18)]
    [InlineData(224, 21)]
    [InlineData(256, 24)]
    public void Generates_as_many_words_as_the_bits_need(int bits, int words)
    {
        var mnemonic = Mnemonic.Generate(bits);
        Assert.Equal(words, mnemonic.Split(' ').Length);
        Assert.True(Mnemonic.Check(mnemonic), mnemonic);
        Assert.NotEqual(mnemonic, Mnemonic.Generate(bits));
    }

    [Theory]
    [InlineData("")]
    [InlineData("abandon")]
    [InlineData(Zeros + " ")]
    [InlineData(" " + Zeros)]
    [InlineData("abandon  abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about")]
    [InlineData("abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon aboutx")]
    [InlineData("Abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about")]
    [InlineData(Zeros + " " + Zeros + " abandon abandon abandon")]
    [InlineData("abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon")]
    public void Refuses_what_is_no_list_of_words(string text) => Assert.False(Mnemonic.Check(text));

    [Fact]
    public void Compares_only_the_bits_Core_compares()
    {
        // The last word's low four bits are the checksum of twelve words; the right one, "about", has 3 (0011).
        // Of the four bits Core looks at the middle two (mask 0x60): 2, 3, 10 and 11 are accepted.
        string[] last =
        [
            "abandon", "ability", "able", "about", "above", "absent", "absorb", "abstract",
            "absurd", "abuse", "access", "accident", "account", "accuse", "achieve", "acid",
        ];
        var accepted = last.Where(word => Mnemonic.Check(Zeros.Replace("about", word, StringComparison.Ordinal)));
        Assert.Equal(["able", "about", "access", "accident"], accepted);
    }

    [Fact]
    public void A_long_passphrase_counts_up_to_the_salt_of_256_bytes()
    {
        var limit = new string('p', 256 - "mnemonic".Length);
        using var seed = Mnemonic.ToSeed(Zeros, limit);
        using var longer = Mnemonic.ToSeed(Zeros, limit + "more");
        using var shorter = Mnemonic.ToSeed(Zeros, limit[1..]);
        Assert.True(seed.FixedTimeEquals(longer));
        Assert.False(seed.FixedTimeEquals(shorter));
    }

    [Fact]
    public void Other_sizes_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Mnemonic.Generate(100));
        Assert.Throws<ArgumentOutOfRangeException>(() => Mnemonic.Generate(288));
        Assert.Throws<ArgumentException>(() => Mnemonic.FromEntropy(new byte[15]));
    }
}
