using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Dash.Primitives.Hashing.X11;

/// <summary>
/// ECHO-512 (Benadjila, Billet, Gilbert, Macario-Rat, Peyrin, Robshaw, Seurin). AES with words of sixteen bytes in
/// place of bytes: SubWords is two rounds of AES under a counter, then ShiftRows, then MixColumns. No salt.
/// </summary>
internal static class Echo512
{
    private const int BlockSize = 128;
    private const int TrailerSize = 18; // 2 bytes of digest length, 16 of message length
    private const int Words = 16;
    private const int ChainWords = 8;
    private const int Rounds = 10;

    /// <summary>Writes the 64-byte digest; it may overlap the data.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        // Each word of the chain starts as the digest's length in bits.
        Span<Vector128<byte>> chain = stackalloc Vector128<byte>[ChainWords];
        chain.Fill(Vector128.Create(8ul * X11Hash.DigestSize, 0).AsByte());
        var rest = data;
        var bits = 0ul;
        for (; rest.Length >= BlockSize; rest = rest[BlockSize..])
        {
            bits += 8 * BlockSize;
            Compress(chain, rest, bits);
        }

        Span<byte> tail = stackalloc byte[2 * BlockSize];
        tail.Clear();
        rest.CopyTo(tail);
        tail[rest.Length] = 0x80;
        var end = rest.Length < BlockSize - TrailerSize ? BlockSize : 2 * BlockSize;
        bits = 8 * (ulong)data.Length;
        BinaryPrimitives.WriteUInt16LittleEndian(tail[(end - TrailerSize)..], 8 * X11Hash.DigestSize);
        BinaryPrimitives.WriteUInt64LittleEndian(tail[(end - TrailerSize + 2)..], bits);

        // The counter is the number of message bits hashed so far, but zero for a block without any.
        Compress(chain, tail, rest.IsEmpty ? 0 : bits);
        if (end > BlockSize)
        {
            Compress(chain, tail[BlockSize..], 0);
        }

        MemoryMarshal.AsBytes(chain)[..X11Hash.DigestSize].CopyTo(digest);
    }

    private static void Compress(Span<Vector128<byte>> chain, ReadOnlySpan<byte> block, ulong counter)
    {
        Span<Vector128<byte>> state = stackalloc Vector128<byte>[Words];
        chain.CopyTo(state);
        var message = MemoryMarshal.Cast<byte, Vector128<byte>>(block[..BlockSize]);
        message.CopyTo(state[ChainWords..]);
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < Words; i++)
            {
                var once = AesRound.Full(state[i], Vector128.Create(counter, 0).AsByte());
                state[i] = AesRound.Full(once, Vector128<byte>.Zero);
                counter++;
            }

            // The rows of column c come from the columns c, c+1, c+2, c+3.
            var (w1, w2, w3, w6, w7, w11) = (state[1], state[2], state[3], state[6], state[7], state[11]);
            Mix(state, state[0], state[5], state[10], state[15]);
            Mix(state[4..], state[4], state[9], state[14], w3);
            Mix(state[8..], state[8], state[13], w2, w7);
            Mix(state[12..], state[12], w1, w6, w11);
        }

        for (var i = 0; i < ChainWords; i++)
        {
            chain[i] ^= message[i] ^ state[i] ^ state[i + ChainWords];
        }
    }

    // AES's matrix (2 3 1 1) on sixteen bytes at once.
    private static void Mix(
        Span<Vector128<byte>> column, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> d)
    {
        var all = a ^ b ^ c ^ d;
        column[0] = a ^ all ^ AesRound.Double(a ^ b);
        column[1] = b ^ all ^ AesRound.Double(b ^ c);
        column[2] = c ^ all ^ AesRound.Double(c ^ d);
        column[3] = d ^ all ^ AesRound.Double(d ^ a);
    }
}
