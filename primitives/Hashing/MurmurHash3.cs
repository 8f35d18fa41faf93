using System.Buffers.Binary;
using System.Numerics;

namespace Dash.Primitives.Hashing;

/// <summary>MurmurHash3, the 32-bit form (Appleby): spreads elements over bloom filters. Not for secrets.</summary>
public static class MurmurHash3
{
    private const uint C1 = 0xcc9e2d51;
    private const uint C2 = 0x1b873593;

    /// <summary>Hashes data from a seed.</summary>
    public static uint Hash(uint seed, ReadOnlySpan<byte> data)
    {
        var hash = seed;
        var rest = data;
        for (; rest.Length >= sizeof(uint); rest = rest[sizeof(uint)..])
        {
            hash ^= Scramble(BinaryPrimitives.ReadUInt32LittleEndian(rest));
            hash = (BitOperations.RotateLeft(hash, 13) * 5) + 0xe6546b64;
        }

        uint tail = 0;
        for (var i = rest.Length - 1; i >= 0; i--)
        {
            tail = (tail << 8) | rest[i];
        }

        // A tail of zero, or none, scrambles to zero and changes nothing.
        hash ^= Scramble(tail);
        hash ^= (uint)data.Length;
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }

    private static uint Scramble(uint word) => BitOperations.RotateLeft(word * C1, 15) * C2;
}
