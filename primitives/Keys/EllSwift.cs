using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Dash.Primitives.Keys;

/// <summary>
/// Public keys as 64 bytes that look random, and secrets shared with them: ElligatorSwift as BIP324 has it. Such bytes are
/// two numbers u and t; each pair stands for one x coordinate, and each coordinate for very many pairs.
/// </summary>
public static class EllSwift
{
    /// <summary>Bytes of a key.</summary>
    public const int Size = 64;

    private static readonly FieldElement Seven = FieldElement.Of(7);
    private static readonly FieldElement Half = FieldElement.Of(2).Invert();
    private static readonly FieldElement RootOfMinusThree = FindRootOfMinusThree();

    /// <summary>A form of the public key; other randomness gives another one.</summary>
    /// <param name="key">The key.</param>
    /// <param name="randomness">32 bytes nobody can guess.</param>
    public static byte[] Create(PrivateKey key, ReadOnlySpan<byte> randomness)
    {
        ArgumentNullException.ThrowIfNull(key);
        var x = FieldElement.Read(key.PublicKey.Bytes.Slice(1, FieldElement.Size));
        var result = new byte[Size];
        Span<byte> seed = stackalloc byte[randomness.Length + 4];
        randomness.CopyTo(seed);
        Span<byte> digest = stackalloc byte[32];
        Span<byte> choice = stackalloc byte[32];
        for (uint i = 0; ; i += 2)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(seed[^4..], i);
            SHA256.HashData(seed, digest);
            var u = FieldElement.Read(digest);
            BinaryPrimitives.WriteUInt32LittleEndian(seed[^4..], i + 1);
            SHA256.HashData(seed, choice);
            if (u.IsZero || !TryInvert(x, u, choice[0] & 7, out var t))
            {
                continue;
            }

            u.Write(result);
            t.Write(result.AsSpan(FieldElement.Size));
            CryptographicOperations.ZeroMemory(seed);
            return result;
        }
    }

    /// <summary>The x coordinate of a key; every 64 bytes have one.</summary>
    public static byte[] Decode(ReadOnlySpan<byte> key)
    {
        var x = new byte[FieldElement.Size];
        Decode(FieldElement.Read(key[..FieldElement.Size]), FieldElement.Read(key[FieldElement.Size..Size])).Write(x);
        return x;
    }

    /// <summary>What both ends of a connection get from their own secret key and the other's public key.</summary>
    /// <param name="key">The own key.</param>
    /// <param name="ours">Its public form as the other end was told.</param>
    /// <param name="theirs">The other end's.</param>
    /// <param name="isInitiator">Whether this end opened the connection.</param>
    /// <returns>32 secret bytes; the caller clears them.</returns>
    public static byte[] Share(PrivateKey key, ReadOnlySpan<byte> ours, ReadOnlySpan<byte> theirs, bool isInitiator)
    {
        ArgumentNullException.ThrowIfNull(key);
        Span<byte> point = stackalloc byte[33];
        point[0] = 2;
        Decode(theirs).CopyTo(point[1..]);
        Span<byte> secret = stackalloc byte[Secp256k1.SecretSize];
        Span<byte> parsed = stackalloc byte[Secp256k1.PointSize];
        Span<byte> common = stackalloc byte[FieldElement.Size];
        key.CopyTo(secret);
        var isDone = Secp256k1.TryParsePoint(point, parsed) && Secp256k1.TryShareX(secret, parsed, common);
        CryptographicOperations.ZeroMemory(secret);
        if (!isDone)
        {
            throw new CryptographicException("The keys share no secret.");
        }

        // BIP340's tagged hash over both keys, the initiator's first, and the common coordinate.
        var tag = SHA256.HashData("bip324_ellswift_xonly_ecdh"u8);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(tag);
        hash.AppendData(tag);
        hash.AppendData(isInitiator ? ours : theirs);
        hash.AppendData(isInitiator ? theirs : ours);
        hash.AppendData(common);
        CryptographicOperations.ZeroMemory(common);
        return hash.GetHashAndReset();
    }

    /// <summary>The coordinate of a pair (BIP324, XSwiftEC).</summary>
    internal static FieldElement Decode(FieldElement u, FieldElement t)
    {
        u = u.IsZero ? FieldElement.One : u;
        t = t.IsZero ? FieldElement.One : t;
        var g = OnCurve(u);
        if ((g + (t * t)).IsZero)
        {
            t += t;
        }

        var x = (g - (t * t)) / (t + t);
        var y = (x + t) / (RootOfMinusThree * u);
        var first = u + (FieldElement.Of(4) * y * y);
        if (IsCoordinate(first))
        {
            return first;
        }

        var quotient = x / y;
        var second = (-quotient - u) * Half;
        return IsCoordinate(second) ? second : (quotient - u) * Half;
    }

    /// <summary>One of up to eight numbers t that with u stand for x (BIP324, XSwiftECInv).</summary>
    internal static bool TryInvert(FieldElement x, FieldElement u, int choice, out FieldElement t)
    {
        t = FieldElement.Zero;
        FieldElement v, s;
        if ((choice & 2) == 0)
        {
            if (IsCoordinate(-x - u))
            {
                return false;
            }

            v = x;
            s = -(OnCurve(u) / ((u * u) + (u * v) + (v * v)));
        }
        else
        {
            s = x - u;
            if (s.IsZero)
            {
                return false;
            }

            var square = -(s * ((FieldElement.Of(4) * OnCurve(u)) + (FieldElement.Of(3) * s * u * u)));
            if (!square.TrySquareRoot(out var r) || ((choice & 1) != 0 && r.IsZero))
            {
                return false;
            }

            v = ((r / s) - u) * Half;
        }

        if (!s.TrySquareRoot(out var w))
        {
            return false;
        }

        var isOther = (choice & 1) != 0;
        var factor = isOther ? FieldElement.One + RootOfMinusThree : FieldElement.One - RootOfMinusThree;
        t = w * ((u * factor * Half) + v);
        t = isOther == ((choice & 4) != 0) ? -t : t;
        return true;
    }

    // x^3 + 7: the square of y
    private static FieldElement OnCurve(FieldElement x) => (x * x * x) + Seven;

    private static bool IsCoordinate(FieldElement x) => OnCurve(x).TrySquareRoot(out _);

    private static FieldElement FindRootOfMinusThree() =>
        (-FieldElement.Of(3)).TrySquareRoot(out var root) ? root : throw new CryptographicException("-3 is a square modulo p.");
}
