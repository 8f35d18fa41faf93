using Dash.Primitives.Hashing;

namespace Dash.Primitives.Tests.Hashing;

public class ChaCha20Tests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(static i => (byte)i)];

    // RFC 8439, 2.3.2: the block of counter 1.
    [Fact]
    public void The_block_of_the_standard_is_the_second_of_its_stream()
    {
        using ChaCha20 stream = new(Key, Convert.FromHexString("000000090000004a00000000"));
        var bytes = new byte[128];
        stream.Crypt(bytes);

        Assert.Equal(
            "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e"
            + "d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e",
            Convert.ToHexStringLower(bytes.AsSpan(64)));
    }

    [Fact]
    public void A_stream_taken_in_pieces_is_the_stream_taken_at_once()
    {
        var nonce = new byte[12];
        var whole = new byte[320];
        ChaCha20.Fill(Key, whole);

        using ChaCha20 stream = new(Key, nonce);
        var pieces = new byte[whole.Length];
        for (int from = 0, length = 1; from < pieces.Length; from += length, length += 13)
        {
            stream.Crypt(pieces.AsSpan(from, Math.Min(length, pieces.Length - from)));
        }

        Assert.Equal(whole, pieces);
    }

    [Fact]
    public void Crypting_twice_gives_the_text_back()
    {
        var nonce = Convert.FromHexString("000000000000004a00000000");
        byte[] text = [.. "Ladies and Gentlemen of the class of '99"u8];
        byte[] data = [.. text];
        foreach (var isSecret in new[] { true, false })
        {
            using ChaCha20 stream = new(Key, nonce);
            stream.Crypt(data);
            Assert.Equal(!isSecret, data.SequenceEqual(text));
        }
    }
}
