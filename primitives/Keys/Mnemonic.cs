using System.Security.Cryptography;
using System.Text;
using Dash.Primitives.Hashing;

namespace Dash.Primitives.Keys;

/// <summary>Twelve to twenty-four English words that stand for a wallet's seed (BIP39).</summary>
public static class Mnemonic
{
    /// <summary>Bytes of a seed.</summary>
    public const int SeedSize = 64;

    private const int WordBits = 11;
    private const int MaxWords = 24;
    private const int MaxEntropy = 32;
    private const int Rounds = 2048;

    // Core cuts the salt (the word "mnemonic" and the passphrase) here.
    private const int MaxSalt = 256;

    /// <summary>Words of fresh randomness.</summary>
    /// <param name="bits">128, 160, 192, 224 or 256.</param>
    public static string Generate(int bits)
    {
        if (bits is < 128 or > 256 || bits % 32 != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(bits), bits, "A mnemonic has 128, 160, 192, 224 or 256 bits.");
        }

        Span<byte> entropy = stackalloc byte[MaxEntropy];
        entropy = entropy[..(bits / 8)];
        RandomNumberGenerator.Fill(entropy);
        var text = FromEntropy(entropy);
        CryptographicOperations.ZeroMemory(entropy);
        return text;
    }

    /// <summary>The words of 16, 20, 24, 28 or 32 bytes.</summary>
    public static string FromEntropy(ReadOnlySpan<byte> entropy)
    {
        if (entropy.Length is < 16 or > MaxEntropy || entropy.Length % 4 != 0)
        {
            throw new ArgumentException("Entropy has 16, 20, 24, 28 or 32 bytes.", nameof(entropy));
        }

        // BIP39: behind the entropy come as many bits of its SHA-256 as it has 32-bit words; a word is 11 bits.
        Span<byte> bits = stackalloc byte[MaxEntropy + 1];
        entropy.CopyTo(bits);
        Span<byte> digest = stackalloc byte[Uint256.Size];
        Hashes.Sha256(entropy, digest);
        bits[entropy.Length] = digest[0];

        var text = new StringBuilder();
        for (var word = 0; word < entropy.Length * 3 / 4; word++)
        {
            var index = 0;
            for (var bit = word * WordBits; bit < (word + 1) * WordBits; bit++)
            {
                index = (index << 1) | ((bits[bit / 8] >> (7 - (bit % 8))) & 1);
            }

            text.Append(word == 0 ? "" : " ").Append(EnglishWords.At(index));
        }

        CryptographicOperations.ZeroMemory(bits);
        return text.ToString();
    }

    /// <summary>
    /// Whether Dash Core accepts the words: 12, 15, 18, 21 or 24 of the list, single spaces between them, and a
    /// checksum of which Core compares only some bits, so every BIP39 mnemonic passes and some others do too.
    /// </summary>
    public static bool Check(string mnemonic)
    {
        ArgumentNullException.ThrowIfNull(mnemonic);
        Span<byte> bits = stackalloc byte[MaxWords * WordBits / 8];
        bits.Clear();
        var words = 0;
        foreach (var range in mnemonic.AsSpan().Split(' '))
        {
            var word = mnemonic.AsSpan(range);
            var index = word.Length <= EnglishWords.MaxLength ? EnglishWords.IndexOf(word) : -1;
            if (words == MaxWords || index < 0)
            {
                return false;
            }

            for (var i = 0; i < WordBits; i++)
            {
                var bit = (words * WordBits) + i;
                bits[bit / 8] |= (byte)(((index >> (WordBits - 1 - i)) & 1) << (7 - (bit % 8)));
            }

            words++;
        }

        if (words < 12 || words % 3 != 0)
        {
            return false;
        }

        var entropySize = words * 4 / 3;
        Span<byte> digest = stackalloc byte[Uint256.Size];
        Hashes.Sha256(bits[..entropySize], digest);

        // Core: CMnemonic::Check means 2 to the power of n but writes 2 xor n.
        var checksumBits = words / 3;
        var mask = (2 ^ checksumBits) << (8 - checksumBits);
        var same = ((digest[0] ^ bits[entropySize]) & mask & 0xff) == 0;
        CryptographicOperations.ZeroMemory(bits);
        return same;
    }

    /// <summary>The 64-byte seed; the words are not checked. The caller disposes it.</summary>
    public static SecretBytes ToSeed(string mnemonic, string passphrase)
    {
        ArgumentNullException.ThrowIfNull(mnemonic);
        ArgumentNullException.ThrowIfNull(passphrase);
        var password = SecretBytes.Pinned(System.Text.Encoding.UTF8.GetByteCount(mnemonic));
        System.Text.Encoding.UTF8.GetBytes(mnemonic, password);
        const string SaltPrefix = "mnemonic";
        var salt = SecretBytes.Pinned(SaltPrefix.Length + System.Text.Encoding.UTF8.GetByteCount(passphrase));
        System.Text.Encoding.UTF8.GetBytes(SaltPrefix, salt);
        System.Text.Encoding.UTF8.GetBytes(passphrase, salt.AsSpan(SaltPrefix.Length));
        Span<byte> seed = stackalloc byte[SeedSize];
        Rfc2898DeriveBytes.Pbkdf2(password, salt.AsSpan(0, Math.Min(salt.Length, MaxSalt)), seed, Rounds, HashAlgorithmName.SHA512);
        CryptographicOperations.ZeroMemory(password);
        CryptographicOperations.ZeroMemory(salt);
        var secret = new SecretBytes(seed);
        CryptographicOperations.ZeroMemory(seed);
        return secret;
    }
}
