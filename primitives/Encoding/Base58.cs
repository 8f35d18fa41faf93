using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Dash.Primitives.Encoding;

/// <summary>Base 58 text as addresses use it: a big number without 0, O, I, l; each leading zero byte is a 1.</summary>
public static class Base58
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const uint Radix = 58;
    private const int DigitsAtOnce = 5;
    private const uint Limb = Radix * Radix * Radix * Radix * Radix;
    private const int LimbLimit = 64;

    /// <summary>Text of <paramref name="bytes"/>.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var zeros = bytes.IndexOfAnyExcept((byte)0);
        zeros = zeros < 0 ? bytes.Length : zeros;

        // Five digits at a time; log(256) / log(58) = 1.3658 digits a byte, rounded up.
        bytes = bytes[zeros..];
        var capacity = (((bytes.Length * 138 / 100) + 1) / DigitsAtOnce) + 1;
        uint[]? rented = null;
        var limbs = capacity <= LimbLimit
            ? stackalloc uint[LimbLimit]
            : rented = ArrayPool<uint>.Shared.Rent(capacity);
        try
        {
            // The least limb first. What does not make a word of four bytes comes first.
            var used = 0;
            for (var from = 0; from < bytes.Length;)
            {
                var count = (bytes.Length - from) % sizeof(uint) is > 0 and var odd ? odd : sizeof(uint);
                ulong carry = 0;
                foreach (var value in bytes.Slice(from, count))
                {
                    carry = (carry << 8) | value;
                }

                for (var i = 0; i < used; i++)
                {
                    carry += (ulong)limbs[i] << (8 * count);
                    limbs[i] = (uint)(carry % Limb);
                    carry /= Limb;
                }

                for (; carry != 0; carry /= Limb)
                {
                    limbs[used++] = (uint)(carry % Limb);
                }

                from += count;
            }

            var leading = 0;
            for (var left = used > 0 ? limbs[used - 1] : 0; left != 0; left /= Radix)
            {
                leading++;
            }

            var length = zeros + leading + (Math.Max(used - 1, 0) * DigitsAtOnce);
            return string.Create(length, limbs[..used], static (text, source) =>
            {
                text.Fill('1');
                var place = text.Length;
                for (var i = 0; i < source.Length; i++)
                {
                    var left = source[i];
                    for (var digit = 0; digit < DigitsAtOnce && (left != 0 || i < source.Length - 1); digit++)
                    {
                        text[--place] = Alphabet[(int)(left % Radix)];
                        left /= Radix;
                    }
                }
            });
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<uint>.Shared.Return(rented, clearArray: true);
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
