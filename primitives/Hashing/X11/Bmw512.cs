using System.Buffers.Binary;
using System.Numerics;

namespace Dash.Primitives.Hashing.X11;

/// <summary>
/// Blue Midnight Wish-512 (Gligoroski, Klima, Knapskog, El-Hadedy, Amundsen, Mjølsnes; round-2 version). A block of
/// sixteen words and a chain of sixteen words become a queue of thirty-two, which is folded into the next chain.
/// </summary>
internal static class Bmw512
{
    private const int BlockSize = 128;
    private const int LengthSize = 8;
    private const int Words = 16;

    /// <summary>Writes the 64-byte digest; it may overlap the data.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        // The chain starts as the bytes 0x80 to 0xff in order, read as big-endian words.
        Span<ulong> chain = stackalloc ulong[Words];
        for (var i = 0; i < Words; i++)
        {
            chain[i] = 0x8081828384858687 + ((ulong)i * 0x0808080808080808);
        }

        Span<ulong> message = stackalloc ulong[Words];
        var rest = data;
        for (; rest.Length >= BlockSize; rest = rest[BlockSize..])
        {
            Compress(chain, Read(rest, message));
        }

        Span<byte> tail = stackalloc byte[2 * BlockSize];
        tail.Clear();
        rest.CopyTo(tail);
        tail[rest.Length] = 0x80;
        var end = rest.Length < BlockSize - LengthSize ? BlockSize : 2 * BlockSize;
        BinaryPrimitives.WriteUInt64LittleEndian(tail[(end - LengthSize)..], 8 * (ulong)data.Length);
        for (var at = 0; at < end; at += BlockSize)
        {
            Compress(chain, Read(tail[at..], message));
        }

        // Last, the chain is itself a message, hashed from a chain of constants.
        Span<ulong> final = stackalloc ulong[Words];
        for (var i = 0; i < Words; i++)
        {
            final[i] = 0xaaaaaaaaaaaaaaa0 + (ulong)i;
        }

