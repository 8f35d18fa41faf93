using System.Buffers.Binary;
using System.Numerics;

namespace Dash.Primitives.Hashing.X11;

/// <summary>
/// Keccak-512 (Bertoni, Daemen, Peeters, Van Assche) as it was in the contest: SHA3-512 but for the padding.
/// </summary>
internal static class Keccak512
{
    private const int Rate = 72;
    private const int Lanes = 25;

    private static ReadOnlySpan<ulong> RoundConstants =>
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
        0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
        0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
        0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
        0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
        0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ];

    /// <summary>Writes the 64-byte digest; it may overlap the data.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        Span<ulong> state = stackalloc ulong[Lanes];
        state.Clear();
        var rest = data;
        for (; rest.Length >= Rate; rest = rest[Rate..])
        {
            Absorb(state, rest);
        }

        // Padding: a one bit, zeros, a one bit at the end of the block.
        Span<byte> tail = stackalloc byte[Rate];
        tail.Clear();
        rest.CopyTo(tail);
        tail[rest.Length] = 0x01;
        tail[Rate - 1] |= 0x80;
        Absorb(state, tail);
        for (var i = 0; i < 8; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(digest[(8 * i)..], state[i]);
        }
    }

    private static void Absorb(Span<ulong> state, ReadOnlySpan<byte> block)
    {
        for (var i = 0; i < Rate / 8; i++)
        {
            state[i] ^= BinaryPrimitives.ReadUInt64LittleEndian(block[(8 * i)..]);
        }

        foreach (var constant in RoundConstants)
        {
            Round(state, constant);
        }
    }

    private static void Round(Span<ulong> a, ulong constant)
    {
        // theta: to each lane the parity of the column before and of the one behind, turned.
        var c0 = a[0] ^ a[5] ^ a[10] ^ a[15] ^ a[20];
        var c1 = a[1] ^ a[6] ^ a[11] ^ a[16] ^ a[21];
        var c2 = a[2] ^ a[7] ^ a[12] ^ a[17] ^ a[22];
        var c3 = a[3] ^ a[8] ^ a[13] ^ a[18] ^ a[23];
        var c4 = a[4] ^ a[9] ^ a[14] ^ a[19] ^ a[24];
        var d0 = c4 ^ BitOperations.RotateLeft(c1, 1);
        var d1 = c0 ^ BitOperations.RotateLeft(c2, 1);
        var d2 = c1 ^ BitOperations.RotateLeft(c3, 1);
        var d3 = c2 ^ BitOperations.RotateLeft(c4, 1);
        var d4 = c3 ^ BitOperations.RotateLeft(c0, 1);

        // rho and pi: each lane is turned and moves to another place; p, q, r, s, t are the new rows.
        var (p0, p1, p2) = (a[0] ^ d0, Turn(a[6] ^ d1, 44), Turn(a[12] ^ d2, 43));
        var (p3, p4) = (Turn(a[18] ^ d3, 21), Turn(a[24] ^ d4, 14));
        var (q0, q1, q2) = (Turn(a[3] ^ d3, 28), Turn(a[9] ^ d4, 20), Turn(a[10] ^ d0, 3));
        var (q3, q4) = (Turn(a[16] ^ d1, 45), Turn(a[22] ^ d2, 61));
        var (r0, r1, r2) = (Turn(a[1] ^ d1, 1), Turn(a[7] ^ d2, 6), Turn(a[13] ^ d3, 25));
        var (r3, r4) = (Turn(a[19] ^ d4, 8), Turn(a[20] ^ d0, 18));
        var (s0, s1, s2) = (Turn(a[4] ^ d4, 27), Turn(a[5] ^ d0, 36), Turn(a[11] ^ d1, 10));
        var (s3, s4) = (Turn(a[17] ^ d2, 15), Turn(a[23] ^ d3, 56));
        var (t0, t1, t2) = (Turn(a[2] ^ d2, 62), Turn(a[8] ^ d3, 55), Turn(a[14] ^ d4, 39));
        var (t3, t4) = (Turn(a[15] ^ d0, 41), Turn(a[21] ^ d1, 2));

        // chi in each row, iota in the first lane.
        Chi(a, p0, p1, p2, p3, p4);
        Chi(a[5..], q0, q1, q2, q3, q4);
        Chi(a[10..], r0, r1, r2, r3, r4);
        Chi(a[15..], s0, s1, s2, s3, s4);
        Chi(a[20..], t0, t1, t2, t3, t4);
        a[0] ^= constant;
    }

    private static ulong Turn(ulong lane, int count) => BitOperations.RotateLeft(lane, count);

    private static void Chi(Span<ulong> row, ulong b0, ulong b1, ulong b2, ulong b3, ulong b4)
    {
        row[4] = b4 ^ (~b0 & b1);
        row[3] = b3 ^ (~b4 & b0);
        row[2] = b2 ^ (~b3 & b4);
        row[1] = b1 ^ (~b2 & b3);
        row[0] = b0 ^ (~b1 & b2);
    }
}
