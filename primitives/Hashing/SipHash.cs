using System.Buffers.Binary;
using System.Numerics;

namespace Dash.Primitives.Hashing;

/// <summary>
/// SipHash-2-4 (Aumasson, Bernstein): a short keyed hash whose values nobody can predict without the key. Used for
/// BIP152 short ids and BIP158 filters.
/// </summary>
public static class SipHash
{
    /// <summary>Hashes data under a key of two little-endian words.</summary>
    public static ulong Hash(ulong key0, ulong key1, ReadOnlySpan<byte> data)
    {
        var v0 = 0x736f6d6570736575 ^ key0;
        var v1 = 0x646f72616e646f6d ^ key1;
        var v2 = 0x6c7967656e657261 ^ key0;
        var v3 = 0x7465646279746573 ^ key1;
        var rest = data;
        for (; rest.Length >= 8; rest = rest[8..])
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(rest);
            v3 ^= word;
            Round(ref v0, ref v1, ref v2, ref v3);
            Round(ref v0, ref v1, ref v2, ref v3);
            v0 ^= word;
        }

        // The last word: what is left, and the length modulo 256 in the top byte.
        Span<byte> tail = stackalloc byte[8];
        tail.Clear();
        rest.CopyTo(tail);
        tail[7] = (byte)data.Length;
        var last = BinaryPrimitives.ReadUInt64LittleEndian(tail);
        v3 ^= last;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= last;

        v2 ^= 0xff;
        for (var i = 0; i < 4; i++)
        {
            Round(ref v0, ref v1, ref v2, ref v3);
        }

        return v0 ^ v1 ^ v2 ^ v3;
    }

    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v3;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}
