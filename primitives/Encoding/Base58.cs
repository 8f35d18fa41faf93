using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Dash.Primitives.Encoding;

/// <summary>Base 58 text as addresses use it: a big number without 0, O, I, l; each leading zero byte is a 1.</summary>
public static class Base58
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const int StackLimit = 256;

    /// <summary>Text of <paramref name="bytes"/>.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var zeros = bytes.IndexOfAnyExcept((byte)0);
        zeros = zeros < 0 ? bytes.Length : zeros;

        // log(256) / log(58) = 1.3658 digits a byte, rounded up.
        var capacity = ((bytes.Length - zeros) * 138 / 100) + 1;
        byte[]? rented = null;
        var digits = capacity <= StackLimit
            ? stackalloc byte[StackLimit]
            : rented = ArrayPool<byte>.Shared.Rent(capacity);
        try
        {
            // Digits grow from the end of the buffer towards its start.
            digits = digits[..capacity];
            var used = 0;
            foreach (var value in bytes[zeros..])
            {
                int carry = value;
                var i = 0;
                for (; carry != 0 || i < used; i++)
                {
                    ref var digit = ref digits[^(i + 1)];
                    carry += (i < used ? digit : 0) * 256;
                    digit = (byte)(carry % 58);
                    carry /= 58;
                }

                used = i;
            }

            return string.Create(zeros + used, digits[^used..], static (text, source) =>
            {
                text.Fill('1');
                for (var i = 1; i <= source.Length; i++)
                {
                    text[^i] = Alphabet[source[^i]];
                }
            });
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented, clearArray: true);
            }
        }
    }

    /// <summary>Reads text; white space around it is ignored, as Core does.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">Longest result in bytes; longer text is refused.</param>
    /// <param name="bytes">The bytes, or null.</param>
    public static bool TryDecode(ReadOnlySpan<char> text, int maxLength, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        text = text.Trim(" \f\n\r\t\v");
        var zeros = text.IndexOfAnyExcept('1');
        zeros = zeros < 0 ? text.Length : zeros;
        if (zeros > maxLength)
        {
            return false;
        }

        // Work is digits times bytes: refuse early what cannot fit (log(58) / log(256) = 0.7322).
        var significant = text[zeros..];
        if (significant.Length > ((maxLength - zeros) * 14L / 10) + 1)
        {
            return false;
        }

        var buffer = new byte[(significant.Length * 733 / 1000) + 1];
        var used = 0;
        foreach (var letter in significant)
        {
            var carry = Alphabet.IndexOf(letter, StringComparison.Ordinal);
            if (carry < 0)
            {
                return false;
            }

            var i = 0;
            for (; carry != 0 || i < used; i++)
            {
                ref var value = ref buffer[^(i + 1)];
                carry += value * 58;
                value = (byte)carry;
                carry >>= 8;
            }

            used = i;
            if (zeros + used > maxLength)
            {
                return false;
            }
        }

        bytes = new byte[zeros + used];
        buffer.AsSpan(buffer.Length - used).CopyTo(bytes.AsSpan(zeros));
        return true;
    }
}
