using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Dash.Primitives.Hashing.X11;

/// <summary>
/// Grøstl-512 (Gauravaram, Knudsen, Matusiewicz, Mendel, Rechberger, Schläffer, Thomsen; round-3 version). A state is
/// 8 rows of 16 bytes; its columns are eight bytes of the message each. Kept here row by row, a vector each.
/// </summary>
internal static class Groestl512
{
    private const int BlockSize = 128;
    private const int CountSize = 8;
    private const int Rows = 8;
    private const int Columns = 16;
    private const int Rounds = 14;

    // How far each row moves left in the permutations P and Q, as the shuffle that also undoes the ShiftRows which
    // comes with the instruction for SubBytes.
    private static readonly Vector128<byte>[] ShiftsP = MakeShifts([0, 1, 2, 3, 4, 5, 6, 11]);
    private static readonly Vector128<byte>[] ShiftsQ = MakeShifts([1, 3, 5, 11, 0, 2, 4, 6]);

    private static readonly Vector128<byte> ColumnNumbers = Vector128.Create(
        0x00, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x80, 0x90, 0xa0, 0xb0, 0xc0, 0xd0, 0xe0, 0xf0);

    /// <summary>Writes the 64-byte digest; it may overlap the data.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        // The chain starts as the digest's length in bits, big-endian: 0x0200 in the last column's last two rows.
        Span<Vector128<byte>> chain = stackalloc Vector128<byte>[Rows];
        chain.Clear();
        chain[Rows - 2] = Vector128<byte>.Zero.WithElement(Columns - 1, (byte)0x02);
        var rest = data;
        for (; rest.Length >= BlockSize; rest = rest[BlockSize..])
        {
            Compress(chain, rest);
        }

        // Padding: a one bit, zeros, the number of blocks (big-endian).
        Span<byte> tail = stackalloc byte[2 * BlockSize];
        tail.Clear();
        rest.CopyTo(tail);
        tail[rest.Length] = 0x80;
        var end = rest.Length < BlockSize - CountSize ? BlockSize : 2 * BlockSize;
        var blocks = (data.Length - rest.Length + end) / BlockSize;
        BinaryPrimitives.WriteUInt64BigEndian(tail[(end - CountSize)..], (ulong)blocks);
        for (var at = 0; at < end; at += BlockSize)
        {
            Compress(chain, tail[at..]);
        }

