using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Dash.Primitives.Hashing.X11;

/// <summary>
/// SIMD-512 (Leurent, Bouillaguet, Fouque; round-2 version). The message of 128 bytes is expanded by a number
/// theoretic transform of 256 points modulo 257 and two inner codes into the words of 32 steps; the state is four
/// vectors of eight words, eight MD5-like strands side by side.
/// </summary>
internal static class Simd512
{
    private const int BlockSize = 128;
    private const int Points = 256;
    private const int Modulus = 257;
    private const int Root = 41; // of order 256 modulo 257
    private const int Lanes = 8;
    private const int Rounds = 4;
    private const int StepsOfRound = 8;

    // Powers of the root for each level of the transform: those of half-length h stand from h on.
    private static readonly int[] Twiddles = MakeTwiddles();

    // Added to the transform: powers of the root's inverse; for the last block also those of its third power.
    private static readonly int[] Offsets = MakeOffsets(last: false);
    private static readonly int[] LastOffsets = MakeOffsets(last: true);

    // Where the eight words of each step stand in the expanded message, in eights.
    private static ReadOnlySpan<byte> Orders =>
    [
        4, 6, 0, 2, 7, 5, 3, 1, 15, 11, 12, 8, 9, 13, 10, 14,
        17, 18, 23, 20, 22, 21, 16, 19, 30, 24, 25, 31, 27, 29, 28, 26,
    ];

    // Turns of the four rounds, used round about.
    private static ReadOnlySpan<byte> Turns => [3, 23, 17, 27, 28, 19, 22, 7, 29, 9, 15, 5, 4, 13, 10, 25];

    // Strand i takes a word of strand i xor p; p goes through these seven.
    private static ReadOnlySpan<byte> Partners => [1, 6, 2, 3, 5, 7, 4];

    private static ReadOnlySpan<uint> Initial =>
    [
        0x0ba16b95, 0x72f999ad, 0x9fecc2ae, 0xba3264fc, 0x5e894929, 0x8e9f30e5, 0x2f1daa37, 0xf0f2c558,
        0xac506643, 0xa90635a5, 0xe25b878b, 0xaab7878f, 0x88817f7a, 0x0a02892b, 0x559a7550, 0x598f657e,
        0x7eef60a1, 0x6b70e3e8, 0x9c1714d1, 0xb958e2a8, 0xab02675e, 0xed1c014f, 0xcd8d65bb, 0xfdb7a257,
        0x09254899, 0xd699c7bc, 0x9019b6dc, 0x2b9022e4, 0x8fa14956, 0x21bf9bd3, 0xb94d0943, 0x6ffddc22,
    ];

    /// <summary>Writes the 64-byte digest; it may overlap the data.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        Span<uint> state = stackalloc uint[4 * Lanes];
        Initial.CopyTo(state);
        var rest = data;
        for (; rest.Length >= BlockSize; rest = rest[BlockSize..])
        {
            Compress(state, rest, Offsets);
        }

        // Padding: zeros only; then a block with the length in bits.
        Span<byte> tail = stackalloc byte[BlockSize];
        if (!rest.IsEmpty)
        {
            tail.Clear();
            rest.CopyTo(tail);
            Compress(state, tail, Offsets);
        }

