using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Dash.Primitives.Hashing.X11;

/// <summary>
/// Luffa-512 (De Cannière, Sato, Watanabe; version 2). Five permutations of eight words side by side. A vector here
/// holds the same word of all five, one in each of its first five elements; the other three are never looked at.
/// </summary>
internal static class Luffa512
{
    private const int BlockSize = 32;
    private const int Words = 8;
    private const int Lanes = 5;
    private const int LaneStride = 8;
    private const int Steps = 8;

    // A row is a word of the five states.
    private static ReadOnlySpan<uint> Initial =>
    [
        0x6d251e69, 0xc3b44b95, 0xf7efc89d, 0x858075d5, 0x6c68e9be, 0, 0, 0,
        0x44b051e0, 0xd9d2f256, 0x5dba5781, 0x36d79cce, 0x5ec41e22, 0, 0, 0,
        0x4eaa6fb4, 0x70eee9a0, 0x04016ce5, 0xe571f7d7, 0xc825b7c7, 0, 0, 0,
        0xdbf78465, 0xde099fa3, 0xad659c05, 0x204b1f67, 0xaffb4363, 0, 0, 0,
        0x6e292011, 0x5d9b0557, 0x0306194f, 0x35870c6a, 0xf5df3999, 0, 0, 0,
        0x90152df4, 0x8fc944b3, 0x666d1836, 0x57e9e923, 0x0fc688f1, 0, 0, 0,
        0xee058139, 0xcf1ccf0e, 0x24aa230a, 0x14bcb808, 0xb07224cc, 0, 0, 0,
        0xdef610bb, 0x746cd581, 0x8b264ae7, 0x7cde72ce, 0x03e86cea, 0, 0, 0,
    ];

    // A row is a step: what is added to word 0 of the five states, and to word 4.
    private static ReadOnlySpan<uint> Constants0 =>
    [
        0x303994a6, 0xb6de10ed, 0xfc20d9d2, 0xb213afa5, 0xf0d2e9e3, 0, 0, 0,
        0xc0e65299, 0x70f47aae, 0x34552e25, 0xc84ebe95, 0xac11d7fa, 0, 0, 0,
        0x6cc33a12, 0x0707a3d4, 0x7ad8818f, 0x4e608a22, 0x1bcb66f2, 0, 0, 0,
        0xdc56983e, 0x1c1e8f51, 0x8438764a, 0x56d858fe, 0x6f2d9bc9, 0, 0, 0,
        0x1e00108f, 0x707a3d45, 0xbb6de032, 0x343b138f, 0x78602649, 0, 0, 0,
        0x7800423d, 0xaeb28562, 0xedb780c8, 0xd0ec4e3d, 0x8edae952, 0, 0, 0,
        0x8f5b7882, 0xbaca1589, 0xd9847356, 0x2ceb4882, 0x3b6ba548, 0, 0, 0,
        0x96e1db12, 0x40a46f3e, 0xa2c78434, 0xb3ad2208, 0xedae9520, 0, 0, 0,
    ];

    private static ReadOnlySpan<uint> Constants4 =>
    [
        0xe0337818, 0x01685f3d, 0xe25e72c1, 0xe028c9bf, 0x5090d577, 0, 0, 0,
        0x441ba90d, 0x05a17cf4, 0xe623bb72, 0x44756f91, 0x2d1925ab, 0, 0, 0,
        0x7f34d442, 0xbd09caca, 0x5c58a4a4, 0x7e8fce32, 0xb46496ac, 0, 0, 0,
        0x9389217f, 0xf4272b28, 0x1e38e2e7, 0x956548be, 0xd1925ab0, 0, 0, 0,
        0xe5a8bce6, 0x144ae5cc, 0x78e38b9d, 0xfe191be2, 0x29131ab6, 0, 0, 0,
        0x5274baf4, 0xfaa7ae2b, 0x27586719, 0x3cb226e5, 0x0fc053c3, 0, 0, 0,
        0x26889ba7, 0x2e48f1c1, 0x36eda57f, 0x5944a28e, 0x3f014f0c, 0, 0, 0,
        0x9a226e9d, 0xb923c704, 0x703aace7, 0xa1c4c355, 0xfc053c31, 0, 0, 0,
    ];

    /// <summary>Writes the 64-byte digest; it may overlap the data.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        Span<Vector256<uint>> state = stackalloc Vector256<uint>[Words];
        Initial.CopyTo(MemoryMarshal.Cast<Vector256<uint>, uint>(state));
        var rest = data;
        for (; rest.Length >= BlockSize; rest = rest[BlockSize..])
        {
            Compress(state, rest);
        }

        Span<byte> tail = stackalloc byte[BlockSize];
        tail.Clear();
        rest.CopyTo(tail);
        tail[rest.Length] = 0x80;
        Compress(state, tail);