        // Output: the second half of P(chain) xor chain.
        Span<Vector128<byte>> last = stackalloc Vector128<byte>[Rows];
        chain.CopyTo(last);
        PermuteP(last);
        for (var row = 0; row < Rows; row++)
        {
            var values = last[row] ^ chain[row];
            for (var column = Columns / 2; column < Columns; column++)
            {
                digest[(Rows * (column - (Columns / 2))) + row] = values.GetElement(column);
            }
        }
    }

    // chain = P(chain xor message) xor Q(message) xor chain
    private static void Compress(Span<Vector128<byte>> chain, ReadOnlySpan<byte> block)
    {
        Span<byte> bytes = stackalloc byte[BlockSize];
        for (var i = 0; i < BlockSize; i++)
        {
            bytes[(Columns * (i % Rows)) + (i / Rows)] = block[i];
        }

        Span<Vector128<byte>> p = stackalloc Vector128<byte>[Rows];
        Span<Vector128<byte>> q = stackalloc Vector128<byte>[Rows];
        for (var row = 0; row < Rows; row++)
        {
            q[row] = Vector128.Create<byte>(bytes.Slice(Columns * row, Columns));
            p[row] = q[row] ^ chain[row];
        }

        PermuteP(p);
        PermuteQ(q);
        for (var row = 0; row < Rows; row++)
        {
            chain[row] ^= p[row] ^ q[row];
        }
    }

    private static void PermuteP(Span<Vector128<byte>> state)
    {
        for (var round = 0; round < Rounds; round++)
        {
            state[0] ^= ColumnNumbers ^ Vector128.Create((byte)round);
            SubstituteAndMix(state, ShiftsP);
        }
    }

    private static void PermuteQ(Span<Vector128<byte>> state)
    {
        for (var round = 0; round < Rounds; round++)
        {
            for (var row = 0; row < Rows; row++)
            {
                state[row] = ~state[row];
            }

            state[Rows - 1] ^= ColumnNumbers ^ Vector128.Create((byte)round);
            SubstituteAndMix(state, ShiftsQ);
        }
    }

    // SubBytes, ShiftBytes, then each column times the circulant matrix (2 2 3 4 5 3 5 7). With a_i the rows:
    // b_i = 4 (a_i+3 + a_i+4 + a_i+6 + a_i+7) + 2 (a_i + a_i+1 + a_i+2 + a_i+5 + a_i+7)
    //     + (a_i+2 + a_i+4 + a_i+5 + a_i+6 + a_i+7), which sums of neighbours give with two doublings a row.
    private static void SubstituteAndMix(Span<Vector128<byte>> s, Vector128<byte>[] shifts)
    {
        var a0 = AesRound.Last(Vector128.ShuffleNative(s[0], shifts[0]));
        var a1 = AesRound.Last(Vector128.ShuffleNative(s[1], shifts[1]));
        var a2 = AesRound.Last(Vector128.ShuffleNative(s[2], shifts[2]));
        var a3 = AesRound.Last(Vector128.ShuffleNative(s[3], shifts[3]));
        var a4 = AesRound.Last(Vector128.ShuffleNative(s[4], shifts[4]));
        var a5 = AesRound.Last(Vector128.ShuffleNative(s[5], shifts[5]));
        var a6 = AesRound.Last(Vector128.ShuffleNative(s[6], shifts[6]));
        var a7 = AesRound.Last(Vector128.ShuffleNative(s[7], shifts[7]));

        var t0 = a0 ^ a1;
        var t1 = a1 ^ a2;
        var t2 = a2 ^ a3;
        var t3 = a3 ^ a4;
        var t4 = a4 ^ a5;
        var t5 = a5 ^ a6;
        var t6 = a6 ^ a7;
        var t7 = a7 ^ a0;

        var y0 = t0 ^ t2 ^ a6;
        var y1 = t1 ^ t3 ^ a7;
        var y2 = t2 ^ t4 ^ a0;
        var y3 = t3 ^ t5 ^ a1;
        var y4 = t4 ^ t6 ^ a2;
        var y5 = t5 ^ t7 ^ a3;
        var y6 = t6 ^ t0 ^ a4;
        var y7 = t7 ^ t1 ^ a5;

        s[0] = AesRound.Double(AesRound.Double(t3 ^ t6) ^ y7) ^ y4;
        s[1] = AesRound.Double(AesRound.Double(t4 ^ t7) ^ y0) ^ y5;
        s[2] = AesRound.Double(AesRound.Double(t5 ^ t0) ^ y1) ^ y6;
        s[3] = AesRound.Double(AesRound.Double(t6 ^ t1) ^ y2) ^ y7;
        s[4] = AesRound.Double(AesRound.Double(t7 ^ t2) ^ y3) ^ y0;
        s[5] = AesRound.Double(AesRound.Double(t0 ^ t3) ^ y4) ^ y1;
        s[6] = AesRound.Double(AesRound.Double(t1 ^ t4) ^ y5) ^ y2;
        s[7] = AesRound.Double(AesRound.Double(t2 ^ t5) ^ y6) ^ y3;
    }

    private static Vector128<byte>[] MakeShifts(ReadOnlySpan<int> counts)
    {
        var shifts = new Vector128<byte>[Rows];
        Span<byte> source = stackalloc byte[Columns];
        for (var row = 0; row < Rows; row++)
        {
            for (var i = 0; i < Columns; i++)
            {
                // ShiftRows will bring to place i the byte at place i + 4 (i mod 4): put there what belongs to i.
                source[(i + (4 * (i % 4))) % Columns] = (byte)((i + counts[row]) % Columns);
            }

            shifts[row] = Vector128.Create<byte>(source);
        }

        return shifts;
    }
}
