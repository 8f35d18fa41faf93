namespace Dash.Primitives.Hashing.X11;

/// <summary>
/// Dash's proof-of-work hash and the name of a block: eleven hash functions of the SHA-3 contest in a row, each over
/// the 64 bytes of the one before; the first 32 bytes of the last are the result. Callable from any thread.
/// </summary>
public static class X11Hash
{
    /// <summary>Bytes each of the eleven functions gives.</summary>
    internal const int DigestSize = 64;

    /// <summary>Hashes data (for a block its 80-byte header).</summary>
    public static Uint256 Hash(ReadOnlySpan<byte> data)
    {
        Span<byte> digest = stackalloc byte[Uint256.Size];
        Hash(data, digest);
        return new Uint256(digest);
    }

    /// <summary>Hashes data into the first 32 bytes of <paramref name="destination"/>.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        // Each function has read its input when it writes its digest, so one buffer serves all.
        Span<byte> digest = stackalloc byte[DigestSize];
        Blake512.Hash(data, digest);
        Bmw512.Hash(digest, digest);
        Groestl512.Hash(digest, digest);
        Skein512.Hash(digest, digest);
        Jh512.Hash(digest, digest);
        Keccak512.Hash(digest, digest);
        Luffa512.Hash(digest, digest);
        CubeHash512.Hash(digest, digest);
        Shavite512.Hash(digest, digest);
        Simd512.Hash(digest, digest);
        Echo512.Hash(digest, digest);
        digest[..Uint256.Size].CopyTo(destination);
    }
}
