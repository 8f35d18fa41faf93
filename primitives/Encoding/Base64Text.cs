using System.Diagnostics.CodeAnalysis;

namespace Dash.Primitives.Encoding;

/// <summary>Base64 in its one canonical form: padded, without spaces, no bits set that mean nothing.</summary>
public static class Base64Text
{
    /// <summary>Writes bytes.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes);

    /// <summary>Reads the canonical form; false for anything else.</summary>
    public static bool TryDecode(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        ArgumentNullException.ThrowIfNull(text);
        bytes = null;
        var buffer = new byte[(text.Length + 3) / 4 * 3];
        if (text.Length % 4 != 0 || !Convert.TryFromBase64String(text, buffer, out var length))
        {
            return false;
        }

        var decoded = buffer.AsSpan(..length);
        if (!string.Equals(Convert.ToBase64String(decoded), text, StringComparison.Ordinal))
        {
            return false;
        }

        bytes = decoded.ToArray();
        return true;
    }
}
