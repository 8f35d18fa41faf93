using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Dash.Node.Net.Addresses;

/// <summary>The addresses that look like names and are keys: onion services of version 3 and I2P destinations.</summary>
internal static class SpecialAddressText
{
    /// <summary>End of an I2P address.</summary>
    public const string I2pSuffix = ".b32.i2p";

    private const string OnionSuffix = ".onion";
    private const int KeySize = 32;
    private const int OnionSize = KeySize + 2 + 1; // key, checksum, version
    private const int I2pLength = 52;
    private const byte OnionVersion = 3;

    /// <summary>Reads one of them; false for anything else and for a wrong checksum.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out NetAddress? address)
    {
        address = null;
        if (text.EndsWith(OnionSuffix, StringComparison.Ordinal))
        {
            if (!Base32.TryDecode(text.AsSpan(..^OnionSuffix.Length), out var bytes)
                || bytes.Length != OnionSize
                || bytes[^1] != OnionVersion
                || !Checksum(bytes.AsSpan(0, KeySize)).AsSpan().SequenceEqual(bytes.AsSpan(KeySize, 2)))
            {
                return false;
            }

            address = NetAddress.Of(NetworkKind.Onion, bytes.AsSpan(0, KeySize));
            return true;
        }

        if (text.Length == I2pLength + I2pSuffix.Length
            && text.EndsWith(I2pSuffix, StringComparison.OrdinalIgnoreCase)
            && Base32.TryDecode(text.AsSpan(..I2pLength), out var key))
        {
            address = NetAddress.Of(NetworkKind.I2p, key);
            return true;
        }

        return false;
    }

    /// <summary>An onion address of a key.</summary>
    public static string FormatOnion(ReadOnlySpan<byte> key)
    {
        Span<byte> bytes = stackalloc byte[OnionSize];
        key.CopyTo(bytes);
        Checksum(key).CopyTo(bytes[KeySize..]);
        bytes[^1] = OnionVersion;
        return Base32.Encode(bytes) + OnionSuffix;
    }

    // Tor's rend-spec-v3: the first two bytes of SHA3-256(".onion checksum" || key || version)
    private static byte[] Checksum(ReadOnlySpan<byte> key) =>
        SHA3_256.HashData([.. ".onion checksum"u8, .. key, OnionVersion])[..2];
}
