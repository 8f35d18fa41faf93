using System.Buffers.Binary;
using Dash.Node.Net.Addresses;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;

namespace Dash.Node.Net.Proxies;

/// <summary>Destinations of I2P: long public keys, known by the hash of their bytes.</summary>
internal static class I2pDestination
{
    private const int BaseSize = 387;
    private const int CertificateLengthAt = 385;

    /// <summary>The bytes of a text in I2P's base 64, which has other signs for the last two.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static byte[] Decode(string text) =>
        Base64Text.TryDecode(text.Replace('-', '+').Replace('~', '/'), out var bytes)
            ? bytes
            : throw new InvalidDataException($"Cannot decode Base64: \"{text}\"");

    /// <summary>Bytes as text in I2P's base 64.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Text.Encode(bytes).Replace('+', '-').Replace('/', '~');

    /// <summary>The address of a destination.</summary>
    public static NetAddress AddressOf(ReadOnlySpan<byte> destination) =>
        NetAddress.Of(NetworkKind.I2p, Hashes.Sha256(destination).ToArray());

    /// <summary>The destination that a private key begins with.</summary>
    /// <exception cref="InvalidDataException">The key is cut off.</exception>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> privateKey)
    {
        if (privateKey.Length < CertificateLengthAt + sizeof(ushort))
        {
            throw new InvalidDataException($"The private key is too short ({privateKey.Length} < {CertificateLengthAt + sizeof(ushort)})");
        }

        var certificate = BinaryPrimitives.ReadUInt16BigEndian(privateKey[CertificateLengthAt..]);
        var size = BaseSize + certificate;
        return size <= privateKey.Length
            ? privateKey[..size]
            : throw new InvalidDataException(
                $"Certificate length ({certificate}) designates that the private key should be {size} bytes, but it is only {privateKey.Length} bytes");
    }
}
