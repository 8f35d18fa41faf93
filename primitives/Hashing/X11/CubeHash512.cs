using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dash.Primitives.Hashing.X11;

/// <summary>
/// CubeHash16/32-512 (Bernstein). Thirty-two words, sixteen rounds a block of thirty-two bytes. The words are four
/// vectors of eight: the exchanges of the round are exchanges of vectors or of elements within one.
/// </summary>
internal static class CubeHash512
{
    private const int BlockSize = 32;
    private const int Rounds = 16;
    private const int FinalRounds = 10 * Rounds;

    // The state after sixteen-times-ten rounds over the parameters (64, 32, 16).
    private static ReadOnlySpan<uint> Initial =>
    [
        0x2aea2a61, 0x50f494d4, 0x2d538b8b, 0x4167d83e, 0x3fee2313, 0xc701cf8c, 0xcc39968e, 0x50ac5695,
        0x4d42c787, 0xa647a8b3, 0x97cf0bef, 0x825b4537, 0xeef864d2, 0xf22090c4, 0xd0e5cd33, 0xa23911ae,
        0xfcd398d9, 0x148fe485, 0x1b017bef, 0xb6444532, 0x6a536159, 0x2ff5781c, 0x91fa7934, 0x0dbadea9,
        0xd65c8a2b, 0xa5a70e75, 0xb1c62456, 0xbc796576, 0x1921c8f7, 0xe7989af1, 0x7795d246, 0xd43e3b44,
    ];

    /// <summary>Writes the 64-byte digest; it may overlap the data.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        var a = Vector256.Create(Initial);
        var b = Vector256.Create(Initial[8..]);
        var c = Vector256.Create(Initial[16..]);
        var d = Vector256.Create(Initial[24..]);
        var rest = data;
        for (; rest.Length >= BlockSize; rest = rest[BlockSize..])
        {
            a ^= Read(rest);
            Turn(ref a, ref b, ref c, ref d, Rounds);
        }

        Span<byte> tail = stackalloc byte[BlockSize];
        tail.Clear();
        rest.CopyTo(tail);
        tail[rest.Length] = 0x80;
        a ^= Read(tail);
        Turn(ref a, ref b, ref c, ref d, Rounds);

        // Finalization: a one into the last word, then many rounds.
        d ^= Vector256.Create(0u, 0, 0, 0, 0, 0, 0, 1);
        Turn(ref a, ref b, ref c, ref d, FinalRounds);
        for (var i = 0; i < 8; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(digest[(4 * i)..], a.GetElement(i));
            BinaryPrimitives.WriteUInt32LittleEndian(digest[(32 + (4 * i))..], b.GetElement(i));
        }
    }

    private static Vector256<uint> Read(ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[8];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(block[(4 * i)..]);
        }

        return Vector256.Create<uint>(words);
    }

    private static void Turn(
        ref Vector256<uint> first,
        ref Vector256<uint> second,
        ref Vector256<uint> third,
        ref Vector256<uint> fourth,
        int rounds)
    {
        if (!Vector256.IsHardwareAccelerated)
        {
            TurnHalves(ref first, ref second, ref third, ref fourth, rounds);
            return;
        }

        var (a, b, c, d) = (first, second, third, fourth);
        for (; rounds > 0; rounds--)
        {
            c += a;
            d += b;
            (a, b) = (RotateLeft(b, 7) ^ c, RotateLeft(a, 7) ^ d); // turned and exchanged at once
            c = Vector256.Shuffle(c, Vector256.Create(2u, 3, 0, 1, 6, 7, 4, 5)) + a;
            d = Vector256.Shuffle(d, Vector256.Create(2u, 3, 0, 1, 6, 7, 4, 5)) + b;
            a = Vector256.Shuffle(RotateLeft(a, 11), Vector256.Create(4u, 5, 6, 7, 0, 1, 2, 3)) ^ c;
            b = Vector256.Shuffle(RotateLeft(b, 11), Vector256.Create(4u, 5, 6, 7, 0, 1, 2, 3)) ^ d;
            c = Vector256.Shuffle(c, Vector256.Create(1u, 0, 3, 2, 5, 4, 7, 6));
            d = Vector256.Shuffle(d, Vector256.Create(1u, 0, 3, 2, 5, 4, 7, 6));
        }

        (first, second, third, fourth) = (a, b, c, d);
    }

    // The same with vectors of four words, for processors that have no wider ones.
    private static void TurnHalves(
        ref Vector256<uint> first,
        ref Vector256<uint> second,
        ref Vector256<uint> third,
        ref Vector256<uint> fourth,
        int rounds)
    {
        var (a0, a1, b0, b1) = (first.GetLower(), first.GetUpper(), second.GetLower(), second.GetUpper());
        var (c0, c1, d0, d1) = (third.GetLower(), third.GetUpper(), fourth.GetLower(), fourth.GetUpper());
        for (; rounds > 0; rounds--)
        {
            c0 += a0;
            c1 += a1;
            d0 += b0;
            d1 += b1;
            (a0, b0) = (RotateLeft(b0, 7) ^ c0, RotateLeft(a0, 7) ^ d0);
            (a1, b1) = (RotateLeft(b1, 7) ^ c1, RotateLeft(a1, 7) ^ d1);
            c0 = Vector128.Shuffle(c0, Vector128.Create(2u, 3, 0, 1)) + a0;
            c1 = Vector128.Shuffle(c1, Vector128.Create(2u, 3, 0, 1)) + a1;
            d0 = Vector128.Shuffle(d0, Vector128.Create(2u, 3, 0, 1)) + b0;
            d1 = Vector128.Shuffle(d1, Vector128.Create(2u, 3, 0, 1)) + b1;
            (a0, a1) = (RotateLeft(a1, 11) ^ c0, RotateLeft(a0, 11) ^ c1);
            (b0, b1) = (RotateLeft(b1, 11) ^ d0, RotateLeft(b0, 11) ^ d1);
            c0 = Vector128.Shuffle(c0, Vector128.Create(1u, 0, 3, 2));
            c1 = Vector128.Shuffle(c1, Vector128.Create(1u, 0, 3, 2));
            d0 = Vector128.Shuffle(d0, Vector128.Create(1u, 0, 3, 2));
            d1 = Vector128.Shuffle(d1, Vector128.Create(1u, 0, 3, 2));
        }

        (first, second) = (Vector256.Create(a0, a1), Vector256.Create(b0, b1));
        (third, fourth) = (Vector256.Create(c0, c1), Vector256.Create(d0, d1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> RotateLeft(Vector128<uint> value, int count) =>
        (value << count) | (value >>> (32 - count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> RotateLeft(Vector256<uint> value, int count) =>
        (value << count) | (value >>> (32 - count));
}
