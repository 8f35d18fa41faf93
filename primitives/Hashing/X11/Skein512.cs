using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Dash.Primitives.Hashing.X11;

/// <summary>
/// Skein-512-512 (Ferguson, Lucks, Schneier, Whiting, Bellare, Kohno, Callas, Walker; version 1.3). The block cipher
/// Threefish-512 with the chain as key and a tweak that says which bytes of what these are.
/// </summary>
internal static class Skein512
{
    private const int BlockSize = 64;
    private const int Words = 8;
    private const int Injections = 19; // 72 rounds, a subkey before every four and after the last
    private const ulong Parity = 0x1bd11bdaa9fc1a22;

    // High word of the tweak: the kind of block in bits 56-61, first and last block above.
    private const ulong Message = 48ul << 56;
    private const ulong Output = 63ul << 56;
    private const ulong First = 1ul << 62;
    private const ulong Final = 1ul << 63;

    // The chain after the configuration block for a digest of 512 bits.
    private static ReadOnlySpan<ulong> Initial =>
    [
        0x4903adff749c51ce, 0x0d95de399746df03, 0x8fd1934127c79bce, 0x9a255629ff352cb1,
        0x5db62599df6ca7b0, 0xeabe394ca9d5c3f4, 0x991112c71a75b523, 0xae18a40b660fcc33,
    ];

    /// <summary>Writes the 64-byte digest; it may overlap the data.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        Span<ulong> chain = stackalloc ulong[Words];
        Initial.CopyTo(chain);
        var rest = data;
        var first = First;
        for (; rest.Length > BlockSize; rest = rest[BlockSize..])
        {
            Compress(chain, rest, (ulong)(data.Length - rest.Length + BlockSize), Message | first);
            first = 0;
        }

        Span<byte> block = stackalloc byte[BlockSize];
        block.Clear();
        rest.CopyTo(block);
        Compress(chain, block, (ulong)data.Length, Message | first | Final);
        block.Clear();
        Compress(chain, block, sizeof(ulong), Output | First | Final); // the output's counter, zero
        for (var i = 0; i < Words; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(digest[(8 * i)..], chain[i]);
        }
    }

    // chain = Threefish(key: chain, tweak: position and flags, block) xor block
    private static void Compress(Span<ulong> chain, ReadOnlySpan<byte> block, ulong position, ulong flags)
    {
        // Key words repeat every nine, tweak words every three.
        Span<ulong> key = stackalloc ulong[Injections + Words];
        var parity = Parity;
        for (var i = 0; i < Words; i++)
        {
            key[i] = chain[i];
            parity ^= chain[i];
        }

        key[Words] = parity;
        for (var i = Words + 1; i < key.Length; i++)
        {
            key[i] = key[i - Words - 1];
        }

        Span<ulong> tweak = stackalloc ulong[Injections + 1];
        (tweak[0], tweak[1], tweak[2]) = (position, flags, position ^ flags);
        for (var i = 3; i < tweak.Length; i++)
        {
            tweak[i] = tweak[i - 3];
        }

        Span<ulong> words = stackalloc ulong[Words];
        for (var i = 0; i < Words; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt64LittleEndian(block[(8 * i)..]);
        }

        var (a, b, c, d) = (words[0], words[1], words[2], words[3]);
        var (e, f, g, h) = (words[4], words[5], words[6], words[7]);
        for (var i = 0; ; i += 2)
        {
            Inject(i, key, tweak, ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);
            if (i == Injections - 1)
            {
                break;
            }

            Mix(ref a, ref b, 46, ref c, ref d, 36, ref e, ref f, 19, ref g, ref h, 37);
            Mix(ref c, ref b, 33, ref e, ref h, 27, ref g, ref f, 14, ref a, ref d, 42);
            Mix(ref e, ref b, 17, ref g, ref d, 49, ref a, ref f, 36, ref c, ref h, 39);
            Mix(ref g, ref b, 44, ref a, ref h, 9, ref c, ref f, 54, ref e, ref d, 56);
            Inject(i + 1, key, tweak, ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);
            Mix(ref a, ref b, 39, ref c, ref d, 30, ref e, ref f, 34, ref g, ref h, 24);
            Mix(ref c, ref b, 13, ref e, ref h, 50, ref g, ref f, 10, ref a, ref d, 17);
            Mix(ref e, ref b, 25, ref g, ref d, 29, ref a, ref f, 39, ref c, ref h, 43);
            Mix(ref g, ref b, 8, ref a, ref h, 35, ref c, ref f, 56, ref e, ref d, 22);
        }

        chain[0] = words[0] ^ a;
        chain[1] = words[1] ^ b;
        chain[2] = words[2] ^ c;
        chain[3] = words[3] ^ d;
        chain[4] = words[4] ^ e;
        chain[5] = words[5] ^ f;
        chain[6] = words[6] ^ g;
        chain[7] = words[7] ^ h;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Inject(
        int number,
        ReadOnlySpan<ulong> key,
        ReadOnlySpan<ulong> tweak,
        ref ulong a,
        ref ulong b,
        ref ulong c,
        ref ulong d,
        ref ulong e,
        ref ulong f,
        ref ulong g,
        ref ulong h)
    {
        var k = key.Slice(number, Words);
        a += k[0];
        b += k[1];
        c += k[2];
        d += k[3];
        e += k[4];
        f += k[5] + tweak[number];
        g += k[6] + tweak[number + 1];
        h += k[7] + (ulong)number;
    }

    // Four times: add, turn, xor.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(
        ref ulong a,
        ref ulong b,
        int turnB,
        ref ulong c,
        ref ulong d,
        int turnD,
        ref ulong e,
        ref ulong f,
        int turnF,
        ref ulong g,
        ref ulong h,
        int turnH)
    {
        a += b;
        b = BitOperations.RotateLeft(b, turnB) ^ a;
        c += d;
        d = BitOperations.RotateLeft(d, turnD) ^ c;
        e += f;
        f = BitOperations.RotateLeft(f, turnF) ^ e;
        g += h;
        h = BitOperations.RotateLeft(h, turnH) ^ g;
    }
}
