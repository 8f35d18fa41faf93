namespace Dash.Primitives.Keys;

/// <summary>
/// Reads signatures as loosely as the network always has (before BIP66 every OpenSSL was the rule): length bytes
/// may be longer than needed, numbers padded or negative, the outer length wrong, junk behind.
/// Scripts that must be strict check the encoding themselves before.
/// </summary>
internal static class LaxDer
{
    private const int NumberSize = 32;

    /// <summary>Reads r and s into 64 bytes, big-endian. Numbers too large become zero, which never verifies.</summary>
    /// <returns>False if there are not two numbers.</returns>
    public static bool TryParse(ReadOnlySpan<byte> der, Span<byte> compact)
    {
        compact.Clear();
        if (!TryTake(ref der, 0x30) || !TrySkipLength(ref der)
            || !TryReadNumber(ref der, out var r) || !TryReadNumber(ref der, out var s))
        {
            return false;
        }

        if (r.Length <= NumberSize && s.Length <= NumberSize)
        {
            r.CopyTo(compact[(NumberSize - r.Length)..]);
            s.CopyTo(compact[((2 * NumberSize) - s.Length)..]);
        }

        return true;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> der, byte tag)
    {
        if (der.IsEmpty || der[0] != tag)
        {
            return false;
        }

        der = der[1..];
        return true;
    }

    // The outer length's value does not matter, only that its own bytes are there.
    private static bool TrySkipLength(ref ReadOnlySpan<byte> der)
    {
        if (der.IsEmpty)
        {
            return false;
        }

        var extra = (der[0] & 0x80) != 0 ? der[0] & 0x7f : 0;
        if (extra >= der.Length)
        {
            return false;
        }

        der = der[(1 + extra)..];
        return true;
    }

    private static bool TryReadNumber(ref ReadOnlySpan<byte> der, out ReadOnlySpan<byte> number)
    {
        number = default;
        if (!TryTake(ref der, 0x02) || der.IsEmpty)
        {
            return false;
        }

        int length = der[0];
        der = der[1..];
        if ((length & 0x80) != 0)
        {
            var size = length & 0x7f;
            if (size > der.Length)
            {
                return false;
            }

            var digits = der[..size].TrimStart((byte)0);
            der = der[size..];
            if (digits.Length >= 4)
            {
                return false;
            }

            length = 0;
            foreach (var digit in digits)
            {
                length = (length << 8) | digit;
            }
        }

        if (length > der.Length)
        {
            return false;
        }

        number = der[..length].TrimStart((byte)0);
        der = der[length..];
        return true;
    }
}