        Compress(final, chain);
        for (var i = 0; i < 8; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(digest[(8 * i)..], final[8 + i]);
        }
    }

    private static ReadOnlySpan<ulong> Read(ReadOnlySpan<byte> block, Span<ulong> message)
    {
        for (var i = 0; i < Words; i++)
        {
            message[i] = BinaryPrimitives.ReadUInt64LittleEndian(block[(8 * i)..]);
        }

        return message;
    }

    private static void Compress(Span<ulong> chain, ReadOnlySpan<ulong> message)
    {
        Span<ulong> queue = stackalloc ulong[2 * Words];
        Start(queue, chain, message);
        Expand(queue, chain, message);
        Fold(queue, chain, message);
    }

    // f0: sums of chosen words of message xor chain.
    private static void Start(Span<ulong> queue, ReadOnlySpan<ulong> chain, ReadOnlySpan<ulong> message)
    {
        Span<ulong> x = stackalloc ulong[Words];
        for (var i = 0; i < Words; i++)
        {
            x[i] = message[i] ^ chain[i];
        }

        queue[0] = S0(x[5] - x[7] + x[10] + x[13] + x[14]) + chain[1];
        queue[1] = S1(x[6] - x[8] + x[11] + x[14] - x[15]) + chain[2];
        queue[2] = S2(x[0] + x[7] + x[9] - x[12] + x[15]) + chain[3];
        queue[3] = S3(x[0] - x[1] + x[8] - x[10] + x[13]) + chain[4];
        queue[4] = S4(x[1] + x[2] + x[9] - x[11] - x[14]) + chain[5];
        queue[5] = S0(x[3] - x[2] + x[10] - x[12] + x[15]) + chain[6];
        queue[6] = S1(x[4] - x[0] - x[3] - x[11] + x[13]) + chain[7];
        queue[7] = S2(x[1] - x[4] - x[5] - x[12] - x[14]) + chain[8];
        queue[8] = S3(x[2] - x[5] - x[6] + x[13] - x[15]) + chain[9];
        queue[9] = S4(x[0] - x[3] + x[6] - x[7] + x[14]) + chain[10];
        queue[10] = S0(x[8] - x[1] - x[4] - x[7] + x[15]) + chain[11];
        queue[11] = S1(x[8] - x[0] - x[2] - x[5] + x[9]) + chain[12];
        queue[12] = S2(x[1] + x[3] - x[6] - x[9] + x[10]) + chain[13];
        queue[13] = S3(x[2] + x[4] + x[7] + x[10] + x[11]) + chain[14];
        queue[14] = S4(x[3] - x[5] + x[8] - x[11] - x[12]) + chain[15];
        queue[15] = S0(x[12] - x[4] - x[6] - x[9] + x[13]) + chain[0];
    }

    // f1: each further word from the sixteen before; twice the costly way, fourteen times the cheap way.
    private static void Expand(Span<ulong> queue, ReadOnlySpan<ulong> chain, ReadOnlySpan<ulong> message)
    {
        Span<ulong> turned = stackalloc ulong[Words];
        for (var i = 0; i < Words; i++)
        {
            turned[i] = BitOperations.RotateLeft(message[i], i + 1);
        }

        for (var i = 0; i < Words; i++)
        {
            var q = queue.Slice(i, Words);
            var sum = i < 2
                ? S1(q[0]) + S2(q[1]) + S3(q[2]) + S0(q[3]) + S1(q[4]) + S2(q[5]) + S3(q[6]) + S0(q[7])
                    + S1(q[8]) + S2(q[9]) + S3(q[10]) + S0(q[11]) + S1(q[12]) + S2(q[13]) + S3(q[14]) + S0(q[15])
                : q[0] + BitOperations.RotateLeft(q[1], 5) + q[2] + BitOperations.RotateLeft(q[3], 11)
                    + q[4] + BitOperations.RotateLeft(q[5], 27) + q[6] + BitOperations.RotateLeft(q[7], 32)
                    + q[8] + BitOperations.RotateLeft(q[9], 37) + q[10] + BitOperations.RotateLeft(q[11], 43)
                    + q[12] + BitOperations.RotateLeft(q[13], 53) + S4(q[14]) + S5(q[15]);
            var constant = (ulong)(Words + i) * 0x0555555555555555;
            var element = turned[i] + turned[(i + 3) % Words] - turned[(i + 10) % Words] + constant;
            queue[Words + i] = sum + (element ^ chain[(i + 7) % Words]);
        }
    }

    // f2: thirty-two words back into sixteen.
    private static void Fold(ReadOnlySpan<ulong> q, Span<ulong> chain, ReadOnlySpan<ulong> m)
    {
        var low = q[16] ^ q[17] ^ q[18] ^ q[19] ^ q[20] ^ q[21] ^ q[22] ^ q[23];
        var high = low ^ q[24] ^ q[25] ^ q[26] ^ q[27] ^ q[28] ^ q[29] ^ q[30] ^ q[31];
        chain[0] = ((high << 5) ^ (q[16] >> 5) ^ m[0]) + (low ^ q[24] ^ q[0]);
        chain[1] = ((high >> 7) ^ (q[17] << 8) ^ m[1]) + (low ^ q[25] ^ q[1]);
        chain[2] = ((high >> 5) ^ (q[18] << 5) ^ m[2]) + (low ^ q[26] ^ q[2]);
        chain[3] = ((high >> 1) ^ (q[19] << 5) ^ m[3]) + (low ^ q[27] ^ q[3]);
        chain[4] = ((high >> 3) ^ q[20] ^ m[4]) + (low ^ q[28] ^ q[4]);
        chain[5] = ((high << 6) ^ (q[21] >> 6) ^ m[5]) + (low ^ q[29] ^ q[5]);
        chain[6] = ((high >> 4) ^ (q[22] << 6) ^ m[6]) + (low ^ q[30] ^ q[6]);
        chain[7] = ((high >> 11) ^ (q[23] << 2) ^ m[7]) + (low ^ q[31] ^ q[7]);
        chain[8] = BitOperations.RotateLeft(chain[4], 9) + (high ^ q[24] ^ m[8]) + ((low << 8) ^ q[23] ^ q[8]);
        chain[9] = BitOperations.RotateLeft(chain[5], 10) + (high ^ q[25] ^ m[9]) + ((low >> 6) ^ q[16] ^ q[9]);
        chain[10] = BitOperations.RotateLeft(chain[6], 11) + (high ^ q[26] ^ m[10]) + ((low << 6) ^ q[17] ^ q[10]);
        chain[11] = BitOperations.RotateLeft(chain[7], 12) + (high ^ q[27] ^ m[11]) + ((low << 4) ^ q[18] ^ q[11]);
        chain[12] = BitOperations.RotateLeft(chain[0], 13) + (high ^ q[28] ^ m[12]) + ((low >> 3) ^ q[19] ^ q[12]);
        chain[13] = BitOperations.RotateLeft(chain[1], 14) + (high ^ q[29] ^ m[13]) + ((low >> 4) ^ q[20] ^ q[13]);
        chain[14] = BitOperations.RotateLeft(chain[2], 15) + (high ^ q[30] ^ m[14]) + ((low >> 7) ^ q[21] ^ q[14]);
        chain[15] = BitOperations.RotateLeft(chain[3], 16) + (high ^ q[31] ^ m[15]) + ((low >> 2) ^ q[22] ^ q[15]);
    }

    private static ulong S0(ulong x) =>
        (x >> 1) ^ (x << 3) ^ BitOperations.RotateLeft(x, 4) ^ BitOperations.RotateLeft(x, 37);

    private static ulong S1(ulong x) =>
        (x >> 1) ^ (x << 2) ^ BitOperations.RotateLeft(x, 13) ^ BitOperations.RotateLeft(x, 43);

    private static ulong S2(ulong x) =>
        (x >> 2) ^ (x << 1) ^ BitOperations.RotateLeft(x, 19) ^ BitOperations.RotateLeft(x, 53);

    private static ulong S3(ulong x) =>
        (x >> 2) ^ (x << 2) ^ BitOperations.RotateLeft(x, 28) ^ BitOperations.RotateLeft(x, 59);

    private static ulong S4(ulong x) => (x >> 1) ^ x;

    private static ulong S5(ulong x) => (x >> 2) ^ x;
}
