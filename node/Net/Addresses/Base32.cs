using System.Diagnostics.CodeAnalysis;

namespace Dash.Node.Net.Addresses;

/// <summary>Base32 of RFC 4648 in lower case, as onion and I2P addresses are written.</summary>
internal static class Base32
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>Writes bytes without padding.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new char[((bytes.Length * 8) + 4) / 5];
        int bits = 0, count = 0, at = 0;
        foreach (var b in bytes)
        {
            bits = (bits << 8) | b;
            count += 8;
            while (count >= 5)
            {
                count -= 5;
                text[at++] = Alphabet[(bits >> count) & 31];
            }

            bits &= (1 << count) - 1;
        }

        if (count > 0)
        {
            text[at] = Alphabet[(bits << (5 - count)) & 31];
        }

        return new string(text);
    }

    /// <summary>Reads text without padding, in either case; the bits left over must be zero.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        var result = new byte[text.Length * 5 / 8];
        int bits = 0, count = 0, at = 0;
        foreach (var c in text)
        {
            var value = Alphabet.IndexOf(char.ToLowerInvariant(c), StringComparison.Ordinal);
            if (value < 0 || c > 127)
            {
                return false;
            }

            bits = (bits << 5) | value;
            count += 5;
            if (count >= 8)
            {
                count -= 8;
                result[at++] = (byte)(bits >> count);
            }

            bits &= (1 << count) - 1;
        }

        if (bits != 0 || count >= 5)
        {
            return false;
        }

        bytes = result;
        return true;
    }
}
