using System.Buffers.Binary;
using System.Numerics;

namespace Dash.Primitives.Hashing;

/// <summary>The stream of ChaCha20 from its beginning, with nonce zero: spreads 32 bytes over many. No secret goes in.</summary>
internal static class ChaChaKeystream
{
    private const int BlockSize = 64;
    private const int Words = 16;

    /// <summary>Fills <paramref name="stream"/>, whose length is a multiple of 64.</summary>
    public static void Fill(ReadOnlySpan<byte> key, Span<byte> stream)
    {
        Span<uint> start = stackalloc uint[Words];
        start[0] = 0x61707865; // "expand 32-byte k"
        start[1] = 0x3320646e;
        start[2] = 0x79622d32;
        start[3] = 0x6b206574;
        for (var i = 0; i < 8; i++)
        {
            start[4 + i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(i * sizeof(uint))..]);
        }

        start[12..].Clear();
        Span<uint> state = stackalloc uint[Words];
        for (var offset = 0; offset < stream.Length; offset += BlockSize, start[12]++)
        {
            start.CopyTo(state);
            for (var round = 0; round < 10; round++)
            {
                Quarter(state, 0, 4, 8, 12);
                Quarter(state, 1, 5, 9, 13);
                Quarter(state, 2, 6, 10, 14);
                Quarter(state, 3, 7, 11, 15);
                Quarter(state, 0, 5, 10, 15);
                Quarter(state, 1, 6, 11, 12);
                Quarter(state, 2, 7, 8, 13);
                Quarter(state, 3, 4, 9, 14);
            }

            for (var i = 0; i < Words; i++)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(stream[(offset + (i * sizeof(uint)))..], state[i] + start[i]);
            }
        }
    }

    private static void Quarter(Span<uint> state, int a, int b, int c, int d)
    {
        state[a] += state[b];
        state[d] = BitOperations.RotateLeft(state[d] ^ state[a], 16);
        state[c] += state[d];
        state[b] = BitOperations.RotateLeft(state[b] ^ state[c], 12);
        state[a] += state[b];
        state[d] = BitOperations.RotateLeft(state[d] ^ state[a], 8);
        state[c] += state[d];
        state[b] = BitOperations.RotateLeft(state[b] ^ state[c], 7);
    }
}
