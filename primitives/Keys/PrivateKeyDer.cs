using System.Buffers.Binary;

namespace Dash.Primitives.Keys;

/// <summary>
/// ECPrivateKey of SEC 1, C.4 as wallet files keep it:
/// <code>
/// SEQUENCE { INTEGER 1, OCTET STRING secret(32), [0] { curve parameters }, [1] { BIT STRING public key } }
/// </code>
/// The curve is spelled out (prime field, a, b, generator, order, cofactor) instead of named.
/// </summary>
internal static class PrivateKeyDer
{
    private const string Prime = "00fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f";
    private const string Order = "00fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
    private const string GeneratorX = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
    private const string GeneratorY = "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8";

    // prime-field (1.2.840.10045.1.1) with its prime; a = 0, b = 7; then the generator, the order, the cofactor 1.
    private const string FieldAndCurve = "020101302c06072a8648ce3d01010221" + Prime + "3006040100040107";
    private const string OrderAndCofactor = "0221" + Order + "020101";

    private static readonly Template Compressed = new(
        "3081d30201010420",
        "a08185308182" + FieldAndCurve + "042102" + GeneratorX + OrderAndCofactor + "a124032200");

    private static readonly Template Uncompressed = new(
        "308201130201010420",
        "a081a53081a2" + FieldAndCurve + "044104" + GeneratorX + GeneratorY + OrderAndCofactor + "a144034200");

    /// <summary>Writes a key with its public key.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> secret, PublicKey publicKey)
    {
        var (head, middle) = publicKey.IsCompressed ? Compressed : Uncompressed;
        return [.. head, .. secret, .. middle, .. publicKey.Bytes];
    }

    /// <summary>
    /// Finds the secret's bytes, at most 32, big-endian. As tolerant as Core: the outer length may fall short of
    /// what follows, and nothing behind the secret is looked at.
    /// </summary>
    public static bool TryFindSecret(ReadOnlySpan<byte> der, out ReadOnlySpan<byte> secret)
    {
        secret = default;

        // SEQUENCE with a length of one or two bytes of its own.
        if (der.Length < 2 || der[0] != 0x30 || der[1] is not (0x81 or 0x82))
        {
            return false;
        }

        var lengthSize = der[1] & 0x7f;
        der = der[2..];
        if (der.Length < lengthSize)
        {
            return false;
        }

        var length = lengthSize == 1 ? der[0] : BinaryPrimitives.ReadUInt16BigEndian(der);
        der = der[lengthSize..];
        ReadOnlySpan<byte> version = [0x02, 0x01, 0x01];
        if (der.Length < length || !der.StartsWith(version))
        {
            return false;
        }

        der = der[version.Length..];
        if (der.Length < 2 || der[0] != 0x04 || der[1] > PrivateKey.Size || der.Length - 2 < der[1])
        {
            return false;
        }

        secret = der.Slice(2, der[1]);
        return true;
    }

    private sealed record Template(byte[] Head, byte[] Middle)
    {
        public Template(string head, string middle)
            : this(Convert.FromHexString(head), Convert.FromHexString(middle))
        {
        }
    }
}
