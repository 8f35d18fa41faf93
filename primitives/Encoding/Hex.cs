using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Dash.Primitives.Encoding;

/// <summary>Bytes as hex digits, two a byte, written in lower case, read in either.</summary>
public static class Hex
{
    /// <summary>Lower-case hex of <paramref name="bytes"/>.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    /// <summary>Reads hex; empty text is no bytes.</summary>
    /// <exception cref="FormatException">An odd number of digits, or something that is no digit.</exception>
    public static byte[] Decode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Convert.FromHexString(text);
    }

    /// <summary>Reads hex; false for an odd number of digits or anything that is no digit.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.Length % 2 != 0)
        {
            return false;
        }

        var result = new byte[text.Length / 2];
        if (Convert.FromHexString(text, result, out _, out _) != OperationStatus.Done)
        {
            return false;
        }

        bytes = result;
        return true;
    }
}
