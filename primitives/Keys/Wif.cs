using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Dash.Primitives.Encoding;

namespace Dash.Primitives.Keys;

/// <summary>
/// Private keys as text (wallet import format): the network's prefix byte, the secret, and a 1 behind it for a
/// compressed key.
/// </summary>
public static class Wif
{
    private const int UncompressedPayload = 1 + PrivateKey.Size;
    private const int CompressedPayload = UncompressedPayload + 1;

    /// <summary>Text of a key.</summary>
    public static string Encode(PrivateKey key, byte prefix)
    {
        ArgumentNullException.ThrowIfNull(key);
        Span<byte> payload = stackalloc byte[CompressedPayload];
        payload[0] = prefix;
        key.CopyTo(payload[1..]);
        payload[^1] = 1;
        var text = Base58Check.Encode(key.IsCompressed ? payload : payload[..UncompressedPayload]);
        CryptographicOperations.ZeroMemory(payload);
        return text;
    }

    /// <summary>Reads text; false if it is no key or one of another network.</summary>
    public static bool TryDecode(string text, byte prefix, [NotNullWhen(true)] out PrivateKey? key)
    {
        key = null;
        if (!Base58Check.TryDecode(text, CompressedPayload, out var payload))
        {
            return false;
        }

        var compressed = payload.Length == CompressedPayload && payload[^1] == 1;
        if ((compressed || payload.Length == UncompressedPayload) && payload[0] == prefix)
        {
            _ = PrivateKey.TryFromBytes(payload.AsSpan(1, PrivateKey.Size), compressed, out key);
        }

        CryptographicOperations.ZeroMemory(payload);
        return key is not null;
    }
}