        tail.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(tail, 8 * (ulong)data.Length);
        Compress(state, tail, LastOffsets);
        for (var i = 0; i < 2 * Lanes; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(digest[(4 * i)..], state[i]);
        }
    }

    private static void Compress(Span<uint> state, ReadOnlySpan<byte> block, int[] offsets)
    {
        Span<int> points = stackalloc int[Points];
        Transform(block, points);
        Span<uint> words = stackalloc uint[Rounds * StepsOfRound * Lanes];
        Expand(points, offsets, words);

        Span<uint> mixed = stackalloc uint[4 * Lanes];
        for (var i = 0; i < mixed.Length; i++)
        {
            mixed[i] = state[i] ^ BinaryPrimitives.ReadUInt32LittleEndian(block[(4 * i)..]);
        }

        var a = Vector256.Create(mixed);
        var b = Vector256.Create(mixed[8..]);
        var c = Vector256.Create(mixed[16..]);
        var d = Vector256.Create(mixed[24..]);
        for (var round = 0; round < Rounds; round++)
        {
            var turns = Turns.Slice(4 * round, 4);
            for (var step = 0; step < StepsOfRound; step++)
            {
                var word = Vector256.Create(words.Slice(Lanes * Orders[(StepsOfRound * round) + step], Lanes));
                var function = step < 4 ? Choose(a, b, c) : Majority(a, b, c);
                Step(ref a, ref b, ref c, ref d, word + function, turns[step % 4], turns[(step + 1) % 4], round + step);
            }
        }

        // Feed-forward: four more steps over the old state.
        for (var step = 0; step < 4; step++)
        {
            var word = Vector256.Create(state.Slice(Lanes * step, Lanes));
            var turns = Turns.Slice(4 * (Rounds - 1), 4);
            Step(ref a, ref b, ref c, ref d, word + Choose(a, b, c), turns[step], turns[(step + 1) % 4], Rounds + step);
        }

        a.CopyTo(state);
        b.CopyTo(state[8..]);
        c.CopyTo(state[16..]);
        d.CopyTo(state[24..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(
        ref Vector256<uint> a,
        ref Vector256<uint> b,
        ref Vector256<uint> c,
        ref Vector256<uint> d,
        Vector256<uint> addend,
        int turnA,
        int turnSum,
        int number)
    {
        var turned = RotateLeft(a, turnA);
        var partner = Vector256.Create(0u, 1, 2, 3, 4, 5, 6, 7) ^ Vector256.Create((uint)Partners[number % 7]);
        a = RotateLeft(d + addend, turnSum) + Vector256.ShuffleNative(turned, partner);
        d = c;
        c = b;
        b = turned;
    }

    // The transform of 128 bytes (the upper 128 points are zero), decimation in time. Values stay below 2^14 in size:
    // a level makes at most 1.5 |x| + 256 of x. They are reduced at the end.
    private static void Transform(ReadOnlySpan<byte> block, Span<int> points)
    {
        for (var i = 0; i < BlockSize; i++)
        {
            // The first level adds and subtracts zero, so both its results are the byte itself.
            var at = ReverseBits(i);
            points[at] = block[i];
            points[at + 1] = block[i];
        }

        for (var half = 2; half < Lanes; half *= 2)
        {
            for (var start = 0; start < Points; start += 2 * half)
            {
                for (var i = start; i < start + half; i++)
                {
                    var product = points[i + half] * Twiddles[half + i - start];
                    var turned = (product & 0xff) - (product >> 8);
                    (points[i], points[i + half]) = (points[i] + turned, points[i] - turned);
                }
            }
        }

        var vectors = MemoryMarshal.Cast<int, Vector256<int>>(points);
        var twiddles = MemoryMarshal.Cast<int, Vector256<int>>(Twiddles);
        for (var half = 1; half < vectors.Length; half *= 2)
        {
            for (var start = 0; start < vectors.Length; start += 2 * half)
            {
                for (var i = start; i < start + half; i++)
                {
                    var turned = Reduce(vectors[i + half] * twiddles[half + i - start]);
                    var even = vectors[i];
                    vectors[i] = even + turned;
                    vectors[i + half] = even - turned;
                }
            }
        }
    }

    // Offsets, reduction to -128..128, and the inner codes: pairs of points times 185 for the first two rounds,
    // points 128 apart times 233 for the last two.
    private static void Expand(Span<int> points, int[] offsets, Span<uint> words)
    {
        Span<short> reduced = stackalloc short[Points];
        var vectors = MemoryMarshal.Cast<int, Vector256<int>>(points);
        var added = MemoryMarshal.Cast<int, Vector256<int>>(offsets);
        var target = MemoryMarshal.Cast<short, Vector256<short>>(reduced);
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = Vector256.Narrow(
                Center(vectors[2 * i] + added[2 * i]), Center(vectors[(2 * i) + 1] + added[(2 * i) + 1]));
        }

        // 128 pairs of points, as words: the even point in the lower half, the odd one in the upper.
        var result = MemoryMarshal.Cast<uint, Vector256<uint>>(words);
        var quarter = result.Length / 4;
        for (var i = 0; i < quarter; i++)
        {
            result[i] = (target[i] * (short)185).AsUInt32();
            result[quarter + i] = (target[quarter + i] * (short)185).AsUInt32();
            var near = (target[i] * (short)233).AsUInt32();
            var far = (target[quarter + i] * (short)233).AsUInt32();
            var low = Vector256.Create(0xffffu);
            result[(2 * quarter) + i] = (near & low) | (far << 16);
            result[(3 * quarter) + i] = (near >>> 16) | (far & ~low);
        }
    }

    // 256 is -1: a step towards a small value of the same residue.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Reduce(Vector256<int> value) => (value & Vector256.Create(0xff)) - (value >> 8);

    // The residue between -128 and 128.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Center(Vector256<int> value)
    {
        value = Reduce(Reduce(Reduce(value)));
        value -= Vector256.GreaterThan(value, Vector256.Create(128)) & Vector256.Create(Modulus);
        return value + (Vector256.LessThan(value, Vector256.Create(-128)) & Vector256.Create(Modulus));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Choose(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) =>
        ((b ^ c) & a) ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Majority(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) =>
        (a & b) | ((a | b) & c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> RotateLeft(Vector256<uint> value, int count) =>
        (value << count) | (value >>> (32 - count));

    private static int ReverseBits(int value)
    {
        var reversed = 0;
        for (var bit = 0; bit < 8; bit++)
        {
            reversed = (reversed << 1) | ((value >> bit) & 1);
        }

        return reversed;
    }

    private static int[] MakeTwiddles()
    {
        var twiddles = new int[Points];
        for (var half = 1; half < Points; half *= 2)
        {
            var power = 1;
            for (var i = 0; i < half; i++)
            {
                // Kept between -128 and 128, so that products stay small.
                twiddles[half + i] = power > Modulus / 2 ? power - Modulus : power;
                power = power * Power(Root, Points / (2 * half)) % Modulus;
            }
        }

        return twiddles;
    }

    private static int[] MakeOffsets(bool last)
    {
        var inverse = Power(Root, Points - 1);
        var offsets = new int[Points];
        for (var i = 0; i < Points; i++)
        {
            var power = Power(inverse, i);
            offsets[i] = last ? (power + (power * power % Modulus * power)) % Modulus : power;
        }

        return offsets;
    }

    private static int Power(int value, int exponent)
    {
        var result = 1;
        for (var i = 0; i < exponent; i++)
        {
            result = result * value % Modulus;
        }

        return result;
    }
}