        // Each half of the digest is the sum of the five states after another round over zeros.
        tail.Clear();
        for (var half = 0; half < 2; half++)
        {
            Compress(state, tail);
            for (var word = 0; word < Words; word++)
            {
                var sum = SumOfLanes(state[word]).ToScalar();
                BinaryPrimitives.WriteUInt32BigEndian(digest[((BlockSize * half) + (4 * word))..], sum);
            }
        }
    }

    private static void Compress(Span<Vector256<uint>> state, ReadOnlySpan<byte> block)
    {
        var (v0, v1, v2, v3) = (state[0], state[1], state[2], state[3]);
        var (v4, v5, v6, v7) = (state[4], state[5], state[6], state[7]);

        // Message injection: twice the sum of all states to each; then each doubled plus the next; then each doubled
        // plus the one before.
        var (s0, s1, s2, s3) = (SumOfLanes(v0), SumOfLanes(v1), SumOfLanes(v2), SumOfLanes(v3));
        var (s4, s5, s6, s7) = (SumOfLanes(v4), SumOfLanes(v5), SumOfLanes(v6), SumOfLanes(v7));
        Double(ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
        v0 ^= s0;
        v1 ^= s1;
        v2 ^= s2;
        v3 ^= s3;
        v4 ^= s4;
        v5 ^= s5;
        v6 ^= s6;
        v7 ^= s7;
        (s0, s1, s2, s3) = (Next(v0), Next(v1), Next(v2), Next(v3));
        (s4, s5, s6, s7) = (Next(v4), Next(v5), Next(v6), Next(v7));
        Double(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7);
        v0 ^= s0;
        v1 ^= s1;
        v2 ^= s2;
        v3 ^= s3;
        v4 ^= s4;
        v5 ^= s5;
        v6 ^= s6;
        v7 ^= s7;
        (s0, s1, s2, s3) = (Before(v0), Before(v1), Before(v2), Before(v3));
        (s4, s5, s6, s7) = (Before(v4), Before(v5), Before(v6), Before(v7));
        Double(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7);
        (state[0], state[1], state[2], state[3]) = (v0 ^ s0, v1 ^ s1, v2 ^ s2, v3 ^ s3);
        (state[4], state[5], state[6], state[7]) = (v4 ^ s4, v5 ^ s5, v6 ^ s6, v7 ^ s7);
        InjectAndTweak(MemoryMarshal.Cast<Vector256<uint>, uint>(state), block);
        Permute(state);
    }

    // The message, doubled once more for each state; then the last four words of state j turned by j bits.
    private static void InjectAndTweak(Span<uint> words, ReadOnlySpan<byte> block)
    {
        Span<uint> message = stackalloc uint[Words];
        for (var i = 0; i < Words; i++)
        {
            message[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * i)..]);
        }

        for (var lane = 0; lane < Lanes; lane++)
        {
            for (var i = 0; i < Words; i++)
            {
                ref var word = ref words[(LaneStride * i) + lane];
                word = BitOperations.RotateLeft(word ^ message[i], i < 4 ? 0 : lane);
            }

            // Doubling in GF(2^8)^32, bit-sliced: x^8 = x^4 + x^3 + x + 1.
            var top = message[7];
            message[..7].CopyTo(message[1..]);
            message[0] = top;
            message[1] ^= top;
            message[3] ^= top;
            message[4] ^= top;
        }
    }

    private static void Permute(Span<Vector256<uint>> state)
    {
        var (v0, v1, v2, v3) = (state[0], state[1], state[2], state[3]);
        var (v4, v5, v6, v7) = (state[4], state[5], state[6], state[7]);
        for (var step = 0; step < Steps; step++)
        {
            SubCrumb(ref v0, ref v1, ref v2, ref v3);
            SubCrumb(ref v5, ref v6, ref v7, ref v4);
            MixWord(ref v0, ref v4);
            MixWord(ref v1, ref v5);
            MixWord(ref v2, ref v6);
            MixWord(ref v3, ref v7);
            v0 ^= Vector256.Create(Constants0.Slice(LaneStride * step, LaneStride));
            v4 ^= Vector256.Create(Constants4.Slice(LaneStride * step, LaneStride));
        }

        (state[0], state[1], state[2], state[3]) = (v0, v1, v2, v3);
        (state[4], state[5], state[6], state[7]) = (v4, v5, v6, v7);
    }

    // The S-box on 32 nibbles at once, one bit of each in each word.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SubCrumb(
        ref Vector256<uint> a, ref Vector256<uint> b, ref Vector256<uint> c, ref Vector256<uint> d)
    {
        var t = a;
        a |= b;
        c ^= d;
        b = ~b;
        a ^= d;
        d &= t;
        b ^= d;
        d ^= c;
        c &= a;
        a = ~a;
        c ^= b;
        b |= d;
        t ^= b;
        d ^= c;
        c &= b;
        b ^= a;
        a = t;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MixWord(ref Vector256<uint> u, ref Vector256<uint> v)
    {
        v ^= u;
        u = RotateLeft(u, 2) ^ v;
        v = RotateLeft(v, 14) ^ u;
        u = RotateLeft(u, 10) ^ v;
        v = RotateLeft(v, 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Double(
        ref Vector256<uint> v0,
        ref Vector256<uint> v1,
        ref Vector256<uint> v2,
        ref Vector256<uint> v3,
        ref Vector256<uint> v4,
        ref Vector256<uint> v5,
        ref Vector256<uint> v6,
        ref Vector256<uint> v7)
    {
        var top = v7;
        v7 = v6;
        v6 = v5;
        v5 = v4;
        v4 = v3 ^ top;
        v3 = v2 ^ top;
        v2 = v1;
        v1 = v0 ^ top;
        v0 = top;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Next(Vector256<uint> lanes) =>
        Vector256.Shuffle(lanes, Vector256.Create(1u, 2, 3, 4, 0, 5, 6, 7));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Before(Vector256<uint> lanes) =>
        Vector256.Shuffle(lanes, Vector256.Create(4u, 0, 1, 2, 3, 5, 6, 7));

    // The sum of the five states, in each of them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> SumOfLanes(Vector256<uint> lanes)
    {
        var two = lanes ^ Next(lanes);
        var four = two ^ Vector256.Shuffle(two, Vector256.Create(2u, 3, 4, 0, 1, 5, 6, 7));
        return four ^ Before(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> RotateLeft(Vector256<uint> value, int count) =>
        (value << count) | (value >>> (32 - count));
}
