using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Dash.Primitives.Hashing;

namespace Dash.Primitives.Encoding;

/// <summary>Base 58 with four bytes of the payload's double SHA-256 behind it: addresses, WIF, xpubs.</summary>
public static class Base58Check
{
    private const int ChecksumSize = 4;

    /// <summary>Text of <paramref name="payload"/> with its checksum.</summary>
    public static string Encode(ReadOnlySpan<byte> payload)
    {
        Span<byte> digest = stackalloc byte[Uint256.Size];
        Hashes.Sha256d(payload, digest);
        var bytes = new byte[payload.Length + ChecksumSize];
        payload.CopyTo(bytes);
        digest[..ChecksumSize].CopyTo(bytes.AsSpan(payload.Length));
        var text = Base58.Encode(bytes);
        CryptographicOperations.ZeroMemory(bytes); // the payload of a WIF or xprv is a secret
        return text;
    }

    /// <summary>Reads text and checks it; false for bad letters, too long a payload or a wrong checksum.</summary>
    /// <param name="text">The text; white space around it is ignored.</param>
    /// <param name="maxPayload">Longest payload in bytes, without checksum.</param>
    /// <param name="payload">The bytes without the checksum, or null.</param>
    public static bool TryDecode(string text, int maxPayload, [NotNullWhen(true)] out byte[]? payload)
    {
        payload = null;
        if (!Base58.TryDecode(text, maxPayload + ChecksumSize, out var bytes) || bytes.Length < ChecksumSize)
        {
            return false;
        }

        var body = bytes.AsSpan(0, bytes.Length - ChecksumSize);
        Span<byte> digest = stackalloc byte[Uint256.Size];
        Hashes.Sha256d(body, digest);
        if (digest[..ChecksumSize].SequenceEqual(bytes.AsSpan(body.Length)))
        {
            payload = body.ToArray();
        }

        CryptographicOperations.ZeroMemory(bytes);
        return payload is not null;
    }
}
