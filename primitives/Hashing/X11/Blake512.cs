using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dash.Primitives.Hashing.X11;

/// <summary>
/// BLAKE-512 (Aumasson, Henzen, Meier, Phan; round-3 version with 16 rounds, no salt). The sixteen words of the
/// state are four rows of four; a round mixes all columns at once, then all diagonals.
/// </summary>
internal static class Blake512
{
    private const int BlockSize = 128;
    private const int LengthSize = 16;
    private const int Rounds = 16;

    private static ReadOnlySpan<ulong> Initial =>
    [
        0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
        0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
    ];

    // Digits of pi.
    private static ReadOnlySpan<ulong> Constants =>
    [
        0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89,
        0x452821e638d01377, 0xbe5466cf34e90c6c, 0xc0ac29b7c97c50dd, 0x3f84d5b5b5470917,
        0x9216d5d98979fb1b, 0xd1310ba698dfb5ac, 0x2ffd72dbd01adfb7, 0xb8e1afed6a267e96,
        0xba7c9045f12c7f99, 0x24a19947b3916cf7, 0x0801f2e2858efc16, 0x636920d871574e69,
    ];

    // Order of the message words, ten rounds, then from the start again.
    private static ReadOnlySpan<byte> Orders =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
        11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
        7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
        9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
        2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
        12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
        13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
        6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
        10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
    ];

    /// <summary>Writes the 64-byte digest; it may overlap the data.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        Span<ulong> chain = stackalloc ulong[8];
        Initial.CopyTo(chain);
        var rest = data;
        for (; rest.Length >= BlockSize; rest = rest[BlockSize..])
        {
            Compress(chain, rest, BitsBefore(data, rest) + (8 * BlockSize));
        }

        // Padding: a one bit, zeros, a one bit, the length in bits (big-endian, 128 bits).
        Span<byte> tail = stackalloc byte[2 * BlockSize];
        tail.Clear();
        rest.CopyTo(tail);
        tail[rest.Length] = 0x80;
        var end = rest.Length < BlockSize - LengthSize ? BlockSize : 2 * BlockSize;
        tail[end - LengthSize - 1] |= 1;
        var bits = 8 * (ulong)data.Length;
        BinaryPrimitives.WriteUInt64BigEndian(tail[(end - 8)..], bits);

        // The counter is the number of message bits hashed so far, but zero for a block without any.
        Compress(chain, tail, rest.IsEmpty ? 0 : bits);
        if (end > BlockSize)
        {
            Compress(chain, tail[BlockSize..], 0);
        }

        for (var i = 0; i < chain.Length; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(digest[(8 * i)..], chain[i]);
        }
    }

    private static ulong BitsBefore(ReadOnlySpan<byte> data, ReadOnlySpan<byte> rest) =>
        8 * (ulong)(data.Length - rest.Length);

    private static void Compress(Span<ulong> chain, ReadOnlySpan<byte> block, ulong counter)
    {
        Span<ulong> words = stackalloc ulong[16];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt64BigEndian(block[(8 * i)..]);
        }

        var a = Vector256.Create(chain);
        var b = Vector256.Create(chain[4..]);
        var c = Vector256.Create(Constants);
        var d = Vector256.Create(Constants[4..]) ^ Vector256.Create(counter, counter, 0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var order = Orders.Slice(round % 10 * 16, 16);
            Mix(ref a, ref b, ref c, ref d, words, order);
            b = Vector256.Shuffle(b, Vector256.Create(1ul, 2, 3, 0));
            c = Vector256.Shuffle(c, Vector256.Create(2ul, 3, 0, 1));
            d = Vector256.Shuffle(d, Vector256.Create(3ul, 0, 1, 2));
            Mix(ref a, ref b, ref c, ref d, words, order[8..]);
            b = Vector256.Shuffle(b, Vector256.Create(3ul, 0, 1, 2));
            c = Vector256.Shuffle(c, Vector256.Create(2ul, 3, 0, 1));
            d = Vector256.Shuffle(d, Vector256.Create(1ul, 2, 3, 0));
        }

        (Vector256.Create(chain) ^ a ^ c).CopyTo(chain);
        (Vector256.Create(chain[4..]) ^ b ^ d).CopyTo(chain[4..]);
    }

    // The function G on four columns: each takes two words of the order, each word masked by the other's constant.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(
        ref Vector256<ulong> a,
        ref Vector256<ulong> b,
        ref Vector256<ulong> c,
        ref Vector256<ulong> d,
        ReadOnlySpan<ulong> words,
        ReadOnlySpan<byte> order)
    {
        int i0 = order[0], i1 = order[1], i2 = order[2], i3 = order[3];
        int i4 = order[4], i5 = order[5], i6 = order[6], i7 = order[7];
        var k = Constants;
        a += b + Vector256.Create(words[i0] ^ k[i1], words[i2] ^ k[i3], words[i4] ^ k[i5], words[i6] ^ k[i7]);
        d = RotateRight(d ^ a, 32);
        c += d;
        b = RotateRight(b ^ c, 25);
        a += b + Vector256.Create(words[i1] ^ k[i0], words[i3] ^ k[i2], words[i5] ^ k[i4], words[i7] ^ k[i6]);
        d = RotateRight(d ^ a, 16);
        c += d;
        b = RotateRight(b ^ c, 11);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> RotateRight(Vector256<ulong> value, int count) =>
        (value >>> count) | (value << (64 - count));
}
