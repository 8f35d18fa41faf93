using System.Security.Cryptography;

namespace Dash.Primitives.Hashing;

/// <summary>The hash functions of the protocol in one call each. Callable from any thread.</summary>
public static class Hashes
{
    /// <summary>SHA-256 into the first 32 bytes of <paramref name="destination"/>; may overlap the input.</summary>
    public static void Sha256(ReadOnlySpan<byte> data, Span<byte> destination) => SHA256.HashData(data, destination);

    /// <summary>SHA-256.</summary>
    public static Uint256 Sha256(ReadOnlySpan<byte> data)
    {
        Span<byte> digest = stackalloc byte[Uint256.Size];
        SHA256.HashData(data, digest);
        return new Uint256(digest);
    }

    /// <summary>SHA-256 of SHA-256 into the first 32 bytes of <paramref name="destination"/>.</summary>
    public static void Sha256d(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        Span<byte> inner = stackalloc byte[Uint256.Size];
        SHA256.HashData(data, inner);
        SHA256.HashData(inner, destination);
    }

    /// <summary>SHA-256 of SHA-256: transaction ids, merkle nodes, checksums.</summary>
    public static Uint256 Sha256d(ReadOnlySpan<byte> data)
    {
        Span<byte> digest = stackalloc byte[Uint256.Size];
        SHA256.HashData(data, digest);
        SHA256.HashData(digest, digest);
        return new Uint256(digest);
    }

    /// <summary>RIPEMD-160 into the first 20 bytes of <paramref name="destination"/>.</summary>
    public static void Ripemd160(ReadOnlySpan<byte> data, Span<byte> destination) =>
        Hashing.Ripemd160.Hash(data, destination);

    /// <summary>RIPEMD-160 of SHA-256: the id of a public key or of a script.</summary>
    public static Hash160 Hash160(ReadOnlySpan<byte> data)
    {
        Span<byte> inner = stackalloc byte[Uint256.Size];
        SHA256.HashData(data, inner);
        Span<byte> digest = stackalloc byte[Hashing.Hash160.Size];
        Hashing.Ripemd160.Hash(inner, digest);
        return new Hash160(digest);
    }

    /// <summary>HMAC-SHA-512 into the first 64 bytes of <paramref name="destination"/>.</summary>
    public static void HmacSha512(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> destination) =>
        HMACSHA512.HashData(key, data, destination);
}
